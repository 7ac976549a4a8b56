package reports_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"cleave/internal/browser"
	"cleave/reports"
)

// TestLivePages opens pages of runs in one browser, with their script at work and without it.
func TestLivePages(t *testing.T) {
	ctx := browser.Start(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, context.Context)
	}{
		{"link to a moment", linkToAMoment},
		{"link to a part", linkToAPart},
		{"names of faults in the stretch shown", namesOfFaults},
		{"evidence on a phone", evidenceOnAPhone},
		{"filter and keyboard", filterAndKeyboard},
		{"brush", brush},
		{"story is stepped through", storyIsSteppedThrough},
		{"hostile text in a browser", hostileTextInABrowser},
		{"print is still", printIsStill},
		{"run page is accessible", runPageIsAccessible},
		{"audit finds", auditFinds},
		{"long text on a phone", longTextOnAPhone},
		{"page without script", pageWithoutScript}, // the last: it stays without
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, ctx) })
	}
}

// livePage is a page of a run in a browser, with its script at work.
type livePage struct {
	t    *testing.T
	ctx  context.Context
	file string
}

// openLive opens the page of a run at a moment, and waits until its script has drawn it.
func openLive(t *testing.T, ctx context.Context, run reports.Run, moment string) livePage {
	t.Helper()
	browser.LookAt(t, ctx, browser.Light)
	return openAs(t, ctx, run, moment)
}

// openAs is the same on the screen that there is.
func openAs(t *testing.T, ctx context.Context, run reports.Run, moment string) livePage {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, []byte(runPage(t, run)), 0o600))
	p := livePage{t, ctx, file}
	browser.OpenFile(t, ctx, file+moment)
	require.NoError(t, chromedp.Do(ctx, chromedp.WaitReady("html[data-ready]")))
	return p
}

