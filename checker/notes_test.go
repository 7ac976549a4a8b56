package checker

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// withNotes is a history of notes, and before them of a fault that leaves the disks of some nodes full.
func withNotes(t *testing.T, full []string, notes ...history.Note) *history.History {
	t.Helper()
	events := []history.Event{
		{Type: history.RunEvent, Run: &history.Run{System: "s", Workload: "w", Nodes: []string{"n1", "n2"}}},
		{Index: 1, Time: 1, Type: history.FaultEvent, Fault: &history.Fault{Kind: "full-disk", Stage: history.FaultStart, Detail: "full",
			After: history.Connectivity{Full: full}}},
	}
	for i, note := range notes {
		events = append(events, history.Event{Index: i + 2, Time: history.Time(i+2) * history.Time(time.Second), Type: history.NoteEvent, Note: &note})
	}
	h, err := history.New(events)
	require.NoError(t, err)
	return h
}

// A process that ends by itself breaks an invariant, unless its own disk was full or damaged.
func TestExits(t *testing.T) {
	exit := history.Note{Node: "n1", Kind: "exit", Detail: "exit code 1: no snapshot"}
	result := NoPanic{}.Check(withNotes(t, nil, exit, exit), Budget{})
	require.Equal(t, Invalid, result.Verdict)
	require.Equal(t, []string{"n1 ended by itself, 2 times, at 2.000 s first: exit code 1: no snapshot"}, result.Witness.Explanation)
	require.Equal(t, Valid, NoPanic{}.Check(withNotes(t, []string{"n1"}, exit), Budget{}).Verdict)
	require.Equal(t, Invalid, NoPanic{}.Check(withNotes(t, []string{"n2"}, exit), Budget{}).Verdict, "another's disk is no excuse")
	damaged := withNotes(t, nil, exit)
	damaged.Faults()[0].Fault.After.Ailing = []string{"n1"}
	require.Equal(t, Valid, NoPanic{}.Check(damaged, Budget{}).Verdict)
	require.Equal(t, Valid, NoPanic{}.Check(withNotes(t, nil), Budget{}).Verdict)
}

// A program that says what makes no sense breaks the protocol, and the first time is told.
func TestProtocolBreaches(t *testing.T) {
	breach := history.Note{Node: "n2", Kind: "protocol", Detail: `line 7 of its output is no message, "hello": it is no JSON`}
	result := NoPanic{}.Check(withNotes(t, nil, breach, breach), Budget{})
	require.Equal(t, Invalid, result.Verdict)
	require.Equal(t, []string{`the protocol was broken, says n2 at 2.000 s: line 7 of its output is no message, "hello": it is no JSON`},
		result.Witness.Explanation)
}

// Enough is as many of a thousand as are asked for, wherever the clients stood; a definite refusal is an answer.
func TestAnswered(t *testing.T) {
	operations := []history.Operation{
		{ID: 0, Function: history.Read, Outcome: history.Ok},
		{ID: 1, Function: history.CAS, Outcome: history.Fail, Error: "value differs"},
		{ID: 2, Function: history.Home, Outcome: history.Ok},
		{ID: 3, Function: history.Read, Outcome: history.Info, Error: "timeout"},
		{ID: 4, Function: history.Read, Outcome: history.Fail, Error: "temporarily-unavailable"},
	}
	h := history.FromOperations(operations)
	require.Equal(t, Valid, Answered{Least: 500}.Check(h, Budget{}).Verdict)
	result := Answered{Least: 501}.Check(h, Budget{})
	require.Equal(t, Invalid, result.Verdict)
	require.Equal(t, "2 of 4 operations were answered", result.Reason)
	require.Equal(t, 3, result.Witness.Operations[0].ID)
	require.Equal(t, Unknown, Answered{Least: 1}.Check(history.FromOperations(nil), Budget{}).Verdict)
}

// A run in which the harness stood still for a second cannot be judged by times.
func TestTimekeeping(t *testing.T) {
	late := func(detail string) history.Note { return history.Note{Node: "world", Kind: "late", Detail: detail} }
	require.Equal(t, Valid, Timekeeping{}.Check(withNotes(t, nil), Budget{}).Verdict)
	require.Equal(t, Valid, Timekeeping{}.Check(withNotes(t, nil, late("999ms")), Budget{}).Verdict)
	result := Timekeeping{}.Check(withNotes(t, nil, late("600ms"), late("1s")), Budget{})
	require.Equal(t, Unknown, result.Verdict)
	require.Contains(t, result.Reason, "2 times, for up to 1s")
}
