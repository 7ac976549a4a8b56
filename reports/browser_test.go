package reports_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/browser"
)

// Every page opens from a file, asks for nothing and complains of nothing, does not scroll sideways, and nothing on it keeps
// anybody from reading or using it; also with everything unfolded.
func TestPagesInABrowser(t *testing.T) {
	ctx := browser.Start(t)
	folder := t.TempDir()
	if keep := os.Getenv(browser.Screenshots); keep != "" {
		folder = keep
	}
	for name, page := range map[string]string{
		"run": runPage(t, sampleReport(t)), "container": runPage(t, containerReport(t)), "story": runPage(t, storyReport(t)),
		"excerpt":    runPage(t, excerptReport(t)),
		"comparison": comparisonPage(t, sampleComparison()), "worlds": comparisonPage(t, sampleWorlds()),
		"courses": comparisonPage(t, courseComparison(t)), "answer": comparisonPage(t, answerComparison(t)),
		"sweep": sweepPage(t, sampleSweep(t)), "kills": killsPage(t, sampleKills()),
		"claims": claimsPage(t, sampleClaims("")),
	} {
		file := filepath.Join(folder, name+".html")
		require.NoError(t, os.WriteFile(file, []byte(page), 0o600))
		for _, view := range browser.Views {
			t.Run(name+"-"+view.Name, func(t *testing.T) {
				browser.LookAt(t, ctx, view)
				browser.OpenFile(t, ctx, file)
				browser.Fits(t, ctx)
				browser.Keep(t, ctx, name+"-"+view.Name)
				browser.Evaluate[any](t, ctx, `document.querySelectorAll("details").forEach(one => { one.open = true }); null`)
				browser.Fits(t, ctx)
				if view.Media == "screen" {
					require.Empty(t, browser.Audit(t, ctx))
				}
			})
		}
	}
}

// A picture of a page for docs/, as docs/reports.md says: of any page, a run's at a moment of it.
var (
	pictureOf = flag.String("picture-of", "", "take a picture of this page, by its absolute path, perhaps with #op=…")
	pictureTo = flag.String("picture-to", "", "as this PNG file")
	pictureAt = flag.String("picture-at", "main", "scrolled to this part of the page")
	tall      = flag.Int64("picture-tall", 1000, "so many pixels of it")
)

// TestPictureForTheDocs is a tool: it takes a picture.
func TestPictureForTheDocs(t *testing.T) {
	if *pictureOf == "" {
		t.Skip("-picture-of takes a picture of a page for docs/")
	}
	ctx := browser.Start(t)
	browser.LookAt(t, ctx, browser.View{Width: 1060, Height: *tall, Scheme: "light", Media: "screen"})
	browser.OpenFile(t, ctx, *pictureOf)
	browser.Picture(t, ctx, *pictureAt, *pictureTo)
}
