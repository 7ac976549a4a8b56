package checker

import (
	"fmt"

	"cleave/history"
	"cleave/models"
)

// explain tells what each operation of a witness did, and at the one that contradicts the others why.
// Failed are operations that certainly did not happen.
func explain(operations, failed []history.Operation, model models.Model) []string {
	sentences := make([]string, 0, len(operations)+1)
	for i := range operations {
		sentences = append(sentences, tell(operations[i]))
	}
	var found *contradiction
	if model.IsRegister {
		found, _ = checkZones(operations)
	}
	if found == nil {
		return append(sentences, "no order of these operations, each at an instant within its interval, gives these answers")
	}
	story := story{operations, failed, found.operations}
	culprit, but := story.of(found.kind)
	if culprit < 0 {
		return append(sentences, but)
	}
	sentences[culprit] += ", but " + but
	return sentences
}

// tell says what an operation did, and when.
func tell(operation history.Operation) string {
	client, when := operation.Client, during(operation)
	value, writes := models.Written(operation)
	expected, swaps := models.Expected(operation)
	switch {
	case swaps && operation.Outcome == history.Ok:
		return fmt.Sprintf("%s replaced %s by %s at %s, acknowledged", client, expected, value, when)
	case swaps:
		return fmt.Sprintf("%s asked at %s to replace %s by %s and never learnt the outcome", client, second(operation.Invoked), expected, value)
	case writes && operation.Outcome == history.Ok:
		return fmt.Sprintf("%s wrote %s at %s, acknowledged", client, value, when)
	case writes:
		return fmt.Sprintf("%s asked at %s to write %s and never learnt the outcome", client, second(operation.Invoked), value)
	case operation.Outcome == history.Ok && !operation.Function.Mutates():
		return fmt.Sprintf("%s read %s at %s", client, operation.Result, when)
	}
	return fmt.Sprintf("%s did %s at %s", client, operation.Function, when)
}

// during is the interval of an operation: "12.300-12.310 s".
func during(operation history.Operation) string {
	if operation.Completed == history.Forever {
		return fmt.Sprintf("%.3f s or later", operation.Invoked.Seconds())
	}
	return fmt.Sprintf("%.3f-%.3f s", operation.Invoked.Seconds(), operation.Completed.Seconds())
}

func second(at history.Time) string { return fmt.Sprintf("%.3f s", at.Seconds()) }

// story tells a contradiction; places are its operations, as the contradiction's kind has them.
type story struct {
	operations []history.Operation
	failed     []history.Operation
	places     []int
}

// of gives the position of the operation that contradicts the others, -1 if it is all of them, and why.
func (s story) of(kind contradictionKind) (culprit int, but string) {
	switch kind {
	case unwritten:
		return s.unwritten()
	case forked:
		return s.places[1], fmt.Sprintf("%s, too, had replaced that value", s.operations[s.places[0]].Client)
	case circular:
		return -1, "each of these swaps found what another of them was yet to write"
	case backwards:
		return s.backwards()
	case interleaved:
		return s.interleaved()
	}
	return s.enclosed()
}

func (s story) unwritten() (int, string) {
	culprit := s.places[0]
	value, _ := seen(s.operations[culprit])
	for i := range s.failed {
		if written, writes := models.Written(s.failed[i]); writes && written.Equal(value) {
			return culprit, fmt.Sprintf("%s, which had asked to write %s, was told that it failed", s.failed[i].Client, value)
		}
	}
	return culprit, fmt.Sprintf("nobody had written %s", value)
}

// backwards: the first must come before the second, but was invoked after it had completed.
func (s story) backwards() (int, string) {
	early := s.operations[s.places[0]]
	value, writes := s.value(s.places[0])
	if !writes {
		return s.places[0], fmt.Sprintf("%s had been replaced by then: %s", value, s.proof(s.places[1]))
	}
	found, _ := seen(s.operations[s.places[1]])
	if found.Equal(value) {
		return s.places[1], fmt.Sprintf("nobody had asked to write %s before %s", value, second(early.Invoked))
	}
	return s.places[1], fmt.Sprintf("that rests on %s, which nobody had asked to write before %s", value, second(early.Invoked))
}

// interleaved: two values that were each there before and after the other. The culprit is the last
// that saw or swapped one of them.
func (s story) interleaved() (int, string) {
	mine, other := [2]int{s.places[0], s.places[1]}, [2]int{s.places[2], s.places[3]}
	if s.invoked(other[1]) > s.invoked(mine[1]) {
		mine, other = other, mine
	}
	return mine[1], fmt.Sprintf("%s, and %s, when %s; a value that was written once cannot come back",
		s.proof(other[0]), tell(s.operations[other[1]]), s.proof(mine[0]))
}

// enclosed: a value was there before and after another one, which came and went in between.
func (s story) enclosed() (int, string) { return s.places[1], s.proof(s.places[2]) }

func (s story) invoked(place int) history.Time {
	if place < 0 {
		return beginning
	}
	return s.operations[place].Invoked
}

// proof tells by when the value of an operation was certainly there.
func (s story) proof(place int) string {
	value, writes := s.value(place)
	if place < 0 {
		return "nothing was there at the start"
	}
	operation := s.operations[place]
	if writes {
		return fmt.Sprintf("%s had been written and acknowledged at %s", value, second(operation.Completed))
	}
	return fmt.Sprintf("%s had read %s by %s", operation.Client, value, second(operation.Completed))
}

// value is the value that an operation wrote, or else saw.
func (s story) value(place int) (value history.Value, writes bool) {
	if place < 0 {
		return history.Nothing, false
	}
	if value, writes := models.Written(s.operations[place]); writes {
		return value, true
	}
	value, _ = seen(s.operations[place])
	return value, false
}
