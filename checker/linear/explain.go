package linear

import (
	"fmt"
	"slices"
	"strings"

	"cleave/checker/evidence"
	"cleave/history"
	"cleave/models"
)

// Alone are the operations of a witness, in order, out of those that were given to Judge, and the answer
// with their positions.
func (a Answer) Alone(operations []history.Operation) ([]history.Operation, Answer) {
	places := map[int]int{}
	var few []history.Operation
	for _, position := range a.Witness() {
		places[position] = len(few)
		few = append(few, operations[position])
	}
	roles := make([]int, len(a.Roles))
	for i, role := range a.Roles {
		roles[i] = none
		if role >= 0 {
			roles[i] = places[role]
		}
	}
	a.Roles = roles
	return few, a
}

// Explain tells what each operation did, and at the one that contradicts the others why, as an invalid answer on
// these operations has it: one sentence for each operation, and one more where the contradiction is that of all.
// Failed are operations that certainly did not happen.
func Explain(operations, failed []history.Operation, answer Answer) []string {
	sentences := make([]string, 0, len(operations)+1)
	for i := range operations {
		sentences = append(sentences, evidence.TellAlone(operations[i]))
	}
	if answer.Verdict != Invalid {
		return append(sentences, "no order of these operations, each at an instant within its interval, gives these answers")
	}
	culprit, but := story{operations, failed, answer}.tell()
	if culprit < 0 {
		return append(sentences, but)
	}
	sentences[culprit] = strings.TrimSuffix(sentences[culprit], ",") + ", but " + but
	return sentences
}

// story tells a contradiction.
type story struct {
	operations []history.Operation
	failed     []history.Operation
	answer     Answer
}

// tell gives the position of the operation that contradicts the others, below 0 if it is all of them, and why.
func (s story) tell() (culprit int, but string) {
	switch s.answer.Reason {
	case Unwritten:
		return s.unwritten()
	case Forked:
		if s.operations[s.role(1)].Function == history.Add {
			return s.role(1), fmt.Sprintf("%s, too, had added to the same sum", s.client(0))
		}
		return s.role(1), fmt.Sprintf("%s, too, had replaced that value", s.client(0))
	case Circular:
		return none, "each of these swaps found what another of them was yet to write"
	case Backwards:
		return s.backwards()
	case Interleaved:
		return s.interleaved()
	case Enclosed:
		// A value was there before and after another one, which came and went in between.
		return s.role(1), s.proof(s.role(2))
	case NeverAdded, Absent, Present:
		return s.element()
	case TooHigh, TooLow, NotMultiple:
		return s.count()
	case NotHeld, HeldAlready, TwoHolders, Free:
		return s.lock()
	}
	return s.collection()
}

func (s story) role(i int) int { return s.answer.Roles[i] }

func (s story) client(i int) string { return s.operations[s.role(i)].Client }

func (s story) unwritten() (int, string) {
	culprit := s.role(0)
	value, _ := sawOf(s.operations[culprit])
	for i := range s.failed {
		if written, writes := broughtBy(s.failed[i]); writes && written.Equal(value) {
			asked := evidence.Wanted(s.failed[i])
			if _, swaps := models.Expected(s.failed[i]); swaps {
				asked = "to write " + value.String()
			}
			return culprit, fmt.Sprintf("%s, which had asked %s, was told that it failed", s.failed[i].Client, asked)
		}
	}
	_, isRegister := models.Observed(s.operations[culprit])
	switch {
	case slices.ContainsFunc(s.operations, func(o history.Operation) bool { return o.Function == history.Add }):
		return culprit, fmt.Sprintf("no adds had made it %s", value)
	case isRegister:
		return culprit, fmt.Sprintf("nobody had written %s", value)
	}
	return culprit, fmt.Sprintf("nobody had put %s in", value)
}

// backwards: the first must come before the second, but was invoked after it had completed.
func (s story) backwards() (int, string) {
	early := s.operations[s.role(0)]
	value, writes := s.value(s.role(0))
	if !writes {
		return s.role(0), fmt.Sprintf("%s had been replaced by then: %s", value, s.proof(s.role(1)))
	}
	found, _ := sawOf(s.operations[s.role(1)])
	if found.Equal(value) {
		return s.role(1), fmt.Sprintf("nobody had asked to write %s before %s", value, evidence.Second(early.Invoked))
	}
	return s.role(1), fmt.Sprintf("that rests on %s, which nobody had asked to write before %s", value, evidence.Second(early.Invoked))
}

// interleaved: two values that were each there before and after the other. The culprit is the last
// that saw or swapped one of them.
func (s story) interleaved() (int, string) {
	mine, other := [2]int{s.role(0), s.role(1)}, [2]int{s.role(2), s.role(3)}
	if s.invoked(other[1]) > s.invoked(mine[1]) {
		mine, other = other, mine
	}
	if mine[1] < 0 || other[1] < 0 {
		return none, "each of these values was first when the other no longer can have been, since one of them was never taken"
	}
	return mine[1], fmt.Sprintf("%s, and %s, when %s; a value that was written once cannot come back",
		s.proof(other[0]), evidence.TellAlone(s.operations[other[1]]), s.proof(mine[0]))
}

func (s story) invoked(place int) history.Time {
	if place < 0 {
		return beginning
	}
	return s.operations[place].Invoked
}

// proof tells by when the value of an operation was certainly there.
func (s story) proof(place int) string {
	if place < 0 {
		return "nothing was there at the start"
	}
	operation := s.operations[place]
	value, writes := s.value(place)
	if writes {
		return fmt.Sprintf("%s had been written and acknowledged at %s", value, evidence.Second(operation.Completed))
	}
	did, _ := evidence.Did(operation)
	return fmt.Sprintf("%s had %s by %s", operation.Client, did, evidence.Second(operation.Completed))
}

// value is the value that an operation wrote, or else saw.
func (s story) value(place int) (value history.Value, writes bool) {
	if place < 0 {
		return history.Nothing, false
	}
	if value, writes := models.Written(s.operations[place]); writes {
		return value, true
	}
	if s.operations[place].Function == history.Add {
		return s.operations[place].Result, true
	}
	value, _ = sawOf(s.operations[place])
	return value, false
}

// sawOf is the value that an operation found, given that it took effect.
func sawOf(operation history.Operation) (history.Value, bool) {
	if expected, isSwap := models.Expected(operation); isSwap {
		return expected, true
	}
	if observed, sees := models.Observed(operation); sees {
		return observed, true
	}
	amount, adds := operation.Argument.AsInteger()
	if sum, told := operation.Result.AsInteger(); adds && told {
		return history.Integer(sum - amount), true
	}
	return operation.Result, operation.Outcome == history.Ok
}

// broughtBy is the value that an operation writes or puts in.
func broughtBy(operation history.Operation) (history.Value, bool) {
	if written, writes := models.Written(operation); writes {
		return written, true
	}
	switch operation.Function {
	case history.Enqueue, history.Push, history.Insert, history.Add:
		return operation.Argument, true
	}
	return history.Nothing, false
}
