package checker

import (
	"fmt"
	"slices"
	"time"

	"cleave/checker/linear"
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
// Registers, queues, stacks and priority queues whose values are all put in once, and sets, counters and
// locks within limits, are judged exactly in O(n log n) by package linear; anything else by the search of
// package engine, within the budget. What either finds invalid, porcupine confirms on the witness.
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
		judged := h.Select(key, l.concerns)
		if len(judged) == 0 {
			continue
		}
		keys, operations = keys+1, operations+len(judged)
		switch answer := l.judge(judged, limit); answer.verdict {
		case Invalid:
			witness := l.witness(judged, answer, refused(h.ByKey(key)), limit)
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

// concerns tells whether an operation says something.
func (l Linearizable) concerns(operation *history.Operation) bool {
	return slices.Contains(l.Functions, operation.Function) && operation.Outcome != history.Fail &&
		(operation.Outcome != history.Info || operation.Function.Mutates())
}

// refused are the operations that certainly did not happen.
func refused(operations []history.Operation) []history.Operation {
	return slices.DeleteFunc(operations, func(operation history.Operation) bool { return operation.Outcome != history.Fail })
}

// answer is a verdict on one key, with the cause if it is Unknown. If a search found it Invalid, stuck is the
// position of an operation that cannot complete after those before it; else it is negative.
type answer struct {
	verdict Verdict
	cause   string
	stuck   int
	linear  linear.Answer // what a special algorithm found, if it was one
}

// nobody is no position.
const nobody = -1

// judge decides by the special algorithm of the model where it applies, else by search.
func (l Linearizable) judge(operations []history.Operation, limit limit) answer {
	switch found := linear.Judge(l.Model.Name, operations); found.Verdict {
	case linear.Valid:
		return answer{verdict: Valid, stuck: nobody}
	case linear.Invalid:
		return answer{verdict: Invalid, stuck: nobody, linear: found}
	}
	return search(l.Model, operations, limit)
}

// witness is the fewest operations found that no order explains. Unless they are many, porcupine has
// confirmed them. A disagreement would be a mistake of this package, so it panics.
func (l Linearizable) witness(operations []history.Operation, found answer, failed []history.Operation, limit limit) *Witness {
	var fewest []history.Operation
	var explained linear.Answer
	switch {
	case found.stuck >= 0:
		fewest = l.stuckOnes(operations, operations[found.stuck], limit)
		explained = linear.Judge(l.Model.Name, fewest)
	case l.Model.IsRegister:
		fewest = l.fewest(operations, found.linear, limit)
		explained = linear.Judge(l.Model.Name, fewest)
	default:
		fewest, explained = found.linear.Alone(operations)
	}
	if !confirmed(l.Model, fewest, limit.atMost(confirmation)) {
		panic("linearizable: porcupine finds an order for the witness")
	}
	return &Witness{Key: operations[0].Key, Operations: fewest, Explanation: linear.Explain(fewest, failed, explained)}
}

// fewest are the fewest operations of a register that contradict each other by themselves.
func (l Linearizable) fewest(operations []history.Operation, found linear.Answer, limit limit) []history.Operation {
	illegal := func(candidate []history.Operation) bool { return l.judge(candidate, limit).verdict == Invalid }
	core := withWriters(l.Model, operations, found.Witness())
	if !illegal(core) {
		core = operations
	}
	return shrink(core, withoutOrphans(l.Model), illegal)
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
