package reports_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/golden"
	"cleave/reports"
)

func shown(t testing.TB, run reports.Run, width int) string {
	t.Helper()
	var text bytes.Buffer
	require.NoError(t, reports.TerminalShow(&text, run, width, false))
	return text.String()
}

func TestShow(t *testing.T) {
	golden.Equal(t, "testdata/show.txt", shown(t, fixed(t), 80))
	golden.Equal(t, "testdata/showstory.txt", shown(t, storyReport(t), 100))
	var colored bytes.Buffer
	require.NoError(t, reports.TerminalShow(&colored, fixed(t), 80, true))
	require.Contains(t, colored.String(), "\x1b[")
	require.Equal(t, shown(t, fixed(t), 80), regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(colored.String(), ""))
}

// Whatever the width, no line is longer, but for what is there to be copied.
func TestShowFits(t *testing.T) {
	for _, width := range []int{40, 60, 80, 132, 250} {
		run := fixed(t)
		run.Folder, run.Replay = "", "cleave run --seed 7"
		require.LessOrEqual(t, widest(shown(t, run, width)), width)
	}
}

// Everything that the terminal is written fits 80 columns: that of a run, of a story, of a comparison, of a drawn run.
func TestTheTerminalFits(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for number, line := range strings.Split(string(text), "\n") {
			if copied := strings.HasPrefix(line, "folder: ") || strings.Contains(line, "--"); !copied && !strings.Contains(file, "showstory") {
				require.LessOrEqual(t, utf8.RuneCountInString(line), reports.Columns, "%s, line %d: %s", file, number+1, line)
			}
		}
	}
}

// hugeHistory is of a million operations of many clients under many faults, whose names are anybody's.
func hugeHistory(t testing.TB, operations int, evil string) *history.History {
	var events []history.Event
	add := func(event history.Event) {
		event.Index, event.Time = len(events), history.Time(len(events))*history.Time(time.Millisecond)
		events = append(events, event)
	}
	run := history.Run{System: "cpstore" + evil, Workload: "register", Seed: 1}
	for i := range 40 {
		run.Nodes = append(run.Nodes, fmt.Sprintf("n%d%s", i, evil))
	}
	add(history.Event{Type: history.RunEvent, Run: &run})
	for i := range 50 {
		add(history.Event{Type: history.FaultEvent, Fault: &history.Fault{ID: i, Kind: "kill" + evil, Stage: history.FaultStart, Detail: evil}})
	}
	outcomes := []history.Outcome{history.Ok, history.Fail, history.Ok}
	for i := range operations {
		event := history.Event{Type: history.Invoke, Process: i % 500, Client: fmt.Sprintf("c%d%s", i%500, evil), Function: history.Write,
			Key: "x" + evil, Value: history.Text(evil)}
		add(event)
		event.Type, event.Value = outcomes[i%3], history.Value{}
		add(event)
	}
	h, err := history.New(events)
	require.NoError(t, err)
	return h
}

// A run of anybody's text, and of a great many operations: bounded, and nothing in it moves the cursor or turns a line around.
func TestShowOfAHugeHostileRun(t *testing.T) {
	evil := "\x1b[2J\x07\u202e\u0000\xff" + strings.Repeat("w", 3000)
	h := hugeHistory(t, 30_000, evil)
	result := checker.Result{Checker: evil, Promise: evil, Reason: evil, Verdict: checker.Invalid,
		Witness: &checker.Witness{Key: evil, Operations: h.Operations[:300], Explanation: []string{evil, evil}}}
	run := reports.Run{System: evil, Workload: evil, Fault: evil, World: evil, Verdict: checker.Invalid, Version: evil, History: h,
		Promises: []checker.Result{result, result, result, result, result}, Replay: "cleave", Folder: "store",
		Story: &reports.Story{Title: evil, Sentences: []string{evil}}}
	text := shown(t, run, 80)
	require.LessOrEqual(t, widest(text), 80)
	require.Less(t, strings.Count(text, "\n"), 400)
	for _, r := range text {
		require.True(t, r == '\n' || unicode.IsPrint(r), "%U", r)
	}
	require.Contains(t, text, "476 further clients are not drawn")
	require.Contains(t, text, "38 further faults are not drawn")
	require.Contains(t, text, "28 further nodes are not drawn")
	require.Contains(t, text, "and 2 more, in the report")
	require.NotEmpty(t, shown(t, reports.Run{}, 0), "of nothing there is something to say")
}

func TestProgressFits(t *testing.T) {
	p := reports.Progress{Phase: "faults", Done: 23, Of: 60, Rate: 48.3, Faults: []string{"isolate-leader"}}
	require.Equal(t, "faults · 23 of 60 s · 48 ops/s · isolate-leader", p.Line(80))
	require.InDelta(t, 0.383, p.Ratio(), 0.001)
	p.Faults = []string{"a\x1b[31m", strings.Repeat("long", 100)}
	require.LessOrEqual(t, utf8.RuneCountInString(p.Line(79)), 79)
	require.NotContains(t, p.Line(79), "\x1b")
	require.Equal(t, "12 of 40 seeds · 3.2/s · found 1 · unknown 0 · coverage 7",
		reports.Progress{Phase: reports.PhaseSeeds, Done: 12, Of: 40, Rate: 3.21, Found: 1, Coverage: 7}.Line(79))
	require.Zero(t, reports.Progress{Done: 1}.Ratio())
	require.Equal(t, 1.0, reports.Progress{Done: 3, Of: 2}.Ratio())
}
