package reports

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
)

func TestDifference(t *testing.T) {
	for _, c := range []struct {
		unit       checker.Unit
		one, other float64
		words      string
		far        bool
	}{
		{checker.Ratio, 0.5, 0.6, "+10.0 points", false},
		{checker.Ratio, 0.5, 0.61, "+11.0 points", true},
		{checker.Ratio, 0.9, 0.1, "−80.0 points", true},
		{checker.Ratio, 1, 1, "none", false},
		{checker.Milliseconds, 1, 400, "+399 ms, ×400", false},
		{checker.Milliseconds, 1000, 1900, "+900 ms", false},
		{checker.Milliseconds, 1000, 2100, "+1.10 s, ×2.1", true},
		{checker.Milliseconds, 2100, 1000, "−1.10 s, ÷2.1", true},
		{checker.Milliseconds, 0, 501, "+501 ms", true},
		{checker.Count, 0, 2, "+2", false},
		{checker.Count, 0, 3, "+3", true},
		{checker.Count, 40, 60, "+20", false},
		{checker.Ratio, math.NaN(), 1, "?", false},
		{checker.Milliseconds, 1, math.Inf(1), "?", false},
	} {
		words, far := worldsApart.difference(checker.Measure{Value: c.one, Unit: c.unit}, checker.Measure{Value: c.other, Unit: c.unit})
		require.Equal(t, c.words, words)
		require.Equal(t, c.far, far, c.words)
	}
}

// The worlds of a system stay beside each other where they fit.
func TestTogether(t *testing.T) {
	columns := func(systems string) []column {
		var all []column
		for _, system := range systems {
			all = append(all, column{system: string(system)})
		}
		return all
	}
	require.Equal(t, 2, together(columns("aabbcc"), 0))
	require.Equal(t, 4, together(columns("aabbcc"), 2))
	require.Equal(t, 1, together(columns("abbcc"), 0), "b stays together")
	require.Equal(t, 2, together(columns("aaaaa"), 0), "too many to stay together")
	require.Equal(t, 2, together(columns("abcd"), 0))
	require.Equal(t, 4, together(columns("abcd"), 3))
}

func TestSize(t *testing.T) {
	for bytes, words := range map[int64]string{0: "0 bytes", 1: "1 byte", 999: "999 bytes", 1500: "1.5 kB", 36_000_000: "36 MB",
		999_600: "1.0 MB", 5_000_000_000_000: "5,000 GB"} {
		require.Equal(t, words, size(bytes))
	}
}

// A node that ends by itself leads no more and is down until it starts; one that a fault ended is down
// until the fault is over, whatever is noted of it.
//
//	fault      |-----down-----|
//	notes   ^leads ^kill  ^start    ^exit  ^start
func TestNodesThatEnd(t *testing.T) {
	note := func(at history.Time, kind string) history.Event {
		return history.Event{Time: at, Type: history.NoteEvent, Note: &history.Note{Node: "n1", Kind: kind}}
	}
	fault := func(at history.Time, stage history.Stage, down ...string) history.Event {
		return history.Event{Time: at, Type: history.FaultEvent, Fault: &history.Fault{Stage: stage, After: history.Connectivity{Down: down, Full: down}}}
	}
	events := []history.Event{note(1, "leader"), note(10, "kill"), fault(11, history.FaultStart, "n1"), note(15, "start"),
		fault(20, history.FaultEnd), note(21, "start"), note(25, "leader"), note(30, "exit"), note(40, "start"),
		note(45, "leader"), note(50, "halt"), note(51, "exit"), note(55, "start")}
	for i := range events {
		events[i].Index = i
	}
	h, err := history.New(events)
	require.NoError(t, err)
	spans := map[string][]interval{}
	for _, state := range statesOf(h, "n1") {
		spans[state.kind] = append(spans[state.kind], state.span)
	}
	require.Equal(t, map[string][]interval{"leader": {{1, 10}, {25, 30}, {45, 50}}, "down": {{10, 20}, {30, 40}, {50, 55}}, "full": {{11, 20}},
		"kill": {{10, 10}}, "exit": {{30, 30}, {50, 50}, {51, 51}}, "start": {{15, 15}, {21, 21}, {40, 40}, {55, 55}}}, spans)
}

// A promise that was judged in one world only is shown if it was not kept there.
func TestPromisesOfOneWorld(t *testing.T) {
	promise := func(name string, verdict checker.Verdict) checker.Result {
		return checker.Result{Checker: name, Verdict: verdict, Reason: "because"}
	}
	one := &Cell{Promises: []checker.Result{promise("a", checker.Valid), promise("b", checker.Valid), promise("c", checker.Invalid)}}
	other := &Cell{Promises: []checker.Result{promise("a", checker.Valid), promise("c", checker.Valid), promise("end", checker.Unknown)}}
	rows, same := promiseRows(one, other)
	require.Equal(t, 1, same)
	var seen [][4]string
	for _, row := range rows {
		seen = append(seen, [4]string{row.Label, row.Values[0].Text, row.Values[1].Text, row.Difference})
	}
	require.Equal(t, [][4]string{{"b", "✓ kept", "not judged", "in one world only"}, {"c", "✗ BROKEN", "✓ kept", "another verdict"},
		{"end", "not judged", "? unknown", "in one world only"}}, seen)
	require.Equal(t, []bool{false, true, true}, []bool{rows[0].Differs, rows[1].Differs, rows[2].Differs})
	var sum agreement
	for _, row := range rows {
		sum.count(row, &sum.promises, &sum.broken)
	}
	require.Equal(t, agreement{promises: 1, broken: 1, lone: 2}, sum)
}
