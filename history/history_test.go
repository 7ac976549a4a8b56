package history

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/rng"
)

// numbered gives events their indexes.
func numbered(events ...Event) []Event {
	for i := range events {
		events[i].Index = i
	}
	return events
}

func invoke(process int, at Time) Event {
	return Event{Type: Invoke, Time: at, Process: process, Client: "c1", Function: Read, Key: "x"}
}

func complete(kind Type, process int, at Time) Event {
	event := invoke(process, at)
	event.Type = kind
	return event
}

func TestOperationsAreJoined(t *testing.T) {
	// process 1  |-----| ok      |----? info
	// process 2     |-------------- never completed
	h, err := New(numbered(invoke(1, 1), invoke(2, 2), complete(Ok, 1, 3), invoke(1, 4), complete(Info, 1, 6)))
	require.NoError(t, err)
	require.Len(t, h.Operations, 3)
	first, second, third := h.Operations[0], h.Operations[1], h.Operations[2]
	require.Equal(t, []Time{1, 3, 3}, []Time{first.Invoked, first.Completed, first.GaveUp})
	require.Equal(t, []Time{2, Forever, Forever}, []Time{second.Invoked, second.Completed, second.GaveUp})
	require.Equal(t, Info, second.Outcome)
	require.Equal(t, "never completed", second.Error)
	require.Equal(t, []Time{4, Forever, 6}, []Time{third.Invoked, third.Completed, third.GaveUp})
	require.Equal(t, []Operation{first, third}, h.ByProcess(1))
	require.Equal(t, h.Operations, h.ByKey("x"))
	require.Empty(t, h.ByKey("y"))
	require.Equal(t, []string{"x"}, h.Keys())
	require.Equal(t, Time(6), h.End())
}

func TestWhatIsNoHistory(t *testing.T) {
	wrongIndex := numbered(invoke(1, 1), complete(Ok, 1, 2))
	wrongIndex[1].Index = 5
	other := complete(Ok, 1, 2)
	other.Key = "y"
	run := Event{Type: RunEvent, Time: 2, Run: &Run{}}
	cases := map[string]struct {
		events []Event
		want   string
	}{
		"index":             {wrongIndex, "event 1: its index is 5"},
		"time":              {numbered(invoke(1, 5), invoke(2, 4)), "event 1: time goes back from 5 to 4"},
		"no invocation":     {numbered(complete(Ok, 7, 1)), "event 0: process 7 completes what it never invoked"},
		"completed twice":   {numbered(invoke(1, 1), complete(Ok, 1, 2), complete(Ok, 1, 3)), "event 2: process 1 completes what it never invoked"},
		"two at a time":     {numbered(invoke(1, 1), invoke(1, 2)), "event 1: process 1 invokes while its last operation is open"},
		"retired":           {numbered(invoke(1, 1), complete(Info, 1, 2), invoke(1, 3)), "event 2: process 1 was retired by an earlier info"},
		"of something else": {numbered(invoke(1, 1), other), "event 1: process 1 completes read y, but had invoked read x"},
		"a late run":        {numbered(invoke(1, 1), run), `event 1: a "run" line can only be the first`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := New(c.events)
			require.EqualError(t, err, c.want)
		})
	}
}

func TestPhases(t *testing.T) {
	phase := func(at Time, phase Phase) Event { return Event{Type: PhaseEvent, Time: at, Phase: phase} }
	h, err := New(numbered(phase(1, Warmup), phase(5, Faults), phase(9, Quiet)))
	require.NoError(t, err)
	for at, want := range map[Time]Phase{0: Warmup, 1: Warmup, 4: Warmup, 5: Faults, 8: Faults, 9: Quiet, 100: Quiet} {
		require.Equal(t, want, h.PhaseAt(at), "at %d", at)
	}
	start, found := h.PhaseStart(Quiet)
	require.True(t, found)
	require.Equal(t, Time(9), start)

	empty, err := New(nil)
	require.NoError(t, err)
	_, found = empty.PhaseStart(Quiet)
	require.False(t, found)
	require.Zero(t, empty.End())
}

func TestValues(t *testing.T) {
	different := []Value{Nothing, Integer(0), Text(""), List(), List(Nothing), Integer(7), Text("7"), List(Integer(7)), Texts([]string{"7"})}
	for i, one := range different {
		for j, other := range different {
			require.Equal(t, i == j, one.Equal(other), "%#v and %#v", one, other)
		}
		text, err := one.MarshalJSON()
		require.NoError(t, err)
		var read Value
		require.NoError(t, read.UnmarshalJSON(text))
		require.True(t, one.Equal(read), "%s", text)
	}
	require.Equal(t, "[nil 7 a [b]]", List(Nothing, Integer(7), Text("a"), Texts([]string{"b"})).String())
	require.True(t, Nothing.IsNothing())
}

func TestFunctionsThatCanChangeAnything(t *testing.T) {
	for _, function := range []Function{Write, CAS, Register, Deregister, Die, Remove, CreateSequential, Own, Close, MultiWrite, MultiFail,
		SetStatus, ClearStatus, "unheard-of"} {
		require.True(t, function.Mutates(), function)
	}
	for _, function := range []Function{Read, SyncRead, QuorumRead, Lookup, CacheLookup, Home, Watch, Stat, Owners, Check, Pair, Status} {
		require.False(t, function.Mutates(), function)
	}
}

// Operations in any order come into that of their invocations.
func TestFromOperations(t *testing.T) {
	random := rng.New(1)
	for round := range 200 {
		var operations []Operation
		for i := range 1 + round%17 {
			operations = append(operations, Operation{ID: i, Key: "k", Invoked: Time(i / 2)})
		}
		for i := range operations {
			j := random.Below(int64(len(operations)))
			operations[i], operations[j] = operations[j], operations[i]
		}
		h := FromOperations(operations)
		for i := range h.Operations {
			require.Equal(t, i, h.Operations[i].ID)
		}
		require.Len(t, h.ByKey("k"), len(operations))
	}
}
