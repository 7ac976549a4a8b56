package checker

import (
	"fmt"
	"hash/maphash"
	"io"
	"sync/atomic"

	"github.com/anishathalye/porcupine"

	"cleave/history"
	"cleave/models"
)

// search asks porcupine whether some order explains the operations, within a limit. Time and memory
// of the search grow with its configurations, of which there can be exponentially many.
func search(model models.Model, operations []history.Operation, limit limit) answer {
	steps := &counter{}
	if limit.memory > 0 {
		// A configuration that porcupine remembers costs a set of n bits and some pointers.
		steps.most = max(limit.memory/int64(len(operations)/8+configurationBytes), 1)
	}
	switch porcupine.CheckOperationsTimeout(specification(model, steps), calls(model, operations), limit.left()) {
	case porcupine.Ok:
		return answer{verdict: Valid}
	case porcupine.Illegal:
		if steps.spent() {
			return answer{verdict: Unknown, cause: fmt.Sprintf("the search passed its bound of %d bytes after %d configurations", limit.memory, steps.most)}
		}
		return answer{verdict: Invalid}
	}
	return answer{verdict: Unknown, cause: fmt.Sprintf("the search did not end in time; it had tried %d steps", steps.taken.Load())}
}

// configurationBytes is roughly what a configuration costs beside its set of operations.
const configurationBytes = 160

// counter counts the possible steps that a search takes. When they are spent every further step is
// impossible, so that the search runs dry; its answer then counts for nothing.
type counter struct {
	taken atomic.Int64
	most  int64 // 0 for no bound
}

func (c *counter) take() bool {
	taken := c.taken.Add(1)
	return c.most == 0 || taken <= c.most
}

func (c *counter) spent() bool { return c.most > 0 && c.taken.Load() > c.most }

// specification is a model in porcupine's terms. The whole operation is the input; there is no output.
func specification(model models.Model, steps *counter) porcupine.Model {
	seed := maphash.MakeSeed() // porcupine's verdict does not depend on the hash
	return porcupine.Model{
		Init: func() any { return model.Init() },
		Step: func(state, input, _ any) (bool, any) {
			possible, next := model.Step(state.(models.State), *input.(*history.Operation))
			return possible && steps.take(), next
		},
		Equal: func(one, other any) bool { return one.(models.State).Equal(other.(models.State)) },
		Hash:  func(state any) uint64 { return maphash.String(seed, state.(models.State).String()) },
		DescribeOperation: func(input, _ any) string {
			return model.Describe(*input.(*history.Operation))
		},
		DescribeState: func(state any) string { return state.(models.State).String() },
	}
}

// calls are the operations in porcupine's terms, their intervals as tight as is exact.
func calls(model models.Model, operations []history.Operation) []porcupine.Operation {
	kept := operations
	if model.IsRegister {
		kept = tighten(operations)
	}
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
	operations := c.relevant(h.ByKey(key))
	if len(operations) == 0 {
		return fmt.Errorf("no operation on %q to show", key)
	}
	limit := limit{}.atMost(showLimit)
	if len(operations) > mostShown {
		if c.judge(operations, limit).verdict == Invalid {
			operations = c.witness(operations, nil, limit).Operations
		} else {
			operations = withoutOrphans(operations, operations[:mostShown])
		}
	}
	model := specification(c.Model, &counter{})
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
