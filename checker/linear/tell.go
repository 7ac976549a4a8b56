package linear

import (
	"fmt"

	"cleave/history"
	"cleave/models"
)

// Tell says what an operation did, and when: "c1 wrote 7 at 1.000-1.020 s, acknowledged".
func Tell(operation history.Operation) string {
	switch operation.Outcome {
	case history.Ok:
		did, answered := did(operation)
		end := ""
		if !answered {
			end = ", acknowledged"
		}
		return fmt.Sprintf("%s %s at %s%s", operation.Client, did, during(operation), end)
	case history.Info:
		if wanted := wanted(operation); wanted != "" {
			return fmt.Sprintf("%s asked at %s %s and never learnt the outcome", operation.Client, second(operation.Invoked), wanted)
		}
	}
	return fmt.Sprintf("%s did %s at %s", operation.Client, operation.Function, during(operation))
}

// did says what an ok operation did, and whether its client was told more than that it was done.
func did(o history.Operation) (what string, answered bool) {
	result := o.Result.String()
	if value, writes := models.Written(o); writes {
		if expected, swaps := models.Expected(o); swaps {
			return fmt.Sprintf("replaced %s by %s", expected, value), false
		}
		return "wrote " + value.String(), false
	}
	switch o.Function {
	case history.Enqueue, history.Push, history.Insert:
		return past[o.Function] + " " + o.Argument.String(), false
	case history.Dequeue, history.Pop, history.RemoveMin, history.Peek:
		if o.Result.IsNothing() {
			return "found it empty", true
		}
		return past[o.Function] + " " + result, true
	case history.Add, history.Remove:
		return changed(o)
	case history.Acquire, history.Release:
		return past[o.Function] + " the lock", false
	case history.TryLock:
		if result == "0" {
			return "was refused the lock", true
		}
		return "got the lock", true
	case history.Read:
		if o.Argument.IsNothing() {
			break
		}
		if result == "0" {
			return "found no " + o.Argument.String(), true
		}
		return "found " + o.Argument.String(), true
	}
	if !o.Function.Mutates() {
		return "read " + result, true
	}
	what = "did " + string(o.Function)
	if !o.Argument.IsNothing() {
		what += " " + o.Argument.String()
	}
	return what, true
}

// changed says what an add or a remove did, which may have been told what it found: an add, a sum or whether
// the element was new, which look the same; so the words fit both.
func changed(o history.Operation) (what string, answered bool) {
	what = past[o.Function] + " " + o.Argument.String()
	if o.Result.IsNothing() {
		return what, false
	}
	return what + ", was told " + o.Result.String() + ",", true
}

// past is what was done, in a word.
var past = map[history.Function]string{
	history.Enqueue: "enqueued", history.Push: "pushed", history.Insert: "inserted", history.Dequeue: "dequeued", history.Pop: "popped",
	history.RemoveMin: "removed", history.Peek: "saw", history.Add: "added", history.Remove: "removed", history.Acquire: "got", history.Release: "gave back",
}

// wanted is what an operation of unknown outcome asked for.
func wanted(o history.Operation) string {
	if value, writes := models.Written(o); writes {
		if expected, swaps := models.Expected(o); swaps {
			return fmt.Sprintf("to replace %s by %s", expected, value)
		}
		return "to write " + value.String()
	}
	switch o.Function {
	case history.Enqueue, history.Push, history.Insert, history.Add, history.Remove:
		return fmt.Sprintf("to %s %s", o.Function, o.Argument)
	case history.Dequeue, history.Pop, history.RemoveMin:
		return fmt.Sprintf("to %s", o.Function)
	case history.Acquire, history.TryLock:
		return "for the lock"
	case history.Release:
		return "to give back the lock"
	}
	return ""
}

// during is the interval of an operation: "12.300-12.310 s".
func during(operation history.Operation) string {
	if operation.Completed == history.Forever {
		return fmt.Sprintf("%.3f s or later", operation.Invoked.Seconds())
	}
	return fmt.Sprintf("%.3f-%.3f s", operation.Invoked.Seconds(), operation.Completed.Seconds())
}

func second(at history.Time) string { return fmt.Sprintf("%.3f s", at.Seconds()) }
