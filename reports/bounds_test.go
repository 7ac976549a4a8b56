package reports_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
	"cleave/reports"
)

// A long run with many of everything still makes a page of a few megabytes that says what it left
// out.
func TestPagesAreBounded(t *testing.T) {
	run := sampleRun()
	events := []history.Event{{Type: history.RunEvent, Run: &run}}
	add := func(event history.Event) {
		event.Index = len(events)
		event.Time = history.Time(event.Index) * 5_000_000
		events = append(events, event)
	}
	var witness checker.Witness
	for i := range 60_000 {
		ask := history.Event{Type: history.Invoke, Process: i, Client: fmt.Sprintf("c%d", i%10+1),
			Function: history.Function(fmt.Sprintf("function %d", i%40)), Key: "k", Value: history.Integer(int64(i))}
		answer := ask
		answer.Type = []history.Type{history.Ok, history.Fail, history.Info}[i%3]
		add(ask)
		add(answer)
		switch {
		case i%20 == 0:
			stage := []history.Stage{history.FaultStart, history.FaultChange, history.FaultEnd}[i/20%3]
			add(history.Event{Type: history.FaultEvent, Fault: &history.Fault{ID: i / 60, Kind: "flapping",
				Stage: stage, Nodes: []string{"n1"}, Detail: "n1 is cut off"}})
		case i%20 == 10:
			add(history.Event{Type: history.NoteEvent, Note: &history.Note{Node: fmt.Sprintf("n%d", i%50), Kind: "start"}})
		}
		witness.Operations = append(witness.Operations, history.Operation{ID: i, Client: ask.Client, Function: history.Read,
			Invoked: history.Time(i), Completed: history.Time(i + 5), Outcome: history.Ok})
		witness.Explanation = append(witness.Explanation, "so it was")
	}
	h, err := history.New(events)
	require.NoError(t, err)
	report := reports.Run{History: h, Verdict: checker.Invalid}
	for i := range 600 {
		report.Promises = append(report.Promises, checker.Result{Checker: fmt.Sprint("checker ", i), Verdict: checker.Invalid, Witness: &witness,
			Measures: []checker.Measure{{Name: fmt.Sprint("measure ", i), Phase: fmt.Sprint("phase ", i)}}})
		report.Options = append(report.Options, reports.Option{Name: fmt.Sprint("option ", i)})
	}
	page := runPage(t, report)
	require.Less(t, len(page), 10<<20)
	requireWellFormed(t, parse(t, page))
	for _, note := range []string{"further operations are not drawn", "Only the first 300 of", "further faults are not shown", "further options are not shown",
		"further rows are not drawn", "further sentences not shown", "Only the first 8 witnesses", "further notes are not shown",
		"Only the first 400 properties", "Only the first 40 checkers"} {
		require.True(t, strings.Contains(page, note), note)
	}
}

// A history may end at the last instant that there is: its page is as bounded as any.
func TestAnEndAtTheLastInstant(t *testing.T) {
	run := sampleRun()
	h, err := history.New([]history.Event{
		{Type: history.RunEvent, Run: &run},
		{Index: 1, Type: history.Invoke, Client: "c1", Function: history.Read, Key: "k"},
		{Index: 2, Time: history.Forever, Type: history.Ok, Client: "c1", Function: history.Read, Key: "k", Value: history.Integer(1)},
	})
	require.NoError(t, err)
	page := runPage(t, reports.Run{History: h, Verdict: checker.Valid})
	require.Less(t, len(page), 1<<20)
	require.Contains(t, page, `class="tick"`)
	require.Less(t, strings.Count(page, `class="tick"`), 200)
	requireWellFormed(t, parse(t, page))
}
