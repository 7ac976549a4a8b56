package engine_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"cleave/checker/engine"
	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

// A queue in about ten lines: a leaves before b, since it came before.
func ExampleCheck() {
	ok := func(id int, from, to history.Time, function history.Function, argument, result history.Value) history.Operation {
		return history.Operation{ID: id, Invoked: from, Completed: to, Function: function, Argument: argument, Result: result, Outcome: history.Ok}
	}
	a, b := history.Text("a"), history.Text("b")
	operations := []history.Operation{
		ok(0, 0, 10, history.Enqueue, a, history.Nothing),
		ok(1, 5, 20, history.Enqueue, b, history.Nothing), // at the same time as a: either order
		ok(2, 30, 40, history.Dequeue, history.Nothing, b),
		ok(3, 50, 60, history.Dequeue, history.Nothing, b),
	}
	answer := engine.Check(models.FIFOQueue(), operations[:3], engine.Bounds{Time: time.Minute})
	fmt.Println(answer.Verdict, answer.Order)
	answer = engine.Check(models.FIFOQueue(), operations, engine.Bounds{Time: time.Minute})
	fmt.Println(answer.Verdict, "stuck at", answer.Stuck, "of", answer.Completed)
	// Output:
	// valid [1 0 2]
	// invalid stuck at 3 of 4
}

// Of larger histories than brute force can judge, the engine says what porcupine says, and twice the same.
func TestAgreesWithPorcupineOnLargerHistories(t *testing.T) {
	bounds := engine.Bounds{Configurations: 3000}
	for _, name := range models.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			model, _ := models.Named(name)
			tally := map[engine.Verdict]int{}
			for seed := range uint64(*histories / 400) {
				d := drawn{model: model, operation: operations[name], operations: 25, clients: 4, lost: int64(seed % 3 * 4), wrong: int64(seed % 5 * 2)}
				given := d.history(rng.New(seed, rng.Text(name), 2))
				answer := engine.Check(model, given, bounds)
				tally[answer.Verdict]++
				require.Equal(t, answer, engine.Check(model, given, bounds))
				said := porcupine.CheckOperationsTimeout(specification(model), porcupineOperations(withoutFailed(given)), 50*time.Millisecond)
				if answer.Verdict != engine.Unknown && said != porcupine.Unknown {
					require.Equal(t, said == porcupine.Ok, answer.Verdict == engine.Valid, "seed %d: %v", seed, given)
				}
			}
			t.Log(tally)
			require.Greater(t, tally[engine.Valid], *histories/5000)
			require.Positive(t, tally[engine.Invalid])
			require.Less(t, tally[engine.Unknown], *histories/5000)
		})
	}
}

// What a model says it observes leaves the state as it is.
func TestObservingChangesNothing(t *testing.T) {
	for _, name := range models.Names() {
		model, _ := models.Named(name)
		observed := 0
		for seed := range uint64(300) {
			random := rng.New(seed, rng.Text(name), 3)
			state := model.Init()
			for range 60 {
				o := operations[name](random)
				o.Client, o.Outcome = string(rune('a'+random.Below(3))), history.Ok
				o.Invoked = history.Time(random.Below(100))
				o.Completed = o.Invoked + history.Time(random.Below(100))
				possible, next := model.Step(state, o)
				if possible && model.Observes(o) {
					observed++
					require.True(t, next.Equal(state), "%s in %s", model.Describe(o), state)
				}
				if possible {
					state = next
				}
			}
		}
		require.Greater(t, observed, 100, name)
	}
}

// In a history of one client that is wrong by one result, that operation is named.
func TestNamesTheOneThatIsWrong(t *testing.T) {
	for _, name := range models.Names() {
		model, _ := models.Named(name)
		if model.Timed {
			continue // its histories mean nothing at other times
		}
		named := 0
		for seed := range uint64(60) {
			d := drawn{model: model, operation: operations[name], operations: 60, clients: 1}
			given := d.history(rng.New(seed, rng.Text(name), 4))
			for i := range given { // one after the other
				given[i].Invoked, given[i].Completed = history.Time(2*i), history.Time(2*i+1)
			}
			wrong := spoil(model, given, rng.New(seed, 5), name)
			answer := engine.Check(model, given, engine.Bounds{})
			if wrong < 0 {
				require.Equal(t, engine.Valid, answer.Verdict)
				continue
			}
			require.Equal(t, engine.Invalid, answer.Verdict)
			if model.IsRegister {
				require.LessOrEqual(t, answer.Stuck, wrong, "%s, seed %d: or one that takes away what it needs", name, seed)
			} else {
				require.Equal(t, wrong, answer.Stuck, "%s, seed %d", name, seed)
			}
			named++
		}
		require.Greater(t, named, 15, name)
	}
}

