package linear

import (
	"cmp"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

// drawn makes operations on an object of a model, as other people's histories have them.
func drawn(model string, seed uint64) []history.Operation {
	random := rng.New(seed, rng.Text(model))
	operations := make([]history.Operation, 1+random.Below(6))
	fresh := int64(0)
	free := map[string]history.Time{}
	for i := range operations {
		o := &operations[i]
		o.ID, o.Key, o.Client, o.Outcome = i, "x", string(rune('a'+random.Below(3))), history.Ok
		o.Invoked = max(history.Time(random.Below(12)), free[o.Client])
		o.Completed = o.Invoked + history.Time(random.Below(6))
		fresh++
		fill(model, o, fresh, random)
		free[o.Client] = o.Completed + history.Time(random.Below(2))
		if random.Chance(1, 6) {
			o.Outcome, o.Completed, o.Result = history.Info, history.Forever, history.Nothing
		}
	}
	slices.SortStableFunc(operations, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	return operations
}

// fill draws what an operation asks and is told.
func fill(model string, o *history.Operation, fresh int64, random *rng.Stream) {
	number := func(below int64) history.Value { return history.Integer(random.Below(below)) }
	orNothing := func(value history.Value) history.Value {
		if random.Chance(1, 3) {
			return history.Nothing
		}
		return value
	}
	choose := func(functions ...history.Function) { o.Function = functions[random.Below(int64(len(functions)))] }
	switch model {
	case "register", "cas-register":
		choose(history.Read, history.QuorumRead, history.Write, history.CAS)
		switch o.Function {
		case history.Write:
			o.Argument = history.Text(string(rune('s' + fresh)))
		case history.CAS:
			o.Argument = history.List(orNothing(history.Text(string(rune('s'+random.Below(5))))), history.Text(string(rune('s'+fresh))))
		default:
			o.Result = orNothing(history.Text(string(rune('s' + random.Below(5)))))
		}
	case "counter":
		choose(history.Add, history.Read)
		o.Result = number(5)
		if o.Function == history.Add {
			o.Argument = history.Integer(1 + fresh%2*random.Below(2))
			if fresh%3 > 0 {
				o.Result = history.Nothing
			}
		}
	case "set":
		choose(history.Add, history.Remove, history.Read)
		o.Argument, o.Result = number(2), number(2)
		if o.Function != history.Read {
			o.Result = orNothing(o.Result)
		}
	case "lock":
		choose(history.Acquire, history.TryLock, history.Release, history.Release)
		if o.Function == history.TryLock {
			o.Result = number(2)
		}
	default:
		fillCollection(model, o, fresh, random)
	}
}

func fillCollection(model string, o *history.Operation, fresh int64, random *rng.Stream) {
	functions := map[string][2]history.Function{"fifo-queue": {history.Enqueue, history.Dequeue}, "stack": {history.Push, history.Pop},
		"priority-queue": {history.Insert, history.RemoveMin}}[model]
	switch choice := random.Below(8); {
	case choice < 4:
		o.Function, o.Argument = functions[0], history.Integer(fresh*7%11)
	case choice == 4:
		o.Function = history.Peek
	default:
		o.Function = functions[1]
	}
	if value := random.Below(5); value > 0 && o.Argument.IsNothing() {
		o.Result = history.Integer(value * 7 % 11)
	}
}

// plainly asks porcupine, which knows nothing but the model.
func plainly(model models.Model, operations []history.Operation) bool {
	given := make([]porcupine.Operation, 0, len(operations))
	for i := range operations {
		if o := &operations[i]; o.Outcome == history.Ok || o.Function.Mutates() {
			given = append(given, porcupine.Operation{ClientId: i, Input: o, Call: int64(o.Invoked), Return: int64(o.Completed)})
		}
	}
	return porcupine.CheckOperations(porcupine.Model{
		Init: func() any { return model.Init() },
		Step: func(state, input, _ any) (bool, any) {
			return model.Step(state.(models.State), *input.(*history.Operation))
		},
		Equal: func(one, other any) bool { return one.(models.State).Equal(other.(models.State)) },
	}, given)
}

// Judge says of every model's operations what the model itself says, and every contradiction can be told.
func TestJudgeAgreesWithTheModels(t *testing.T) {
	for name := range translators {
		t.Run(name, func(t *testing.T) {
			model, known := models.Named(name)
			require.True(t, known)
			count := map[Verdict]int{}
			for seed := range uint64(*histories / 4) {
				operations := drawn(name, seed)
				answer := Judge(name, operations)
				count[answer.Verdict]++
				if answer.Verdict == Unsuited {
					require.NotEmpty(t, answer.Cause)
					continue
				}
				require.Equal(t, plainly(model, operations), answer.Verdict == Valid, "seed %d: %+v\n%v", seed, answer, operations)
				if answer.Verdict == Invalid {
					few, alone := answer.Alone(operations)
					require.NotEmpty(t, few)
					require.GreaterOrEqual(t, len(Explain(few, nil, alone)), len(few))
					require.False(t, !model.IsRegister && plainly(model, few), "seed %d: the witness %v of %v is legal", seed, few, operations)
				}
			}
			t.Logf("%v", count)
			require.Greater(t, count[Valid], *histories/40)
			require.Greater(t, count[Invalid], *histories/40)
		})
	}
}

func TestJudgeIsUnsuited(t *testing.T) {
	require.Equal(t, "there is no special algorithm for a znode-tree", Judge("znode-tree", nil).Cause)
	dequeue := history.Operation{Client: "c1", Function: history.Dequeue, Key: "x", Outcome: history.Ok}
	require.Contains(t, Judge("stack", []history.Operation{{Client: "c1", Function: history.Read, Key: "x", Outcome: history.Ok}}).Cause,
		"the special algorithm for a stack does not know the operation #0 c1 read x")
	require.Equal(t, Valid, Judge("fifo-queue", []history.Operation{dequeue}).Verdict)
	twice := history.Operation{Client: "c1", Function: history.Write, Argument: history.Integer(7), Outcome: history.Ok}
	require.Equal(t, "operations 0 and 1 write the same value", Judge("register", []history.Operation{twice, twice}).Cause)
	twice.Argument = history.Nothing
	require.Equal(t, "operation 0 writes the initial value", Judge("register", []history.Operation{twice}).Cause)
}
