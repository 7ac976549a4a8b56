package browser

import (
	"context"
	_ "embed"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// View is a way in which a page is looked at: a window of so many pixels, by somebody who prefers a colour scheme ("light" or
// "dark"), on a medium ("screen" or "print").
type View struct {
	Name          string
	Width, Height int64
	Scheme, Media string
}

// The views.
var (
	Light = View{"light", 1200, 900, "light", "screen"}
	Dark  = View{"dark", 1200, 900, "dark", "screen"}
	Phone = View{"phone", 360, 740, "light", "screen"}
	Print = View{"print", 700, 1000, "light", "print"}

	Views = []View{Light, Dark, Phone, Print}
)

// Start starts a browser, for as long as the test lasts and two minutes at most, or skips the test.
func Start(t *testing.T) context.Context {
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

// LookAt has pages look from now on as they do in a view.
func LookAt(t *testing.T, ctx context.Context, view View) {
	t.Helper()
	media := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: view.Media,
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: view.Scheme}}})
		return err
	})
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(view.Width, view.Height), media))
}

// Open opens a page, and requires that it complains of nothing and asks for nothing but what a pattern allows.
func Open(t *testing.T, parent context.Context, address, allowed string) {
	t.Helper()
	ctx, stop := context.WithCancel(parent)
	console, requests := gather(chromedp.Console(ctx)), gather(chromedp.Events(ctx, network.RequestWillBeSent))
	require.NoError(t, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		return err
	}), chromedp.Navigate(address), chromedp.Sleep(100*time.Millisecond)))
	stop()
	for message := range console {
		t.Errorf("the browser says: %s", message)
	}
	count := 0
	for request := range requests {
		count++
		require.Regexp(t, allowed, request.Request.URL)
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

// OpenFile opens a page from a file, which asks for nothing but itself and what stands in it.
func OpenFile(t *testing.T, ctx context.Context, file string) {
	t.Helper()
	Open(t, ctx, "file://"+file, `^(file|data):`)
}

// Evaluate is the value of an expression in the page, or what it promises.
func Evaluate[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return value
}

//go:embed audit.js
var audit string

// Audit lists what keeps people from reading or using the page, "" if it finds nothing: see audit.js.
func Audit(t *testing.T, ctx context.Context) string {
	t.Helper()
	_, function, _ := strings.Cut(audit, "() => {")
	return Evaluate[string](t, ctx, "(() => {"+function+")()")
}

// Fits requires that the page does not scroll sideways as a whole.
func Fits(t *testing.T, ctx context.Context) {
	t.Helper()
	require.LessOrEqual(t, Evaluate[float64](t, ctx, "document.documentElement.scrollWidth - innerWidth"), 0.0, "the page must not scroll sideways as a whole")
}

// Screenshots names the environment's variable with a folder in which pages and their pictures are kept, to be looked at.
const Screenshots = "CLEAVE_SCREENSHOTS"

// Keep keeps a picture of the whole page, if Screenshots says where.
func Keep(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv(Screenshots)
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600))
}

// Picture writes a PNG of what is in the window, for docs/, once the part that a selector names is at its top.
func Picture(t *testing.T, ctx context.Context, part, file string) {
	t.Helper()
	const most = 200_000 // bytes
	Evaluate[chromedp.Void](t, ctx, "document.documentElement.style.scrollBehavior = 'auto'; document.querySelector('"+part+"').scrollIntoView()")
	require.NoError(t, chromedp.Do(ctx, chromedp.Sleep(time.Second)))
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	require.Less(t, len(picture), most)
	require.NoError(t, os.WriteFile(file, picture, 0o600))
}
