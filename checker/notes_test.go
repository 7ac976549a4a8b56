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

// A run in which the harness stood still for a second cannot be judged by times.
func TestTimekeeping(t *testing.T) {
	late := func(detail string) history.Note { return history.Note{Node: "world", Kind: "late", Detail: detail} }
	require.Equal(t, Valid, Timekeeping{}.Check(withNotes(t, nil), Budget{}).Verdict)
	require.Equal(t, Valid, Timekeeping{}.Check(withNotes(t, nil, late("999ms")), Budget{}).Verdict)
	result := Timekeeping{}.Check(withNotes(t, nil, late("600ms"), late("1s")), Budget{})
	require.Equal(t, Unknown, result.Verdict)
	require.Contains(t, result.Reason, "2 times, for up to 1s")
}
