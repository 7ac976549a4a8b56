package evidence

import (
	"fmt"

	"cleave/history"
	"cleave/models"
)

// Tell says what an operation did, and when, as the beginning of a sentence.
func Tell(operation history.Operation) string {
	client, when := Who(operation), During(operation)
	value, writes := models.Written(operation)
	expected, swaps := models.Expected(operation)
	known := operation.Outcome == history.Ok
	switch {
	case swaps && known:
		return fmt.Sprintf("%s replaced %s%s by %s at %s, acknowledged", client, expected, of(operation), value, when)
	case swaps:
		return fmt.Sprintf("%s asked at %s to replace %s%s by %s and never learnt the outcome",
			client, Second(operation.Invoked), expected, of(operation), value)
	case writes && known:
		return fmt.Sprintf("%s wrote %s to %s at %s, acknowledged", client, value, operation.Key, when)
	case writes:
		return fmt.Sprintf("%s asked at %s to write %s to %s and never learnt the outcome", client, Second(operation.Invoked), value, operation.Key)
	}
	if value, reads := models.Observed(operation); reads {
		return fmt.Sprintf("%s read %s from %s at %s", client, value, operation.Key, when)
	}
	return tellOther(operation)
}

func of(operation history.Operation) string {
	if operation.Key == "" {
		return ""
	}
	return " of " + operation.Key
}

// past are functions as what somebody did.
var past = map[history.Function]string{
	history.Enqueue: "enqueued", history.Dequeue: "dequeued", history.Push: "pushed", history.Pop: "popped",
	history.Insert: "inserted", history.RemoveMin: "removed the least", history.Peek: "peeked", history.Add: "added",
	history.Remove: "removed", history.Acquire: "acquired", history.TryLock: "tried to lock", history.Release: "released",
}

// tellOther tells of an operation that is none on a register.
func tellOther(operation history.Operation) string {
	ok := operation.Outcome == history.Ok
	did, known := past[operation.Function]
	if !known || !ok {
		did = "did " + string(operation.Function)
	}
	text := Who(operation) + " " + did
	if !operation.Argument.IsNothing() {
		text += " " + operation.Argument.String()
	}
	if operation.Key != "" {
		text += " on " + operation.Key
	}
	if !ok {
		return fmt.Sprintf("%s at %s and never learnt the outcome", text, Second(operation.Invoked))
	}
	text += " at " + During(operation)
	if !operation.Function.Mutates() || !operation.Result.IsNothing() || takes(operation.Function) {
		text += ", with the result " + operation.Result.String()
	}
	return text
}

// takes tells whether a function is there for its result.
func takes(function history.Function) bool {
	return function == history.Dequeue || function == history.Pop || function == history.RemoveMin
}

// Who is the client of an operation, or its process if the history names no client.
func Who(operation history.Operation) string {
	if operation.Client != "" {
		return operation.Client
	}
	return fmt.Sprintf("process %d", operation.Process)
}

// During is the interval of an operation: "12.300-12.310 s".
func During(operation history.Operation) string {
	if operation.Completed == history.Forever {
		return fmt.Sprintf("%.3f s or later", operation.Invoked.Seconds())
	}
	return fmt.Sprintf("%.3f-%.3f s", operation.Invoked.Seconds(), operation.Completed.Seconds())
}

// Second is an instant: "12.300 s".
func Second(at history.Time) string { return fmt.Sprintf("%.3f s", at.Seconds()) }

// Length is a length of time: "340.0 ms".
func Length(of history.Time) string { return fmt.Sprintf("%.1f ms", float64(of)/1e6) }

// Counted is "1 read", "2 reads".
func Counted(number int, noun string) string {
	if number == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", number, noun)
}
