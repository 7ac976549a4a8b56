package reports_test

import (
	"context"
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
				media := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
					_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: v.media,
						Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}}})
					return err
				})
				require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(v.width, v.height), media))
				open(t, ctx, file)
				wide, err := chromedp.Run(ctx, chromedp.Evaluate[float64]("document.documentElement.scrollWidth - innerWidth"))
				require.NoError(t, err)
				require.LessOrEqual(t, wide, 0.0, "the page must not scroll sideways as a whole")
				picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(filepath.Join(folder, name+"-"+v.name+".png"), picture, 0o600))
			})
		}
	}
}

// open opens a page from its file and requires that it asks for nothing else and complains of
// nothing.
func open(t *testing.T, parent context.Context, file string) {
	t.Helper()
	ctx, stop := context.WithCancel(parent)
	console, requests := chromedp.Console(ctx), chromedp.Events(ctx, network.RequestWillBeSent)
	require.NoError(t, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		return err
	}), chromedp.Navigate("file://"+file), chromedp.Sleep(100*time.Millisecond)))
	stop()
	for message, err := range console {
		if err != nil {
			break
		}
		t.Errorf("the browser says: %s", message)
	}
	for request, err := range requests {
		if err != nil {
			break
		}
		require.Regexp(t, `^(file|data):`, request.Request.URL)
	}
}