// text is what an expression gives once what was changed before it is drawn.
func (p livePage) text(expression string) string {
	p.t.Helper()
	drawn := fmt.Sprintf(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(String(%s)))))`, expression)
	words, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](drawn, chromedp.EvalAwaitPromise))
	require.NoError(p.t, err, expression)
	return words
}

func (p livePage) of(id string) string {
	return p.text(fmt.Sprintf(`document.getElementById(%q).textContent`, id))
}

func (p livePage) press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		for _, kind := range []string{"keyDown", "keyUp"} {
			params := input.DispatchKeyEventParams{Type: input.DispatchKeyEventType(kind), Key: key}
			require.NoError(p.t, chromedp.Do(p.ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
				_, err := chromedp.Call(ctx, input.DispatchKeyEvent, params)
				return err
			})))
		}
	}
}

func (p livePage) focus(id string) {
	p.t.Helper()
	require.Equal(p.t, id, p.text(fmt.Sprintf(`(document.getElementById(%q).focus(), document.activeElement.id)`, id)))
}

// A page opened at a moment shows it: the operation, the time, and what the nodes wrote around it.
func linkToAMoment(t *testing.T, ctx context.Context) {
	run := sampleReport(t)
	log, err := reports.ReadLog("n4", strings.NewReader("     1.000000 follows\n    12.000000 leads now\n    99.000000 far away\n"))
	require.NoError(t, err)
	run.Logs = []reports.Log{log}
	asked := run.History.Operations[900]
	p := openLive(t, ctx, run, fmt.Sprintf("#t=%.3fs&op=%d", asked.Invoked.Seconds(), asked.ID))
	require.Contains(t, p.of("chosen"), fmt.Sprintf("operation#%d", asked.ID))
	require.Equal(t, fmt.Sprintf("at %.3f s", asked.Invoked.Seconds()), p.of("tools-cursor"))
	require.Contains(t, p.text("location.hash"), fmt.Sprintf("op=%d", asked.ID))
	require.Less(t, p.text("Number(document.getElementById('time-to').value)"), "60")
	require.Contains(t, p.of("moment-facts"), "faults in force: halves-leader-minority")
	require.Contains(t, p.of("log-lines"), "12.000000 n4 leads now")
	require.Equal(t, "true", p.text("document.querySelector('.row[aria-selected=true]') !== null"), "the list has scrolled to it")
	p.text(`location.hash = "#t=3s"`)
	require.Equal(t, "at 3.000 s", p.of("tools-cursor"))
	p.text(`location.hash = "#op=999999"`)
	require.Contains(t, p.of("chosen"), "Operation #999999 is not among those in this page.")
}

// A page opened at a part of it shows that part, though what stands above it grows when the script draws.
func linkToAPart(t *testing.T, ctx context.Context) {
	run := sampleReport(t)
	asked := run.History.Operations[900]
	moment := fmt.Sprintf("#t=%.3fs", asked.Invoked.Seconds())
	defer browser.LookAt(t, ctx, browser.Light)
	for _, width := range []int64{1200, 360} {
		browser.LookAt(t, ctx, browser.View{Width: width, Height: 900, Scheme: "light", Media: "screen"})
		for address, part := range map[string]string{"#operations": "operations", "#promises": "promises", "#evidence-0": "evidence-0",
			moment: "time", fmt.Sprintf("%s&op=%d", moment, asked.ID): "operations"} {
			p := openAs(t, ctx, run, address)
			require.Regexp(t, `^-?\d\d?$`, p.text(fmt.Sprintf(`Math.round(document.getElementById(%q).getBoundingClientRect().top)`, part)),
				"%s, %d pixels wide: how far below the window's top", address, width)
		}
	}
}

// A fault that is not in the stretch of time shown is not named in it.
func namesOfFaults(t *testing.T, ctx context.Context) {
	p := openLive(t, ctx, sampleReport(t), "")
	p.text(`window.written = [], CanvasRenderingContext2D.prototype.fillText = (words) => { written.push(words); }`)
	for stretch, named := range map[string]string{"from=11&to=13": "true", "from=1&to=2": "false", "from=57&to=58": "false"} {
		p.text(fmt.Sprintf(`(written = [], location.hash = "#%s")`, stretch))
		require.Equal(t, "true "+named, p.text(`(written.length > 0) + " " + written.includes("halves-leader-minority")`), stretch)
	}
}

// Each sentence of the evidence names the node that answered; a phone is told that there is more of the picture.
func evidenceOnAPhone(t *testing.T, ctx context.Context) {
	p := openLive(t, ctx, sampleReport(t), "")
	const tags = `[...document.querySelectorAll("#evidence-0 .story li")].map((one) => one.querySelector(".by")?.textContent).join(", ")`
	require.Equal(t, "answered by n1, , answered by n1, answered by n1", p.text(tags), "nobody answered the second")
	const hint = `document.querySelector("#evidence-0 .sideways").checkVisibility()`
	require.Equal(t, "false", p.text(hint))
	browser.LookAt(t, ctx, browser.Phone)
	defer browser.LookAt(t, ctx, browser.Light)
	require.Equal(t, "true", p.text(hint))
}

func filterAndKeyboard(t *testing.T, ctx context.Context) {
	run := sampleReport(t)
	p := openLive(t, ctx, run, "")
	all, failed := len(run.History.Operations), 0
	for _, o := range run.History.Operations {
		if o.Outcome == "fail" {
			failed++
		}
	}
	said := func(n int) string {
		return p.text(fmt.Sprintf("document.getElementById('count').textContent.startsWith(Number(%d).toLocaleString('en-GB') + ' of ')", n))
	}
	require.Equal(t, "true", said(all))
	change := func(id, value string) {
		p.text(fmt.Sprintf(`((one) => {
			one.value = %q;
			for (const kind of ["input", "change"]) one.dispatchEvent(new Event(kind));
		})(document.getElementById(%q))`, value, id))
	}
	change("filter-outcome", "1")
	require.Equal(t, "true", said(failed))
	change("filter-text", "quorum-READ")
	require.Regexp(t, `^\d+ of`, p.of("count"))
	require.Equal(t, "true", p.text(`[...document.querySelectorAll(".row")].every((row) => /fail.*quorum-read/.test(row.textContent))`))
	change("filter-outcome", "-1")
	change("filter-text", fmt.Sprintf("#%d", run.History.Operations[5].ID))
	require.Equal(t, "true", said(1))
	change("filter-text", "nothing says this")
	require.Equal(t, "true", said(0))
	change("filter-text", "")
	require.Less(t, p.text("String(document.querySelectorAll('.row').length).padStart(4, '0')"), "0060", "only rows that can be seen are made")

	p.focus("list")
	p.press("ArrowDown", "ArrowDown")
	require.Contains(t, p.of("chosen"), fmt.Sprintf("operation#%d", run.History.Operations[1].ID))
	p.press("End")
	require.Contains(t, p.of("chosen"), fmt.Sprintf("operation#%d", run.History.Operations[all-1].ID))
	p.focus("time-all")
	p.press("+")
	const length = "document.getElementById('time-to').value - document.getElementById('time-from').value"
	closer := p.text(length)
	p.press("ArrowLeft")
	require.NotEmpty(t, p.of("tools-cursor"))
	p.press("0")
	require.NotEqual(t, closer, p.text(length))
	require.Equal(t, "true", said(all), "all is shown again")
}

// Dragging over a chart shows that stretch of time, and a double click all of it.
func brush(t *testing.T, ctx context.Context) {
	p := openLive(t, ctx, sampleReport(t), "")
	drag := `((canvas) => { const edge = canvas.getBoundingClientRect();
		for (const [kind, share] of [["pointerdown", 0.4], ["pointermove", 0.6], ["pointerup", 0.6]])
			canvas.dispatchEvent(new PointerEvent(kind, {clientX: edge.left + share * edge.width, clientY: edge.top + 50})); })`
	p.text(`(HTMLCanvasElement.prototype.setPointerCapture = () => {}, ` + drag + `(document.querySelector("#time canvas")))`)
	from, to := p.text("document.getElementById('time-from').value"), p.text("document.getElementById('time-to').value")
	require.Regexp(t, `^(19|20|21)\.`, from)
	require.Regexp(t, `^3[2-6]\.`, to)
	require.Contains(t, p.text("location.hash"), "from=")
	p.text(`document.querySelector("#time canvas").dispatchEvent(new MouseEvent("dblclick"))`)
	require.Equal(t, "0", p.text("document.getElementById('time-from').value"))
}

func storyIsSteppedThrough(t *testing.T, ctx context.Context) {
	p := openLive(t, ctx, storyReport(t), "")
	p.focus("story-next")
	p.press("ArrowRight", "ArrowRight")
	require.Regexp(t, `^2 of \d+: .+`, p.of("story-step"))
	p.press("End")
	last := p.of("story-step")
	require.Regexp(t, `^(\d+) of (\d+): `, last)
	p.press("ArrowRight")
	require.Equal(t, last, p.of("story-step"), "there is nothing after the end")
	require.Equal(t, "1", p.text("document.querySelectorAll('.step-now').length"))
}

// A history made to do harm is shown as text, in every part that the script makes too.
func hostileTextInABrowser(t *testing.T, ctx context.Context) {
	run := hostileRun(t, hostile)
	run.Logs = []reports.Log{{Name: hostile, Lines: []reports.LogLine{{At: 5, Text: hostile}}}}
	p := openLive(t, ctx, run, "#t=12s")
	p.focus("list")
	p.press("ArrowDown")
	for _, id := range []string{"list", "chosen", "log-lines", "moment-facts", "filter-client"} {
		require.Contains(t, p.of(id), "</script><img src=x onerror=alert(1)>", id)
		require.Contains(t, p.of(id), "⟨U+202E⟩", id)
	}
	require.Equal(t, "0 1", p.text(`document.querySelectorAll("img, iframe, object").length + " " + document.scripts.length`))
	require.Equal(t, "true", p.text("document.documentElement.scrollWidth <= innerWidth"))
	require.Empty(t, browser.Audit(t, ctx))
}

// The longest texts break no layout, on a phone either.
func longTextOnAPhone(t *testing.T, ctx context.Context) {
	p := openLive(t, ctx, hostileRun(t, strings.Repeat("many", 5_000)), "#t=12s")
	p.focus("list")
	p.press("ArrowDown")
	browser.LookAt(t, ctx, browser.Phone)
	wide := p.text(`[...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth &&
		!one.closest(".scroll, .list, pre")).map((one) => one.tagName + "." + one.className + "#" + one.id).slice(0, 5).join(" ")`)
	require.Empty(t, wide, "these are too wide")
	require.Equal(t, "true", p.text("document.documentElement.scrollWidth <= innerWidth"))
}

// On paper there are the still pictures of the whole run, and nothing to press.
func printIsStill(t *testing.T, ctx context.Context) {
	p := openLive(t, ctx, sampleReport(t), "")
	require.Equal(t, "false", p.text(`document.querySelector(".still svg").checkVisibility()`))
	browser.LookAt(t, ctx, browser.Print)
	require.Equal(t, "true", p.text(`document.querySelector(".still svg").checkVisibility()`))
	defer browser.LookAt(t, ctx, browser.Light)
	const controls = `[...document.querySelectorAll("canvas, button, input, select")]`
	require.Equal(t, "0", p.text(controls+".filter((one) => one.checkVisibility()).length"))
}

// Without its script the page has the same run, and no control that does nothing.
func pageWithoutScript(t *testing.T, ctx context.Context) {
	require.NoError(t, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})))
	file := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(file, []byte(runPage(t, sampleReport(t))), 0o600))
	browser.OpenFile(t, ctx, file)
	shown, err := chromedp.Run(ctx, chromedp.Evaluate[string](`
		[...document.querySelectorAll("button, input, select, .needs-script")].filter((one) => one.checkVisibility()).length + " " +
		document.querySelector("#time svg[role=img]").checkVisibility()`))
	require.NoError(t, err)
	require.Equal(t, "0 true", shown)
}
