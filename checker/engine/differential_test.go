package engine_test

import (
	"flag"
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"cleave/checker/engine"
	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

var histories = flag.Int("histories", 20_000, "how many random histories of each model are judged by the engine, by porcupine and by brute force")

// TestAgreesWithPorcupineAndBruteForce judges random small histories of every model in three ways.
func TestAgreesWithPorcupineAndBruteForce(t *testing.T) {
	for _, name := range models.Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			model, known := models.Named(name)
			require.True(t, known)
			tally := map[engine.Verdict]int{}
			for seed := range *histories {
				tally[judgeAllWays(t, model, uint64(seed))]++
			}
			t.Logf("%d valid, %d invalid", tally[engine.Valid], tally[engine.Invalid])
			require.Greater(t, tally[engine.Valid], *histories/10, "too few legal histories to mean anything")
			require.Greater(t, tally[engine.Invalid], *histories/10, "too few illegal histories to mean anything")
		})
	}
}

// judgeAllWays draws a history and requires one verdict of the engine, on all operations and on the tight ones
// alone, of brute force and of porcupine; and of a valid one an order that explains it.
func judgeAllWays(t *testing.T, model models.Model, seed uint64) engine.Verdict {
	d := drawn{model: model, operation: operations[model.Name], operations: 7, clients: 4, lost: int64(seed % 3 * 15), wrong: int64(seed % 4 * 12)}
	given := d.history(rng.New(seed, rng.Text(model.Name)))
	if seed%5 == 0 {
		endSome(given, seed)
	}
	answer := engine.Check(model, given, engine.Bounds{})
	if answer.Verdict == engine.Unknown {
		t.Fatalf("seed %d: %s, of %v", seed, answer.Cause, given)
	}
	happened, valid := withoutFailed(given), answer.Verdict == engine.Valid
	if bruteForce(model, happened) != valid {
		t.Fatalf("seed %d: brute force disagrees with %s of %v", seed, answer.Verdict, given)
	}
	if porcupineSays(model, happened) != valid {
		t.Fatalf("seed %d: porcupine disagrees with %s of %v", seed, answer.Verdict, given)
	}
	if tight := engine.Tighten(model, happened); bruteForce(model, tight) != valid {
		t.Fatalf("seed %d: tightened, %v are not %s any more: %v", seed, given, answer.Verdict, tight)
	}
	if valid && !follows(model, given, answer.Order) {
		t.Fatalf("seed %d: %v is no order of %v", seed, answer.Order, given)
	}
	return answer.Verdict
}

// endSome says of some operations of unknown outcome that they had their effect by the time that their client
// gave up, or never.
func endSome(given []history.Operation, seed uint64) {
	for i := range given {
		if given[i].Outcome == history.Info && rng.Mix(seed, uint64(i))%2 == 0 {
			given[i].Completed = given[i].GaveUp
		}
	}
}

// follows tells whether an order explains the operations.
func follows(model models.Model, given []history.Operation, order []int) bool {
	state, latest := model.Init(), history.Time(-1)
	inOrder := make([]bool, len(given))
	for _, position := range order {
		operation := given[position]
		possible, next := model.Step(state, operation)
		if latest = max(latest, operation.Invoked); !possible || latest > operation.Completed || inOrder[position] {
			return false
		}
		state, inOrder[position] = next, true
	}
	for i := range given {
		if given[i].Outcome == history.Ok && !inOrder[i] {
			return false
		}
	}
	return true
}

func withoutFailed(given []history.Operation) []history.Operation {
	var happened []history.Operation
	for _, o := range given {
		if o.Outcome != history.Fail {
			happened = append(happened, o)
		}
	}
	return happened
}

// bruteForce tries every order. What has an unknown outcome but a completion had its effect by then, or none.
func bruteForce(model models.Model, operations []history.Operation) bool {
	return anyOrder(model, operations, model.Init(), make([]bool, len(operations)))
}

func anyOrder(model models.Model, operations []history.Operation, state models.State, taken []bool) bool {
	first, left := history.Forever, false
	for i := range operations {
		if !taken[i] && operations[i].Completed != history.Forever {
			first, left = min(first, operations[i].Completed), true
		}
	}
	if !left {
		return true
	}
	for i := range operations {
		if taken[i] || operations[i].Invoked > first {
			continue
		}
		taken[i] = true
		possible, next := model.Step(state, operations[i])
		found := possible && anyOrder(model, operations, next, taken)
		if operations[i].Outcome == history.Info && operations[i].Completed == first {
			found = found || anyOrder(model, operations, state, taken)
		}
		taken[i] = false
		if found {
			return true
		}
	}
	return false
}

// porcupineSays asks porcupine about the operations as they are.
func porcupineSays(model models.Model, operations []history.Operation) bool {
	asked := specification(model)
	if slices.ContainsFunc(operations, mayEnd) {
		asked = freely(model)
	}
	return porcupine.CheckOperations(asked, porcupineOperations(operations))
}

// mayEnd tells that an operation had its effect by a time, or never.
func mayEnd(operation history.Operation) bool {
	return operation.Outcome == history.Info && operation.Completed != history.Forever
}

// freely is a model for porcupine in which such operations may have no effect.
func freely(model models.Model) porcupine.Model {
	nondeterministic := porcupine.NondeterministicModel{
		Init: func() []any { return []any{model.Init()} },
		Step: func(state, input, _ any) []any {
			operation := *input.(*history.Operation)
			possible, next := model.Step(state.(models.State), operation)
			switch {
			case mayEnd(operation):
				return []any{next, state}
			case possible:
				return []any{next}
			}
			return nil
		},
		Equal: func(one, other any) bool { return one.(models.State).Equal(other.(models.State)) },
	}
	return nondeterministic.ToModel()
}

func porcupineOperations(operations []history.Operation) []porcupine.Operation {
	given := make([]porcupine.Operation, len(operations))
	for i := range operations {
		given[i] = porcupine.Operation{ClientId: i, Input: &operations[i], Call: int64(operations[i].Invoked), Return: int64(operations[i].Completed)}
	}
	return given
}

func specification(model models.Model) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return model.Init() },
		Step: func(state, input, _ any) (bool, any) {
			return model.Step(state.(models.State), *input.(*history.Operation))
		},
		Equal: func(one, other any) bool { return one.(models.State).Equal(other.(models.State)) },
		Hash:  func(state any) uint64 { return state.(models.State).Hash() },
	}
}
