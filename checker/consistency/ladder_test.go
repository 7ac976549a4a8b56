package consistency

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker/evidence"
	"cleave/history"
)

// What a model implies holds wherever it does; and the ladder says of each model what Check says.
func TestTheLadderAgreesWithItsRungs(t *testing.T) {
	strongest := map[Model]int{}
	for seed := range uint64(*histories / 4) {
		operations := small(seed + 1<<41)
		ladder := Climb(operations, evidence.Finding{}, 1e6)
		require.Empty(t, ladder.Problem)
		held := map[Model]bool{}
		for _, rung := range ladder.Rungs {
			if rung.Model == Linearizable {
				continue // not judged here
			}
			alone := Check(rung.Model, operations, 1e6)
			require.Equal(t, alone.State, rung.Finding.State, "%s of\n%s", rung.Model, lines(operations))
			held[rung.Model] = rung.Finding.State == evidence.Holds
		}
		for _, model := range Models()[1:] {
			for _, weaker := range Models()[1:] {
				require.False(t, model.Implies(weaker) && held[model] && !held[weaker], "%s, but not %s", model, weaker)
			}
		}
		for _, rung := range ladder.Strongest() {
			strongest[rung.Model]++
		}
	}
	for _, model := range Models()[1:] {
		require.NotZero(t, strongest[model], model)
	}
}

// Linearizable is the caller's word, unless something weaker is broken.
func TestLinearizableIsTheCallersWord(t *testing.T) {
	write := history.Operation{ID: 0, Client: "c1", Function: history.Write, Key: "x", Argument: history.Integer(1), Outcome: history.Ok, Completed: 5}
	read := history.Operation{ID: 1, Client: "c1", Function: history.Read, Key: "x", Outcome: history.Ok, Invoked: 5, Completed: 9}
	ladder := Climb([]history.Operation{write}, evidence.Holding("an order"), 100)
	require.Equal(t, Linearizable, ladder.Strongest()[0].Model)
	require.Equal(t, Linearizable, ladder.Rungs[1].Since)

	// By their times the two are concurrent, but one client did them, one after the other.
	ladder = Climb([]history.Operation{write, read}, evidence.Holding("an order"), 100)
	require.Equal(t, evidence.Broken, ladder.Rungs[0].Finding.State)
	require.Equal(t, ReadYourWrites, ladder.Rungs[0].Since)
}

// Past its bound the search says so, and neither that there is an order nor that there is none.
func TestTheSearchKeepsToItsBound(t *testing.T) {
	var operations []history.Operation
	for i := range 40 {
		operations = append(operations, history.Operation{ID: i, Client: string(rune('a' + i%4)), Function: history.Write, Outcome: history.Ok,
			Key: string(rune('x' + i%2)), Argument: history.Integer(int64(i)), Invoked: history.Time(i), Completed: history.Time(i)})
	}
	found := Check(Sequential, operations, 10)
	require.Equal(t, evidence.Undecided, found.State)
	require.Equal(t, "nothing contradicts it, but no order was found within 10 steps", found.Reason)
	require.Equal(t, evidence.Holds, Check(Sequential, operations, 1000).State)
}

// What the algorithms do not apply to they say.
func TestWhatCannotBeJudged(t *testing.T) {
	write := func(id int, client string, at, until history.Time, value history.Value) history.Operation {
		return history.Operation{ID: id, Client: client, Function: history.Write, Key: "x", Argument: value, Outcome: history.Ok, Invoked: at, Completed: until}
	}
	one := history.Integer(1)
	for want, operations := range map[string][]history.Operation{
		"1 was written to x twice, so that nobody can tell which of the two was read": {write(0, "a", 0, 1, one), write(1, "b", 0, 1, one)},
		"nothing was written to x, and that is what it held at the start":             {write(0, "a", 0, 1, history.Nothing)},
		"a did two things at a time, so that it is no session":                        {write(0, "a", 0, 9, one), write(1, "a", 5, 9, history.Integer(2))},
		"enqueue is no operation on a register":                                       {{Function: history.Enqueue, Outcome: history.Ok}},
	} {
		for _, model := range Models()[1:] {
			found := Check(model, operations, 100)
			require.Equal(t, evidence.Undecided, found.State)
			require.Equal(t, want, found.Reason)
		}
		require.Equal(t, want, Climb(operations, evidence.Finding{}, 100).Problem)
	}
}
