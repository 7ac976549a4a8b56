package checker

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/models"
)

var register = Linearizable{models.Register(), []history.Function{history.Read, history.Write, history.CAS}}

// repeated is a key on which clients write the same values again and again, so that only a search can
// judge it, with many operations of unknown outcome.
func repeated(seed uint64, operations int) *history.History {
	w := walk{seed: seed, clients: 20, operations: operations, info: 20, stale: 30, repeat: 2, swaps: true}
	var events []history.Event
	for i, o := range w.run() {
		invoke := history.Event{Type: history.Invoke, Time: o.Invoked, Process: i, Client: o.Client, Function: o.Function, Key: "x", Value: o.Argument}
		done := invoke
		done.Type, done.Time, done.Value = o.Outcome, o.GaveUp, o.Result
		events = append(events, invoke, done)
	}
	return inOrder(history.Run{}, events)
}

func TestSearchIsUnknownWhenItsTimeIsUp(t *testing.T) {
	start := time.Now()
	result := register.Check(hard(), Budget{Time: 50 * time.Millisecond})
	require.Equal(t, Unknown, result.Verdict)
	require.Contains(t, result.Reason, "1 of 1 keys were not decided; x (61 operations): the search did not end in time")
	require.Less(t, time.Since(start), 5*time.Second)
}

func TestSearchIsUnknownWhenItsMemoryIsUp(t *testing.T) {
	result := register.Check(hard(), Budget{Memory: 1 << 20})
	require.Equal(t, Unknown, result.Verdict)
	require.Contains(t, result.Reason, "the search passed its bound of 1048576 bytes after 6278 configurations")
}

// hard is a history that the search does not decide soon: of many writes of unknown outcome, 15 each
// of 1 and of 2, the reads in turn may have seen any, but they are one too many.
func hard() *history.History {
	var events []history.Event
	for i := range 30 {
		write := history.Event{Type: history.Invoke, Process: i, Client: "c1", Function: history.Write, Key: "x", Value: history.Integer(int64(i%2 + 1))}
		events = append(events, write)
	}
	for i := range 31 {
		read := history.Event{Type: history.Invoke, Time: history.Time(10 * i), Process: 30, Client: "c2", Function: history.Read, Key: "x"}
		done := read
		done.Type, done.Time, done.Value = history.Ok, read.Time+1, history.Integer(int64(i%2+1))
		events = append(events, read, done)
	}
	return inOrder(history.Run{}, events)
}

// No operation can be taken from a witness, and the same history always gives the same one.
func TestWitnessIsMinimalAndTheSameEveryTime(t *testing.T) {
	invalid := 0
	for seed := range uint64(60) {
		h := large(1, 80, 4, 10, 5, seed%2 == 0)
		if seed%3 == 0 {
			h = repeated(seed, 14)
		}
		result := register.Check(h, Budget{})
		if result.Verdict != Invalid {
			continue
		}
		invalid++
		require.Equal(t, result, register.Check(h, Budget{}))
		operations := result.Witness.Operations
		for i := range operations {
			without := withoutOrphans(operations, slices.Delete(slices.Clone(operations), i, i+1))
			require.Equal(t, Valid, register.judge(without, limit{}).verdict, "seed %d: %v is not needed in %v", seed, operations[i], operations)
		}
	}
	require.Greater(t, invalid, 20)
}

// A planted stale read is found among many operations, and named.
func TestStaleReadIsNamed(t *testing.T) {
	h := large(1, 1000, 10, 5, 0, false)
	require.Equal(t, Valid, register.Check(h, Budget{}).Verdict)
	var old history.Value
	planted := -1
	for i := range h.Operations {
		o := &h.Operations[i]
		if o.Function == history.Read && o.Outcome == history.Ok && i < 50 && !o.Result.IsNothing() {
			old = o.Result
		}
		if o.Function == history.Read && o.Outcome == history.Ok && i > 900 {
			planted = o.ID
			o.Result = old
			break
		}
	}
	result := register.Check(h, Budget{})
	require.Equal(t, Invalid, result.Verdict)
	require.LessOrEqual(t, len(result.Witness.Operations), 6)
	require.True(t, slices.ContainsFunc(result.Witness.Operations, func(o history.Operation) bool { return o.ID == planted }))
}

func TestTimeAndNamesDoNotMatter(t *testing.T) {
	for seed := range uint64(500) {
		operations := chaos(seed)
		found, applies := checkZones(operations)
		moved := slices.Clone(operations)
		for i := range moved {
			moved[i].Client = "z" + moved[i].Client
			moved[i].Invoked = moved[i].Invoked*1000 + 5
			if moved[i].Completed != history.Forever {
				moved[i].Completed = moved[i].Completed*1000 + 5
			}
		}
		again, appliesAgain := checkZones(moved)
		require.Equal(t, applies, appliesAgain)
		require.Equal(t, found, again)
	}
}

func TestVisualize(t *testing.T) {
	h := readScript([]string{
		"c1   |--write x 1--|",
		"c2                    |--write x 2--|",
		"c3                                     |--read x = 1--|",
	})
	var page bytes.Buffer
	require.NoError(t, Visualize(h, register, "x", &page))
	require.Contains(t, page.String(), "read -\\u003e 1")
	require.ErrorContains(t, Visualize(h, register, "y", &page), `no operation on "y" to show`)
}

func TestVisualizeOfManyShowsTheWitness(t *testing.T) {
	h := large(1, 1000, 10, 5, 2, false)
	require.Equal(t, Invalid, register.Check(h, Budget{}).Verdict)
	var page bytes.Buffer
	require.NoError(t, Visualize(h, register, "x0", &page))
	require.Less(t, page.Len(), 200_000)

	page.Reset()
	require.NoError(t, Visualize(large(1, 1000, 10, 5, 0, false), register, "x0", &page))
	require.Less(t, page.Len(), 5_000_000)
}

func TestResultsAreJSON(t *testing.T) {
	h := large(2, 100, 5, 10, 10, true)
	for _, c := range everyChecker() {
		_, err := json.Marshal(Run(c, h, Budget{Time: time.Second}))
		require.NoError(t, err, c.Name())
	}
}

// everyChecker is one of each.
func everyChecker() []Checker {
	reads := []history.Function{history.Read, history.Lookup}
	writes := []history.Function{history.Write, history.CAS}
	return []Checker{register, Sequential{Functions: append(reads, writes...)}, Availability{}, Availability{Grace: time.Second},
		Staleness{reads, writes}, Discovery{}, NoLostRegistration{}, NoGhostForever{}, NoPhantom{}, NoForgetting{},
		Convergence{Functions: reads}, Vacuity{}, NoPanic{}, ElectionSafety{},
		OneShot{}, EventBeforeData{}, NoMissedEvent{}, EventOrder{}, Ephemerals{}, NoDeadOwner{}, Continuity{}, Sequences{}, Transactions{},
		LiveListed{}, DeadGone{}, SameLists{}, CancelsHeard{}, SelfPreservation{2, 85}, NoEviction{}, SmallRegistry{Most: 6}, CacheSurvives{},
		Overrides{Through: true, Stamped: true}}
}
