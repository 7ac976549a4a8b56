package serve

import (
	"context"
	"iter"
	"net/http/httptest"
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

// audit finds what keeps people from reading or using a page: controls without a name, an id twice, no heading or more than
// one, text of too little contrast to what is behind it.
const audit = `(() => {
  const found = [];
  const parse = (c) => (c.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  for (const e of document.querySelectorAll("a, button, input:not([type=hidden]), select, progress"))
    if (!(e.textContent.trim() && e.tagName !== "SELECT" || e.getAttribute("aria-label") || e.labels && e.labels.length))
      found.push("no name: " + e.outerHTML.slice(0, 80));
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  if (new Set(ids).size !== ids.length) found.push("an id twice: " + ids);
  if (document.querySelectorAll("h1").length !== 1) found.push("not one h1");
  if (!document.documentElement.lang) found.push("no language");
  for (const e of document.body.querySelectorAll("*")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()), style = getComputedStyle(e);
    if (!own || !e.getClientRects().length || style.clipPath !== "none") continue;
    const [a, b] = [light(parse(style.color)), light(behind(e))], ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) found.push("contrast " + ratio.toFixed(2) + ": " + e.outerHTML.slice(0, 80));
  }
  return found.join("\n");
})()`

func TestPagesInABrowser(t *testing.T) {
	ctx := browser(t)
	store := sampleStore(t)
	writeRun(t, store, "cpstore-register-flicker/20260106T030405006-1", "cpstore", "flicker", 1, "", "")
	write(t, store, "cpstore-register-flicker/20260106T030405006-1/progress.json", `{"phase":"faults","done":12,"of":60,"rate":41,"faults":["flicker"]}`)
	web := httptest.NewServer(open(t, Options{Store: store}))
	t.Cleanup(web.CloseClientConnections)
	pictures := os.Getenv("CLEAVE_SCREENSHOTS")
	const run, other = "cpstore-register-pause/20260102T030405006-7", "cpstore-register-kill-all/20260103T030405006-8"
	for name, path := range map[string]string{
		"serve": "/", "folder": "/folder/compare/20260104T030405006-1", "compare": "/compare?folder=" + run + "&folder=" + other,
		"delete": "/delete?folder=" + run,
	} {
		for _, v := range views {
			t.Run(name+"-"+v.name, func(t *testing.T) {
				media := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
					_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: v.media,
						Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: v.scheme}}})
					return err
				})
				require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(v.width, v.height), media))
				visit(t, ctx, web.URL, path)
				require.Empty(t, evaluate[string](t, ctx, audit))
				wide := evaluate[float64](t, ctx, "document.documentElement.scrollWidth - innerWidth")
				require.LessOrEqual(t, wide, 0.0, "the page must not scroll sideways as a whole")
				if pictures == "" {
					return
				}
				picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(filepath.Join(pictures, name+"-"+v.name+".png"), picture, 0o600))
			})
		}
	}
}

// However long a system's name is, the other columns are still in sight.
func TestALongNameInABrowser(t *testing.T) {
	ctx := browser(t)
	store := sampleStore(t)
	writeRun(t, store, "long/20260106T030405006-1", strings.Repeat("cpstore", 60), strings.Repeat("x", 400), 1, "valid", "fine")
	web := httptest.NewServer(open(t, Options{Store: store}))
	t.Cleanup(web.CloseClientConnections)
	for _, width := range []int64{1200, 360} {
		require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)))
		visit(t, ctx, web.URL, "/")
		require.LessOrEqual(t, evaluate[float64](t, ctx, `(([e]) => e.scrollWidth - e.clientWidth)(document.getElementsByClassName("scroll"))`), 0.0, width)
	}
}

// visit opens a page and requires that it asks for nothing of others and complains of nothing.
func visit(t *testing.T, parent context.Context, site, path string) {
	t.Helper()
	ctx, stop := context.WithCancel(parent)
	console := gather(chromedp.Console(ctx))
	requests := gather(chromedp.Events(ctx, network.RequestWillBeSent))
	require.NoError(t, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		return err
	}), chromedp.Navigate(site+path), chromedp.Sleep(100*time.Millisecond)))
	stop()
	for message := range console {
		t.Errorf("the browser says: %s", message)
	}
	count := 0
	for request := range requests {
		count++
		if address := request.Request.URL; !strings.HasPrefix(address, "data:") {
			require.True(t, strings.HasPrefix(address, site+"/"), address)
		}
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

func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return value
}

