package reports_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/reports"
)

// audit looks through a page for what keeps people from reading or using it; "" if it finds nothing. See testdata/audit.js.
func (p livePage) audit() string {
	p.t.Helper()
	script, err := os.ReadFile("testdata/audit.js")
	require.NoError(p.t, err)
	_, function, _ := strings.Cut(string(script), "() => {")
	return p.text("(() => {" + function + ")()")
}

// Whoever cannot see well, or has no mouse, can use the page of a run: in light and dark, on a screen and on a phone.
func runPageIsAccessible(t *testing.T, ctx context.Context) {
	valid := sampleReport(t)
	valid.Verdict = "valid"
	for name, run := range map[string]reports.Run{"invalid": sampleReport(t), "valid": valid, "story": storyReport(t)} {
		p := openLive(t, ctx, run, "#t=12s")
		p.focus("list")
		p.press("ArrowDown")
		p.text(`document.querySelectorAll("details").forEach((one) => { one.open = true; })`)
		for _, v := range views[:3] {
			lookAt(t, ctx, v.width, v.height, v.media, v.scheme)
			require.Empty(t, p.audit(), "%s, %s", name, v.name)
			require.Equal(t, "true", p.text("document.documentElement.scrollWidth <= innerWidth"), "%s, %s: it scrolls sideways", name, v.name)
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
		require.Contains(t, p.audit(), finds)
	}
}
