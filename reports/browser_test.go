package reports_test

import (
	"context"
	"flag"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// screenshots names a folder in which the pages and their pictures are kept, to be looked at.
const screenshots = "CLEAVE_SCREENSHOTS"

// browser starts a headless Chromium, or skips.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium here, so the pages are not opened in a browser")
	}
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(chromedp.ExecPath(path), chromedp.NoSandbox))
	t.Cleanup(end)
	return ctx
}

// views are the ways in which each page is looked at.
var views = []struct {
	name          string
	width, height int64
	scheme, media string
}{
	{"light", 1200, 900, "light", "screen"},
	{"dark", 1200, 900, "dark", "screen"},
	{"phone", 360, 740, "light", "screen"},
	{"print", 700, 1000, "light", "print"},
}

func TestPagesInABrowser(t *testing.T) {
	ctx := browser(t)
	folder := t.TempDir()
	if keep := os.Getenv(screenshots); keep != "" {
		folder = keep
	}
	for name, page := range map[string]string{
		"run": runPage(t, sampleReport(t)), "container": runPage(t, containerReport(t)), "story": runPage(t, storyReport(t)),
		"comparison": comparisonPage(t, sampleComparison()), "worlds": comparisonPage(t, sampleWorlds()),
	} {
		file := filepath.Join(folder, name+".html")
		require.NoError(t, os.WriteFile(file, []byte(page), 0o600))
		for _, v := range views {
			t.Run(name+"-"+v.name, func(t *testing.T) {
				lookAt(t, ctx, v.width, v.height, v.media, v.scheme)
				open(t, ctx, file)
				wide, err := chromedp.Run(ctx, chromedp.Evaluate[float64]("document.documentElement.scrollWidth - innerWidth"))
				require.NoError(t, err)
				require.LessOrEqual(t, wide, 0.0, "the page must not scroll sideways as a whole")
				if os.Getenv(screenshots) == "" {
					return
				}
				picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(filepath.Join(folder, name+"-"+v.name+".png"), picture, 0o600))
			})
		}
	}
}

// A picture of a page for docs/, as docs/reports.md says: of a report, at a moment of it, in a window of so many pixels.
var (
	pictureOf = flag.String("picture-of", "", "take a picture of this report, by its absolute path, perhaps with #op=…")
	pictureTo = flag.String("picture-to", "", "as this PNG file")
	pictureAt = flag.String("picture-at", "#time", "scrolled to this part of the page")
)

func TestPictureForTheDocs(t *testing.T) {
	if *pictureOf == "" {
		t.Skip("-picture-of takes a picture of a report for docs/")
	}
	ctx := browser(t)
	lookAt(t, ctx, 1060, 980, "screen", "light")
	open(t, ctx, *pictureOf)
	scroll := fmt.Sprintf("document.documentElement.style.scrollBehavior = 'auto'; document.querySelector(%q).scrollIntoView()", *pictureAt)
	require.NoError(t, chromedp.Do(ctx, chromedp.WaitReady("html[data-ready]"), chromedp.Evaluate[chromedp.Void](scroll), chromedp.Sleep(time.Second)))
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	require.Less(t, len(picture), 200_000)
	require.NoError(t, os.WriteFile(*pictureTo, picture, 0o600))
}

// lookAt has pages look as they do on such a screen, or on paper, of somebody who prefers light or dark.
func lookAt(t *testing.T, ctx context.Context, width, height int64, media, scheme string) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, height), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media,
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	})))
}

// open opens a page from its file and requires that it asks for nothing else and complains of
// nothing.
func open(t *testing.T, parent context.Context, file string) {
	t.Helper()
	ctx, stop := context.WithCancel(parent)
	console, requests := gather(chromedp.Console(ctx)), gather(chromedp.Events(ctx, network.RequestWillBeSent))
	require.NoError(t, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		return err
	}), chromedp.Navigate("file://"+file), chromedp.Sleep(100*time.Millisecond)))
	stop()
	for message := range console {
		t.Errorf("the browser says: %s", message)
	}
	count := 0
	for request := range requests {
		count++
		require.Regexp(t, `^(file|data):`, request.Request.URL)
	}
	require.Positive(t, count, "it asked for the page at least")
}

// gather takes what comes as it comes, and gives it when no more does.
func gather[T any](source iter.Seq2[T, error]) <-chan T {
	const most = 1000
	all := make(chan T, most)
	go func() {
		defer close(all)
		for one, err := range source {
			if err != nil {
				return
			}
			all <- one
		}
	}()
	return all
}
