package reports_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/reports"
)

// courseComparison is the sample with what its runs were like over time, calls, and an earlier comparison beside it.
func courseComparison(t testing.TB) reports.Comparison {
	c := sampleComparison()
	c.Faults = c.Faults[:3]
	c.Cells = slices.DeleteFunc(c.Cells, func(cell reports.Cell) bool {
		return !slices.ContainsFunc(c.Faults, func(fault reports.Subject) bool { return fault.Name == cell.Fault })
	})
	against := slices.Clone(c.Cells)
	against[0].Promises = slices.Clone(against[0].Promises)
	against[0].Promises[0].Verdict = checker.Invalid
	c.Against = &reports.Against{Folder: "store/compare/before", Cells: against, Margin: reports.Margin{Points: 10, Factor: 2}}
	course := reports.CourseOf(sampleReport(t))
	for i := range c.Cells {
		cell := &c.Cells[i]
		cell.Course = course
		if cell.Workload != "discovery" {
			continue
		}
		reached := []float64{0.876, 0.48, 0.876}[i%3]
		cell.Measured = append(cell.Measured, checker.Result{Checker: "calls", Verdict: checker.Valid, Reason: "measured", Measures: []checker.Measure{
			part("calls reached", "majority", reached), part("calls reached with a retry", "majority", 0.976),
			part("calls that could reach", "majority", 0.99), part("calls reached", "minority", 0.014)}})
	}
	broken := slices.IndexFunc(c.Cells, func(cell reports.Cell) bool { return cell.System == "cachedcp" && cell.Workload == "discovery" })
	c.Cells[broken].Verdict, c.Cells[broken].Promises[0].Verdict = checker.Invalid, checker.Invalid
	return c
}

// A picture of a page for docs/, such as docs/sweep.png: of a sweep or a comparison, from one part of it on.
var (
	sweepOf = flag.String("sweep-of", "", "take a picture of this page of a sweep or a comparison, by its absolute path")
	sweepTo = flag.String("sweep-to", "", "as this PNG file")
	sweepAt = flag.String("sweep-at", "main", "scrolled to this part of the page")
)

func TestSweepPictureForTheDocs(t *testing.T) {
	if *sweepOf == "" {
		t.Skip("-sweep-of takes a picture of the page of a sweep or a comparison for docs/")
	}
	ctx := browser(t)
	lookAt(t, ctx, 1060, 1200, "screen", "light")
	open(t, ctx, *sweepOf)
	scroll := fmt.Sprintf("document.documentElement.style.scrollBehavior = 'auto'; document.querySelector(%q).scrollIntoView()", *sweepAt)
	require.NoError(t, chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](scroll), chromedp.Sleep(time.Second)))
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	require.Less(t, len(picture), 200_000)
	require.NoError(t, os.WriteFile(*sweepTo, picture, 0o600))
}

// The pages of sweeps and comparisons open from a file, ask for nothing and complain of nothing, do not scroll sideways, and
// nothing on them keeps anybody from reading or using them, in light and dark and on a phone. With everything unfolded.
func TestSweepAndComparisonInABrowser(t *testing.T) {
	ctx := browser(t)
	folder := t.TempDir()
	if keep := os.Getenv(screenshots); keep != "" {
		folder = keep
	}
	script, err := os.ReadFile("testdata/audit.js")
	require.NoError(t, err)
	_, audit, found := strings.Cut(string(script), "() => {")
	require.True(t, found)
	for name, page := range map[string]string{"sweep": sweepPage(t, sampleSweep(t)), "kills": killsPage(t, sampleKills()),
		"courses": comparisonPage(t, courseComparison(t))} {
		file := filepath.Join(folder, name+".html")
		require.NoError(t, os.WriteFile(file, []byte(page), 0o600))
		for _, v := range views {
			t.Run(name+"-"+v.name, func(t *testing.T) {
				lookAt(t, ctx, v.width, v.height, v.media, v.scheme)
				open(t, ctx, file)
				require.LessOrEqual(t, evaluate[float64](t, ctx, "document.documentElement.scrollWidth - innerWidth"), 0.0, "it scrolls sideways")
				if os.Getenv(screenshots) != "" {
					picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
					require.NoError(t, err)
					require.NoError(t, os.WriteFile(filepath.Join(folder, name+"-"+v.name+".png"), picture, 0o600))
				}
				evaluate[chromedp.Void](t, ctx, `document.querySelectorAll("details").forEach(one => { one.open = true })`)
				require.LessOrEqual(t, evaluate[float64](t, ctx, "document.documentElement.scrollWidth - innerWidth"), 0.0, "unfolded it scrolls sideways")
				if v.media == "screen" {
					require.Empty(t, evaluate[string](t, ctx, "(() => {"+audit+")()"))
				}
			})
		}
	}
}

func evaluate[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	result, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	require.NoError(t, err)
	return result
}
