package checker

import (
	"fmt"
	"io"

	"github.com/anishathalye/porcupine"

	"cleave/checker/engine"
	"cleave/history"
	"cleave/models"
)

// search asks the engine whether some order explains the operations, within a limit. Time and memory grow
// with its configurations, of which there can be exponentially many.
func search(model models.Model, operations []history.Operation, limit limit) answer {
	found := engine.Check(model, operations, engine.Bounds{Time: limit.left(), Memory: limit.memory, Configurations: limit.configurations})
	return answer{verdict: Verdict(found.Verdict), cause: found.Cause, stuck: found.Stuck,
		algorithm: fmt.Sprintf("a search of %d configurations", found.Configurations)}
}

// confirmed tells whether porcupine, too, finds no order for the operations, or none in time: it is the
// second opinion on every witness.
func confirmed(model models.Model, operations []history.Operation, limit limit) bool {
	return porcupine.CheckOperationsTimeout(specification(model), calls(model, operations), limit.left()) != porcupine.Ok
}

// specification is a model in porcupine's terms. The whole operation is the input; there is no output.
func specification(model models.Model) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return model.Init() },
		Step: func(state, input, _ any) (bool, any) {
			return model.Step(state.(models.State), *input.(*history.Operation))
		},
		Equal: func(one, other any) bool { return one.(models.State).Equal(other.(models.State)) },
		Hash:  func(state any) uint64 { return state.(models.State).Hash() },
		DescribeOperation: func(input, _ any) string {
			return model.Describe(*input.(*history.Operation))
		},
		DescribeState: func(state any) string { return state.(models.State).String() },
	}
}

// calls are the operations in porcupine's terms, their intervals as tight as is exact.
func calls(model models.Model, operations []history.Operation) []porcupine.Operation {
	kept := engine.Tighten(model, operations)
	clients := numbered{}
	result := make([]porcupine.Operation, len(kept))
	for i := range kept {
		result[i] = porcupine.Operation{ClientId: clients.number(kept[i].Client), Input: &kept[i],
			Call: int64(kept[i].Invoked), Return: int64(kept[i].Completed)}
	}
	return result
}

// numbered gives names numbers from 0.
type numbered map[string]int

func (n numbered) number(name string) int {
	number, known := n[name]
	if !known {
		number = len(n)
		n[name] = number
	}
	return number
}

// The bounds of what Visualize shows: a page of thousands of operations is of no use to anybody, and
// can have a gigabyte.
const (
	mostShown = 400
	showLimit = 5 * confirmation
)

// Visualize writes porcupine's own page for a key as HTML: its operations with the longest orders
// that explain a part of them. Of an invalid key with many operations it shows the witness alone, of
// a valid one the first few hundred.
func Visualize(h *history.History, c Linearizable, key string, out io.Writer) error {
	operations := h.Select(key, c.concerns)
	if len(operations) == 0 {
		return fmt.Errorf("no operation on %q to show", key)
	}
	limit := limit{}.atMost(showLimit)
	if len(operations) > mostShown {
		if answer := c.judge(operations, limit); answer.verdict == Invalid {
			operations = c.witness(operations, answer, nil, limit).Operations
		} else {
			operations = withoutOrphans(c.Model)(operations, operations[:mostShown])
		}
	}
	model := specification(c.Model)
	_, info := porcupine.CheckOperationsVerbose(model, shown(h, calls(c.Model, operations)), limit.left())
	return porcupine.Visualize(model, info, out)
}

// shown ends what never ended a little after the history, for the page.
func shown(h *history.History, operations []porcupine.Operation) []porcupine.Operation {
	end := int64(h.End()) + 1
	for i := range operations {
		operations[i].Return = max(min(operations[i].Return, end), operations[i].Call)
	}
	return operations
}
