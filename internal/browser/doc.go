// Package browser opens pages in a headless Chromium, as people see them, and finds what keeps people from reading or using
// them. Only tests import it; without a Chromium they skip, and say so.
//
//	ctx := browser.Start(t)
//	for _, view := range browser.Views {
//		browser.LookAt(t, ctx, view)
//		browser.Open(t, ctx, "file:///tmp/report.html", "^(file|data):") // it asks for nothing else, and complains of nothing
//		require.Empty(t, browser.Audit(t, ctx))
//	}
//
// A map of the files: browser.go has all of it; audit.js is what runs in the page.
package browser
