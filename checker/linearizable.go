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

// Check judges key after key, in order, and stops at the first that it finds invalid. Keys whose search takes long are
// looked at again when all others are decided.
func (l Linearizable) Check(h *history.History, budget Budget) Result {
	limit, objects := newLimit(budget), l.objects(h)
	result := Result{Verdict: Unknown, Reason: "no operation to judge", Methods: make([]Method, len(objects))}
	undecided, operations := make([]int, len(objects)), 0
	for i := range objects {
		undecided[i] = i
		operations += len(objects[i].operations)
	}
	causes := make([]string, len(objects))
	for _, most := range rounds(len(objects)) {
		limit.configurations = most
		var left []int
		for _, i := range undecided {
			o, started := objects[i], now()
			answer := l.judge(o.operations, limit)
			result.Methods[i] = Method{o.key, len(o.operations), answer.algorithm, answer.why, answer.verdict, now().Sub(started)}
			switch answer.verdict {
			case Invalid:
				result.Verdict, result.Witness = Invalid, l.witness(o.operations, answer, l.refused(h, o.key), limit)
				result.Reason = fmt.Sprintf("no order of the operations%s, each at an instant within its interval, gives the answers seen", on(o.key))
				result.Methods = slices.DeleteFunc(result.Methods, func(m Method) bool { return m.Verdict == "" })
				return result
			case Unknown:
				left, causes[i] = append(left, i), answer.cause
			}
		}
		undecided = left
	}
	switch {
	case len(objects) == 0:
	case len(undecided) > 0:
		first := objects[undecided[0]]
		result.Reason = fmt.Sprintf("%d of %d keys were not decided; %s (%d operations): %s", len(undecided), len(objects),
			first.key, len(first.operations), causes[undecided[0]])
	default:
		result.Verdict = Valid
		result.Reason = fmt.Sprintf("%s, %s: an order explains every answer", counted(len(objects), "key"), counted(operations, "operation"))
	}
	return result
}

// object is what is judged by itself.
type object struct {
	key        string
	operations []history.Operation
}

// objects are the keys with an operation that says something; or, of a model that is one object, all keys as one.
func (l Linearizable) objects(h *history.History) []object {
	if l.Model.Whole {
		var judged []history.Operation
		for i := range h.Operations {
			if l.concerns(&h.Operations[i]) {
				judged = append(judged, h.Operations[i])
			}
		}
		if len(judged) == 0 {
			return nil
		}
		return []object{{"", judged}}
	}
	var objects []object
	for _, key := range h.Keys() {
		if judged := h.Select(key, l.concerns); len(judged) > 0 {
			objects = append(objects, object{key, judged})
		}
	}
	return objects
}

// A search of one key among several is cut off in the first round, so that one hard key does not keep the others
// from being judged.
const firstRound = 100_000 // configurations

// rounds are the bounds of searches, round after round; 0 is no bound.
func rounds(objects int) []int64 {
	if objects > 1 {
		return []int64{firstRound, 0}
	}
	return []int64{0}
}

// on is " on KEY", or nothing for the one object without a key.
func on(key string) string {
	if key == "" {
		return ""
	}
	return " on " + key
}

// concerns tells whether an operation says something.
func (l Linearizable) concerns(operation *history.Operation) bool {
	return slices.Contains(l.Functions, operation.Function) && operation.Outcome != history.Fail &&
		(operation.Outcome != history.Info || operation.Function.Mutates())
}

// refused are the operations on an object that certainly did not happen.
func (l Linearizable) refused(h *history.History, key string) []history.Operation {
	var failed []history.Operation
	for i := range h.Operations {
		if o := &h.Operations[i]; o.Outcome == history.Fail && (l.Model.Whole || o.Key == key) {
			failed = append(failed, *o)
		}
	}
	return failed
}

// answer is a verdict on one key, with the cause if it is Unknown. If a search found it Invalid, stuck is the
// position of an operation that cannot complete after those before it; else it is negative.
type answer struct {
	verdict Verdict
	cause   string
	stuck   int
	linear  linear.Answer // what a special algorithm found, if it was one

	algorithm, why string // how it was found, and why so
}

// nobody is no position.
const nobody = -1

// judge decides by the special algorithm of the model where it applies, else by search.
func (l Linearizable) judge(operations []history.Operation, limit limit) answer {
	found := linear.Judge(l.Model.Name, operations)
	special := answer{stuck: nobody, linear: found, algorithm: "the special algorithm for a " + l.Model.Name + ", in n log n",
		why: "the history is unambiguous"}
	switch found.Verdict {
	case linear.Valid:
		special.verdict = Valid
		return special
	case linear.Invalid:
		special.verdict = Invalid
		return special
	}
	searched := search(l.Model, operations, limit)
	searched.why = found.Cause
	return searched
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
	deadline       time.Time // zero for none
	memory         int64     // bytes, 0 for no bound
	configurations int64     // of a search, 0 for no bound
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
