package reports_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/browser"
	"cleave/reports"
)

var big = flag.Bool("big", false, "measure the pages of runs of 100,000 and 1,000,000 operations in a browser")

// The figures of large pages are printed, not judged: they are those of the machine.
func TestBigPages(t *testing.T) {
	if !*big {
		t.Skip("-big measures large pages")
	}
	ctx := browser.Start(t)
	for _, operations := range []int{100_000, 1_000_000} {
		run, file := bigReport(t, operations), filepath.Join(t.TempDir(), "big.html")
		began := time.Now()
		page := runPage(t, run)
		wrote := time.Since(began)
		require.Less(t, len(page), 10<<20)
		require.NoError(t, os.WriteFile(file, []byte(page), 0o600))
		require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1200, 900)))
		before := busy(t, ctx)
		began = time.Now()
		browser.OpenFile(t, ctx, file)
		require.NoError(t, chromedp.Do(ctx, chromedp.WaitVisible("html[data-ready]")))
		opened := time.Since(began)
		loaded := busy(t, ctx) - before
		timed := func(act string) string {
			before := busy(t, ctx)
			took, err := chromedp.Run(ctx, chromedp.Evaluate[float64](act, chromedp.EvalAwaitPromise))
			require.NoError(t, err)
			return fmt.Sprintf("%.0f ms (%.0f)", took, busy(t, ctx)-before)
		}
		ready, err := chromedp.Run(ctx, chromedp.Evaluate[float64]("Number(document.documentElement.dataset.ready)"))
		require.NoError(t, err)
		filtered := timed(timing + `timing(() => {
			const text = document.getElementById("filter-text");
			text.value = "12";
			text.dispatchEvent(new Event("input"));
		})`)
		closer := timed(timing + `timing(() => document.getElementById("time-closer").click())`)
		scrolled := timed(timing + `timing(() => { document.getElementById("list").scrollTop = 100000; })`)
		t.Logf("%d operations: %.2f MB, written in %v; opened in %v, interactive after %.0f ms, %.0f of the page's thread; "+
			"until the next frame was drawn (of its thread): filter %s, zoom %s, scroll %s", operations,
			float64(len(page))/1e6, wrote.Round(time.Millisecond), opened.Round(time.Millisecond),
			ready, loaded, filtered, closer, scrolled)
	}
}

// busy is how much processor time the thread of the page has used, in milliseconds: what a machine with others at work on it
// does not change.
func busy(t *testing.T, ctx context.Context) (milliseconds float64) {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if _, err := chromedp.Call(ctx, performance.Enable, performance.EnableParams{TimeDomain: "threadTicks"}); err != nil {
			return err
		}
		answer, err := chromedp.Call(ctx, performance.GetMetrics, cdp.Empty{})
		for _, metric := range answer.Metrics {
			if metric.Name == "TaskDuration" {
				milliseconds = 1000 * metric.Value
			}
		}
		return err
	})))
	return milliseconds
}

// timing measures how long it takes from an act until all that follows from it is drawn.
const timing = `function timing(act) { return new Promise((done) => requestAnimationFrame(() => {
	const began = performance.now();
	act();
	requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})); }
`

// bigReport is a run of many operations: a register under a cut, with values all different and one operation in twenty
// that fails or has no known end.
func bigReport(t testing.TB, operations int) reports.Run {
	run := sampleRun()
	h := &sampler{state: 3}
	h.event(0, history.Event{Type: history.RunEvent, Run: &run})
	h.event(0, history.Event{Type: history.PhaseEvent, Phase: history.Warmup})
	process := make([]int, len(run.Clients))
	for i := range process {
		process[i] = i
	}
	at := history.Time(0)
	for i := 0; i < operations; i += len(process) {
		for c := range process {
			ask := history.Event{Type: history.Invoke, Process: process[c], Client: run.Clients[c].Client,
				Function: history.Read, Key: fmt.Sprintf("k%d", h.draw(7))}
			if h.draw(2) == 0 {
				ask.Function, ask.Value = history.Write, history.Integer(int64(i+c))
			}
			at += history.Time(h.draw(200_000))
			h.event(at, ask)
		}
		for c := range process {
			began := h.events[len(h.events)-len(process)]
			answer := history.Event{Type: history.Ok, Process: process[c], Client: began.Client, Function: began.Function, Key: began.Key, Node: "n1"}
			if began.Function == history.Read {
				answer.Value = history.Integer(int64(h.draw(i + 1)))
			}
			if h.draw(20) == 0 {
				answer.Type, answer.Value, answer.Error, answer.Node = []history.Type{history.Fail, history.Info}[h.draw(2)], history.Nothing, "timeout", ""
			}
			at += history.Time(h.draw(1_000_000))
			h.event(at, answer)
			if answer.Type == history.Info {
				process[c] += len(process)
			}
		}
	}
	for i := range h.events {
		h.events[i].Index = i
	}
	made, err := history.New(h.events)
	require.NoError(t, err)
	return reports.Run{System: "cpstore", Workload: "register", Fault: "none", World: "sim", Seed: 3, Verdict: checker.Valid, History: made}
}
