package checker

import (
	"fmt"
	"slices"
	"time"

	"cleave/history"
	"cleave/models"
)

// Linearizable judges whether every operation can have taken effect at one instant between its
// invocation and its completion (Herlihy and Wing, TOPLAS 1990), each key for itself, which is enough
// because linearizability is local.
//
// What failed certainly did not happen and is left out; a read of unknown outcome says nothing and is
// left out; any other operation of unknown outcome may take effect at any time after its invocation,
// or never.
//
//	c1 |--write 1--|
//	c2               |--write 2--|
//	c3                             |--read 1--|    invalid: 2 had been acknowledged
//
// A register whose written values are all different is judged exactly in O(n log n) by the zones of
// its values; anything else by porcupine's search, within the budget. What the zones find invalid,
// porcupine confirms on the witness.
type Linearizable struct {
	Model     models.Model
	Functions []history.Function // operations with other functions are left out
}

// Name is "linearizable".
func (Linearizable) Name() string { return "linearizable" }

// Check judges key after key, in order, and stops at the first invalid one.
func (l Linearizable) Check(h *history.History, budget Budget) Result {
	limit := newLimit(budget)
	keys, operations := 0, 0
	var undecided []string
	for _, key := range h.Keys() {
		judged := l.relevant(h.ByKey(key))
		if len(judged) == 0 {
			continue
		}
		keys, operations = keys+1, operations+len(judged)
		switch answer := l.judge(judged, limit); answer.verdict {
		case Invalid:
			witness := l.witness(judged, refused(h.ByKey(key)), limit)
			return Result{Verdict: Invalid, Witness: witness,
				Reason: fmt.Sprintf("no order of the operations on %s, each at an instant within its interval, gives the answers seen", key)}
		case Unknown:
			undecided = append(undecided, fmt.Sprintf("%s (%d operations): %s", key, len(judged), answer.cause))
		}
	}
	switch {
	case keys == 0:
		return Result{Verdict: Unknown, Reason: "no operation to judge"}
	case len(undecided) > 0:
		return Result{Verdict: Unknown, Reason: fmt.Sprintf("%d of %d keys were not decided; %s", len(undecided), keys, undecided[0])}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s, %s: an order explains every answer", counted(keys, "key"), counted(operations, "operation"))}
}

// relevant are the operations that say something.
func (l Linearizable) relevant(operations []history.Operation) []history.Operation {
	return slices.DeleteFunc(operations, func(operation history.Operation) bool {
		return !slices.Contains(l.Functions, operation.Function) || operation.Outcome == history.Fail ||
			operation.Outcome == history.Info && !operation.Function.Mutates()
	})
}

// refused are the operations that certainly did not happen.
func refused(operations []history.Operation) []history.Operation {
	return slices.DeleteFunc(operations, func(operation history.Operation) bool { return operation.Outcome != history.Fail })
}

// answer is a verdict on one key, with the cause if it is Unknown.
type answer struct {
	verdict Verdict
	cause   string
}

// judge decides by zones where they apply, else by search.
func (l Linearizable) judge(operations []history.Operation, limit limit) answer {
	if l.Model.IsRegister {
		if found, applies := checkZones(operations); applies {
			if found == nil {
				return answer{verdict: Valid}
			}
			return answer{verdict: Invalid}
		}
	}
	return search(l.Model, operations, limit)
}

// witness is the fewest operations found that no order explains. Unless they are many, porcupine has
// confirmed them. A disagreement would be a mistake of this package, so it panics.
func (l Linearizable) witness(operations, failed []history.Operation, limit limit) *Witness {
	illegal := func(candidate []history.Operation) bool { return l.judge(candidate, limit).verdict == Invalid }
	core := operations
	if l.Model.IsRegister {
		if found, applies := checkZones(operations); applies && found != nil {
			core = withWriters(operations, found.operations)
		}
	}
	if !illegal(core) {
		core = operations
	}
	fewest := shrink(core, illegal)
	if search(l.Model, fewest, limit.atMost(confirmation)).verdict == Valid {
		panic("linearizable: porcupine finds an order for the witness of the zones")
	}
	return &Witness{Key: operations[0].Key, Operations: fewest, Explanation: explain(fewest, failed, l.Model)}
}

// confirmation bounds the search that confirms a witness. A witness has few operations; this is for
// one that hangs on a long chain of swaps.
const confirmation = 2 * time.Second

// limit is what is left of a Budget.
type limit struct {
	deadline time.Time // zero for none
	memory   int64     // bytes, 0 for no bound
}

func newLimit(budget Budget) limit {
	l := limit{memory: budget.Memory}
	if budget.Time > 0 {
		l.deadline = now().Add(budget.Time)
	}
	return l
}

// left is the time until the deadline, at least a nanosecond; 0 if there is none.
func (l limit) left() time.Duration {
	if l.deadline.IsZero() {
		return 0
	}
	return max(l.deadline.Sub(now()), 1)
}

// atMost is the limit with a nearer deadline.
func (l limit) atMost(duration time.Duration) limit {
	if left := l.left(); left == 0 || left > duration {
		l.deadline = now().Add(duration)
	}
	return l
}

// now reads the wall clock, for budgets alone.
func now() time.Time {
	// wall time: a search is bounded by the time that people wait
	return time.Now()
}