// sees waits for something to be true of the page, which may be another by then.
func sees(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	for range 400 {
		if value, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script)); err == nil && value {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("this does not come true: %s", script)
}

// Typing searches; a run under way is seen to go on and to end, without loading the page again.
func TestThePageIsAlive(t *testing.T) {
	ctx := browser(t)
	store := sampleStore(t)
	web := httptest.NewServer(open(t, Options{Store: store}))
	t.Cleanup(web.CloseClientConnections)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(web.URL), chromedp.Focus("#q"), chromedp.KeyEvent("past")))
	sees(t, ctx, `document.querySelectorAll("#list tbody tr").length === 1 && location.search.includes("q=past")`)
	const path = "cpstore-register-flicker/20260106T030405006-1"
	writeRun(t, store, path, "cpstore", "flicker", 1, "", "")
	write(t, store, path+"/progress.json", `{"phase":"faults","done":12,"of":60,"rate":41,"faults":["flicker"]}`)
	sees(t, ctx, `document.getElementById("running").textContent.includes("12 of 60 s · 41 ops/s · flicker")`)
	write(t, store, path+"/progress.json", `{"phase":"quiet","done":50,"of":60,"rate":41}`)
	sees(t, ctx, `document.getElementById("running").textContent.includes("quiet · 50 of 60 s")`)
	write(t, store, path+"/verdict.json", `{"verdict":"invalid","promises":[{"promise":"p","verdict":"invalid","reason":"from the past"}]}`)
	sees(t, ctx, `document.getElementById("running").textContent.trim() === "" && document.querySelectorAll("#list tbody tr").length === 2`)
}

// A report that is out for harm can read nothing of ours and delete nothing, though it is served by us.
func TestAHostileReport(t *testing.T) {
	ctx := browser(t)
	store := sampleStore(t)
	const path = "cpstore-register-pause/20260102T030405006-7"
	write(t, store, path+"/report.html", `<!doctype html><title>waiting</title><body><script>
	  (async () => {
	    const got = [];
	    for (const [what, act] of Object.entries({
	      fetch: async () => (await fetch("/delete?folder=`+path+`")).text(),
	      post: async () => (await fetch("/delete", {method: "POST", mode: "no-cors", body: new URLSearchParams({folder: "`+path+`"})})).type,
	      cookie: async () => { document.cookie = "a=b"; return document.cookie; },
	      frame: async () => {
	        const f = document.createElement("iframe"); f.src = "/"; document.body.append(f);
	        await new Promise((r) => setTimeout(r, 300)); return f.contentDocument.title; },
	    })) try { got.push(what + " " + await act()); } catch {}
	    document.title = "tried:" + got.join();
	  })();
	</script>`)
	web := httptest.NewServer(open(t, Options{Store: store}))
	t.Cleanup(web.CloseClientConnections)
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(web.URL+"/store/"+path+"/report.html")))
	sees(t, ctx, `document.title.startsWith("tried")`)
	title := evaluate[string](t, ctx, "document.title")
	require.Equal(t, "tried:", title, "and gets something")
	require.FileExists(t, filepath.Join(store, path, "plan.json"))
}

// Delete asks first, by keyboard too.
func TestDeleteInABrowser(t *testing.T) {
	ctx := browser(t)
	store := sampleStore(t)
	web := httptest.NewServer(open(t, Options{Store: store}))
	t.Cleanup(web.CloseClientConnections)
	const path = "cpstore-register-pause/20260102T030405006-7"
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(web.URL), chromedp.Focus(`input[value="`+path+`"]`), chromedp.KeyEvent(" "),
		chromedp.Focus(`button[formaction="/delete"]`), chromedp.KeyEvent("\r")))
	sees(t, ctx, `location.pathname === "/delete" && document.querySelector("h1").textContent === "Delete 1 folder?"`)
	require.FileExists(t, filepath.Join(store, path, "plan.json"))
	require.NoError(t, chromedp.Do(ctx, chromedp.Focus("button.danger"), chromedp.KeyEvent("\r")))
	sees(t, ctx, `location.pathname === "/" && !document.querySelector('input[value="`+path+`"]')`)
	require.NoFileExists(t, filepath.Join(store, path, "plan.json"))
}