// spoil gives one operation, past the middle, a result that it cannot have had, and leaves out what follows. It
// gives its position, or -1 if it found none.
func spoil(model models.Model, given []history.Operation, random *rng.Stream, name string) int {
	state := model.Init()
	for i := range given {
		if given[i].Outcome == history.Fail {
			continue
		}
		wrong := operations[name](random)
		spoilt := given[i]
		spoilt.Function, spoilt.Key, spoilt.Argument, spoilt.Result = wrong.Function, wrong.Key, wrong.Argument, wrong.Result
		if possible, _ := model.Step(state, spoilt); !possible && i > len(given)/2 {
			given[i] = spoilt
			for after := i + 1; after < len(given); after++ {
				given[after].Outcome = history.Fail
			}
			return i
		}
		_, state = model.Step(state, given[i])
	}
	return -1
}

// increments are additions of 1 at one time, some of unknown outcome, and then a read.
func increments(ok, info int, read int64) []history.Operation {
	var operations []history.Operation
	for i := range ok + info {
		o := history.Operation{ID: i, Function: history.Add, Argument: history.Integer(1), Invoked: history.Time(i),
			Completed: 1000, Outcome: history.Ok}
		if i >= ok {
			o.Outcome, o.Completed = history.Info, history.Forever
		}
		operations = append(operations, o)
	}
	return append(operations, history.Operation{ID: ok + info, Function: history.Read, Result: history.Integer(read),
		Invoked: 2000, Completed: 2001, Outcome: history.Ok})
}

// More clients than a word has bits, and more unknown outcomes.
func TestManyAtATime(t *testing.T) {
	for read, want := range map[int64]engine.Verdict{99: engine.Invalid, 100: engine.Valid, 150: engine.Valid, 200: engine.Valid, 201: engine.Invalid} {
		answer := engine.Check(models.Counter(), increments(100, 100, read), engine.Bounds{})
		require.Equal(t, want, answer.Verdict, "%d", read)
		if want == engine.Valid {
			require.Len(t, answer.Order, int(read)+1, "only the unknown ones that must have happened are in the order")
		} else {
			require.Equal(t, 200, answer.Stuck)
			require.Equal(t, 100, answer.Reached)
		}
	}
}

// hard has so many orders, no two of which lead to the same state, that no search ends soon.
func hard() []history.Operation {
	var operations []history.Operation
	for i := range 30 {
		operations = append(operations, history.Operation{ID: i, Function: history.Enqueue, Argument: history.Integer(int64(i + 1)),
			Completed: 100, Outcome: history.Ok})
	}
	for i := range 30 {
		result := history.Integer(int64(i + 1))
		if i == 29 {
			result = history.Nothing
		}
		start := history.Time(200 + 10*i)
		operations = append(operations, history.Operation{ID: 30 + i, Function: history.Dequeue, Result: result,
			Invoked: start, Completed: start + 5, Outcome: history.Ok})
	}
	return operations
}

func TestBounds(t *testing.T) {
	queue := models.FIFOQueue()
	for _, bounds := range []engine.Bounds{{Time: 30 * time.Millisecond}, {Memory: 4 << 20}, {Configurations: 1000}} {
		answer := engine.Check(queue, hard(), bounds)
		require.Equal(t, engine.Unknown, answer.Verdict)
		require.Contains(t, answer.Cause, "some order explained the first ")
		require.Contains(t, answer.Cause, " of 60 operations, up to 0.000 s")
		require.Positive(t, answer.Reached)
		if bounds.Memory > 0 {
			require.InEpsilon(t, bounds.Memory, answer.Bytes, 0.1)
		}
		if bounds.Configurations > 0 {
			require.Equal(t, bounds.Configurations, answer.Configurations)
			require.Equal(t, answer, engine.Check(queue, hard(), bounds))
		}
	}
}

// Versions that servers gave are an order to try first; one that does not fit is no proof of anything.
func TestVersionsAreTriedFirst(t *testing.T) {
	operations := hard()
	for i := range operations {
		operations[i].Version = int64(i + 1)
	}
	operations[59].Result = history.Integer(30)
	answer := engine.Check(models.FIFOQueue(), operations, engine.Bounds{})
	require.Equal(t, engine.Valid, answer.Verdict)
	require.Zero(t, answer.Configurations)
	require.True(t, slices.IsSorted(answer.Order))

	small := slices.Concat(operations[:3], operations[30:33])
	small[0].Version, small[1].Version = 2, 1
	answer = engine.Check(models.FIFOQueue(), small, engine.Bounds{})
	require.Equal(t, engine.Valid, answer.Verdict)
	require.Positive(t, answer.Configurations)
}

func TestWhatTheModelDoesNotUnderstandIsUnknown(t *testing.T) {
	answer := engine.Check(models.Stack(), hard(), engine.Bounds{})
	require.Equal(t, engine.Unknown, answer.Verdict)
	require.Equal(t, "operation #0: a stack knows push, pop, peek, but not enqueue", answer.Cause)
}

func TestNoOperations(t *testing.T) {
	for _, name := range models.Names() {
		model, _ := models.Named(name)
		require.Equal(t, engine.Valid, engine.Check(model, nil, engine.Bounds{}).Verdict)
	}
}
