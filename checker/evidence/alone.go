package evidence

import (
	"cmp"
	"fmt"

	"cleave/history"
)

// TellAlone says what an operation did, and when, where all is about one object, which then needs no name:
// "c1 wrote 7 at 1.000-1.020 s, acknowledged".
func TellAlone(operation history.Operation) string {
	switch operation.Outcome {
	case history.Ok:
		did, answered := Did(operation)
		if !answered {
			return acknowledged(operation, did)
		}
		return fmt.Sprintf("%s %s at %s", Who(operation), did, During(operation))
	case history.Info:
		if wanted := Wanted(operation); wanted != "" {
			return unlearnt(operation, wanted)
		}
	}
	return fmt.Sprintf("%s did %s at %s", Who(operation), operation.Function, During(operation))
}

// Did says what an ok operation did to the one object, and whether its client was told more than that it was done.
func Did(o history.Operation) (what string, answered bool) {
	if did, _ := written(o, ""); did != "" {
		return did, false
	}
	result := o.Result.String()
	switch o.Function {
	case history.Enqueue, history.Push, history.Insert:
		return past[o.Function] + " " + o.Argument.String(), false
	case history.Dequeue, history.Pop, history.RemoveMin, history.Peek:
		if o.Result.IsNothing() {
			return "found it empty", true
		}
		return cmp.Or(took[o.Function], past[o.Function]) + " " + result, true
	case history.Add, history.Remove:
		return changed(o)
	case history.Acquire:
		return "got the lock", false
	case history.Release:
		return "gave back the lock", false
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

// took is what was done with an element that is named.
var took = map[history.Function]string{history.RemoveMin: "removed", history.Peek: "saw"}

// changed says what an add or a remove did, which may have been told what it found: an add, a sum or whether
// the element was new, which look the same; so the words fit both.
func changed(o history.Operation) (what string, answered bool) {
	what = past[o.Function] + " " + o.Argument.String()
	if o.Result.IsNothing() {
		return what, false
	}
	return what + ", was told " + o.Result.String() + ",", true
}

// Wanted is what an operation asked of the one object, "" if it asked for an answer alone: "to write 7".
func Wanted(o history.Operation) string {
	if _, wanted := written(o, ""); wanted != "" {
		return wanted
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
