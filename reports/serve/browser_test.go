package serve

import (
	"context"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cleave/internal/browser"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

func TestPagesInABrowser(t *testing.T) {
	ctx := browser.Start(t)
	store := sampleStore(t)
	writeRun(t, store, "cpstore-register-flicker/20260106T030405006-1", "cpstore", "flicker", 1, "", "")
	write(t, store, "cpstore-register-flicker/20260106T030405006-1/progress.json", `{"phase":"faults","done":12,"of":60,"rate":41,"faults":["flicker"]}`)
	web := httptest.NewServer(open(t, Options{Store: store}))
	t.Cleanup(web.CloseClientConnections)
	const run, other = "cpstore-register-pause/20260102T030405006-7", "cpstore-register-kill-all/20260103T030405006-8"
	for name, path := range map[string]string{
		"serve": "/", "folder": "/folder/compare/20260104T030405006-1", "compare": "/compare?folder=" + run + "&folder=" + other,
		"delete": "/delete?folder=" + run,
	} {
		for _, view := range browser.Views {
			t.Run(name+"-"+view.Name, func(t *testing.T) {
				browser.LookAt(t, ctx, view)
				visit(t, ctx, web.URL, path)
				require.Empty(t, browser.Audit(t, ctx))
				browser.Fits(t, ctx)
				browser.Keep(t, ctx, name+"-"+view.Name)
			})
		}
	}
}

// However long a system's name is, the other columns are still in sight.
func TestALongNameInABrowser(t *testing.T) {
	ctx := browser.Start(t)
	store := sampleStore(t)
	writeRun(t, store, "long/20260106T030405006-1", strings.Repeat("cpstore", 60), strings.Repeat("x", 400), 1, "valid", "fine")
	web := httptest.NewServer(open(t, Options{Store: store}))
	t.Cleanup(web.CloseClientConnections)
	for _, width := range []int64{1200, 360} {
		require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(width, 900)))
		visit(t, ctx, web.URL, "/")
		require.LessOrEqual(t,
			browser.Evaluate[float64](t, ctx, `(([e]) => e.scrollWidth - e.clientWidth)(document.getElementsByClassName("scroll"))`), 0.0, width)
	}
}

// visit opens a page of a site, which asks for nothing beyond it.
func visit(t *testing.T, ctx context.Context, site, path string) {
	t.Helper()
	browser.Open(t, ctx, site+path, "^(data:|"+regexp.QuoteMeta(site)+"/)")
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
	ctx := browser.Start(t)
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
	ctx := browser.Start(t)
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
	title := browser.Evaluate[string](t, ctx, "document.title")
	require.Equal(t, "tried:", title, "and gets something")
	require.FileExists(t, filepath.Join(store, path, "plan.json"))
}

// Delete asks first, by keyboard too.
func TestDeleteInABrowser(t *testing.T) {
	ctx := browser.Start(t)
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
