package checker

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker/linear"
	"cleave/history"
	"cleave/models"
)

var register = Linearizable{models.Register(), []history.Function{history.Read, history.Write, history.CAS}}

var queue = Linearizable{models.FIFOQueue(), []history.Function{history.Enqueue, history.Dequeue}}

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
	result := queue.Check(hard(), Budget{Time: 50 * time.Millisecond})
	require.Equal(t, Unknown, result.Verdict)
	require.Contains(t, result.Reason, "1 of 1 keys were not decided; q (41 operations): the search did not end in time; after ")
	require.Contains(t, result.Reason, "some order explained the first ")
	require.Less(t, time.Since(start), 5*time.Second)
}

func TestSearchIsUnknownWhenItsMemoryIsUp(t *testing.T) {
	result := queue.Check(hard(), Budget{Memory: 1 << 20})
	require.Equal(t, Unknown, result.Verdict)
	require.Contains(t, result.Reason, "the search came to its bound of 1048576 bytes; after ")
}

// hard is a history that no search decides soon: 20 elements are enqueued at a time, in an order that only
// dequeues after them show, of which the last is wrong. One is enqueued again in the end, so that the special
// algorithm does not apply.
func hard() *history.History {
	var events []history.Event
	for i := range 41 {
		element := history.Integer(int64(i%20) + 1)
		invoke := history.Event{Type: history.Invoke, Process: i, Client: "c1", Function: history.Enqueue, Key: "q", Value: element}
		done := invoke
		done.Type, done.Time, done.Value = history.Ok, 100, history.Nothing
		if i >= 20 && i < 40 {
			invoke.Function, invoke.Time, invoke.Value = history.Dequeue, history.Time(100*i), history.Nothing
			done.Function, done.Time, done.Value = history.Dequeue, invoke.Time+50, element
		}
		switch i {
		case 39:
			done.Value = history.Nothing
		case 40:
			invoke.Time, done.Time = 5000, 5001
		}
		events = append(events, invoke, done)
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
		again := register.Check(h, Budget{})
		result.Methods, again.Methods = nil, nil // they say how long it took
		require.Equal(t, result, again)
		operations := result.Witness.Operations
		for i := range operations {
			without := withoutOrphans(models.Register())(operations, slices.Delete(slices.Clone(operations), i, i+1))
			require.Equal(t, Valid, register.judge(without, limit{}).verdict, "seed %d: %v is not needed in %v", seed, operations[i], operations)
		}
	}
	require.Greater(t, invalid, 20)
}

// What is taken from a witness must not make a contradiction that was none. Of values written twice, 5 was read
// rightly after its first write, and only the last read of 6 is wrong: the first write of 5 and its read must not
// turn into a read before the only write of 5.
func TestWitnessIsNoAccidentOfShrinking(t *testing.T) {
	h := readScript([]string{
		"c1 |-write x 5-|             |-write x 6-|                |-write x 5-|                 |-write x 7-|",
		"c2               |-read x = 5-|             |-read x = 6-|               |-read x = 5-|               |-read x = 6-|",
	})
	result := register.Check(h, Budget{})
	require.Equal(t, Invalid, result.Verdict)
	var told []string
	for _, operation := range result.Witness.Operations {
		told = append(told, register.Model.Describe(operation))
	}
	require.Equal(t, []string{"write 6", "write 7", "read -> 6"}, told)
}

// Any model is judged, and has a witness: b was enqueued after a and y, so it cannot leave before either.
// One of them shows it.
func TestWitnessOfAQueue(t *testing.T) {
	operations := []struct {
		function history.Function
		element  string
	}{
		{history.Enqueue, "x"}, {history.Dequeue, "x"}, {history.Enqueue, "a"}, {history.Enqueue, "y"}, {history.Enqueue, "b"},
		{history.Dequeue, "b"}, {history.Dequeue, "a"}, {history.Dequeue, "y"},
	}
	var events []history.Event
	for i, o := range operations {
		invoke := history.Event{Type: history.Invoke, Time: history.Time(10 * i), Client: "c1", Function: o.function, Key: "q"}
		done := invoke
		done.Type, done.Time = history.Ok, invoke.Time+5
		if o.function == history.Enqueue {
			invoke.Value = history.Text(o.element)
		} else {
			done.Value = history.Text(o.element)
		}
		events = append(events, invoke, done)
	}
	result := queue.Check(inOrder(history.Run{}, events), Budget{})
	require.Equal(t, Invalid, result.Verdict)
	var told []string
	for _, operation := range result.Witness.Operations {
		told = append(told, queue.Model.Describe(operation))
	}
	require.Equal(t, []string{"enqueue y", "enqueue b", "dequeue -> b", "dequeue -> y"}, told)
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
		found := linear.Judge("register", operations)
		moved := slices.Clone(operations)
		for i := range moved {
			moved[i].Client = "z" + moved[i].Client
			moved[i].Invoked = moved[i].Invoked*1000 + 5
			if moved[i].Completed != history.Forever {
				moved[i].Completed = moved[i].Completed*1000 + 5
			}
		}
		require.Equal(t, found, linear.Judge("register", moved))
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
		CacheSurvives{NeverEmpty: true}, CacheFollows{}, Calls{},
		Overrides{Through: true, Stamped: true}}
}
