package evidence

import (
	"fmt"

	"cleave/history"
	"cleave/models"
)

// Tell says what an operation did, when, and to which object, as the beginning of a sentence:
// "c1 wrote 7 to x at 1.000-1.020 s, acknowledged".
func Tell(operation history.Operation) string {
	did, wanted := written(operation, operation.Key)
	switch {
	case did != "" && operation.Outcome == history.Ok:
		return acknowledged(operation, did)
	case did != "":
		return unlearnt(operation, wanted)
	}
	if value, reads := models.Observed(operation); reads {
		return fmt.Sprintf("%s read %s%s at %s", Who(operation), value, after(" from ", operation.Key), During(operation))
	}
	return tellOther(operation)
}

// written says what an operation that writes a register did, or wanted; nothing of another one. The key is named
// unless it is empty.
func written(operation history.Operation, key string) (did, wanted string) {
	value, writes := models.Written(operation)
	if !writes {
		return "", ""
	}
	if expected, swaps := models.Expected(operation); swaps {
		swap := fmt.Sprintf("%s%s by %s", expected, after(" of ", key), value)
		return "replaced " + swap, "to replace " + swap
	}
	return fmt.Sprintf("wrote %s%s", value, after(" to ", key)), fmt.Sprintf("to write %s%s", value, after(" to ", key))
}

func after(word, key string) string {
	if key == "" {
		return ""
	}
	return word + key
}

func acknowledged(operation history.Operation, did string) string {
	return fmt.Sprintf("%s %s at %s, acknowledged", Who(operation), did, During(operation))
}

func unlearnt(operation history.Operation, wanted string) string {
	return fmt.Sprintf("%s asked at %s %s and never learnt the outcome", Who(operation), Second(operation.Invoked), wanted)
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
	text += after(" on ", operation.Key)
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
