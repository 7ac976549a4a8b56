package reports_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/reports"
)

// shortRun is a run of cpstore with one operation, whose phases and end are at these instants; then comes a note of the world.
func shortRun(t *testing.T, phases [3]time.Duration, end time.Duration, kind string) reports.Run {
	t.Helper()
	var events []history.Event
	add := func(at time.Duration, event history.Event) {
		event.Index, event.Time = len(events), history.Time(at)
		events = append(events, event)
	}
	add(0, history.Event{Type: history.RunEvent, Run: &history.Run{System: "cpstore", Workload: "register", Seed: 1, Nodes: []string{"n1"},
		Clients: []history.Placement{{Client: "c1", Host: "n1"}}, Quorum: 1}})
	for i, phase := range []history.Phase{history.Warmup, history.Faults, history.Quiet} {
		add(phases[i], history.Event{Type: history.PhaseEvent, Phase: phase})
	}
	add(phases[2], history.Event{Type: history.Invoke, Client: "c1", Function: history.Read, Key: "x"})
	add(end, history.Event{Type: history.Ok, Client: "c1", Function: history.Read, Key: "x"})
	add(end, history.Event{Type: history.NoteEvent, Note: &history.Note{Node: "world", Kind: kind, Detail: "runaway: too many events a second"}})
	h, err := history.New(events)
	require.NoError(t, err)
	return reports.Run{System: "cpstore", Workload: "register", World: "sim", Verdict: "unknown", History: h}
}

// That a run ended before its time is said wherever its verdict is, near the top.
func TestARunThatEndedEarly(t *testing.T) {
	const said = "The run ended early, at 1.388 s: too many events a second."
	for kind, times := range map[string]int{"runaway": 1, "late": 0} {
		run := shortRun(t, [3]time.Duration{0, 1, 2}, 1388*time.Millisecond, kind)
		var terminal, markdown bytes.Buffer
		require.NoError(t, reports.TerminalRun(&terminal, run, false))
		require.NoError(t, reports.MarkdownRun(&markdown, run))
		for where, text := range map[string]string{"terminal": terminal.String(), "show": shown(t, run, 80), "job": markdown.String(),
			"page": runPage(t, run)} {
			top, _, _ := strings.Cut(text, "id=\"time\"")
			require.Equal(t, times, strings.Count(strings.ReplaceAll(top, "\\", ""), said), "%s of %s: %s", where, kind, top[max(0, len(top)-900):])
		}
	}
}

// However short a run is, the instants on its axis are told apart, and none is written over another.
func TestShownTimes(t *testing.T) {
	at := func(seconds float64) time.Duration { return time.Duration(seconds * float64(time.Second)) }
	for _, c := range []struct {
		phases [3]time.Duration
		end    time.Duration
		want   string
	}{
		{[3]time.Duration{0, at(1), at(1.15)}, at(1.5), "|0 s |1 s |1.15 s 1.5 s"},
		{[3]time.Duration{0, at(10), at(40) + 1}, at(59.97), "|0 s |10 s |40 s 60 s"},
		{[3]time.Duration{0, at(1), at(1.4)}, at(12.5), "|0 s | |1.4 s 12.5 s"},
		{[3]time.Duration{0, at(1), at(11)}, at(12.5), "|0 s |1 s | 12.5 s"},
		{[3]time.Duration{0, at(1), at(12)}, at(12.5), "|0 s |1 s 12.5 s"},
		{[3]time.Duration{0, at(0.0001), at(0.00025)}, at(0.0005), "|0 s |0.0001 s |0.00025 s 0.0005 s"},
	} {
		lines := strings.Split(shown(t, shortRun(t, c.phases, c.end, "late"), 80), "\n")
		for i, line := range lines {
			if strings.Contains(line, "|warm-up") || strings.Contains(line, "|w") {
				require.Equal(t, c.want, strings.Join(strings.Fields(lines[i+1]), " "), fmt.Sprint(c))
			}
		}
	}
}
