package reports_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/browser"
	"cleave/reports"
)

// Whoever cannot see well, or has no mouse, can use the page of a run: in light and dark, on a screen and on a phone.
func runPageIsAccessible(t *testing.T, ctx context.Context) {
	valid := sampleReport(t)
	valid.Verdict = "valid"
	for name, run := range map[string]reports.Run{"invalid": sampleReport(t), "valid": valid, "story": storyReport(t)} {
		p := openLive(t, ctx, run, "#t=12s")
		p.focus("list")
		p.press("ArrowDown")
		p.text(`document.querySelectorAll("details").forEach((one) => { one.open = true; })`)
		for _, view := range browser.Views[:3] {
			browser.LookAt(t, ctx, view)
			require.Empty(t, browser.Audit(t, ctx), "%s, %s", name, view.Name)
			require.Equal(t, "true", p.text("document.documentElement.scrollWidth <= innerWidth"), "%s, %s: it scrolls sideways", name, view.Name)
		}
	}
}

// The audit finds what it is there for.
func auditFinds(t *testing.T, ctx context.Context) {
	p := openLive(t, ctx, sampleReport(t), "")
	for harm, finds := range map[string]string{
		`(one => (one.removeAttribute("aria-label"), one.textContent = ""))(document.getElementById("time-later"))`: "no name: button#time-later",
		`document.querySelector("h2").outerHTML = "<h5>deep</h5>"`:                                                  "leaves out a level: h5 deep",
		`document.querySelector(".lead").style.color = "#999999"`:                                                   "contrast",
		`document.querySelector("footer span").id = "time"`:                                                         "twice: span#time",
		`document.getElementById("list").tabIndex = 5`:                                                              "order of focus: div#list",
	} {
		p.text(harm)
		require.Contains(t, browser.Audit(t, ctx), finds)
	}
}
