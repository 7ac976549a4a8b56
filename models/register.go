package models

import (
	"fmt"

	"cleave/history"
)

// Register is the model of a variable that starts as nothing: "write" sets it, every kind of read
// gives what it holds, "cas" with [expected new] sets it to new if it holds expected.
//
//	write 7        any state  -> 7
//	read = 7       7          -> 7
//	cas [7 8]      7          -> 8
//	cas [7 8] info 7 -> 8, any other state stays
func Register() Model {
	shapes := []Shape{
		{history.Write, anything, anything, "sets the register to the argument"},
		{history.CAS, row("[expected new]", anything, anything), anything, "sets the register to new, given that it holds expected"},
		{history.Read, anything, anything, "gives what the register holds; so do sync-read and quorum-read"},
		{history.SyncRead, anything, anything, "the same"},
		{history.QuorumRead, anything, anything, "the same"},
		{history.MultiWrite, anything, anything, "sets both halves of a pair to the argument"},
		{history.Pair, anything, row("[one other]", anything, anything), "gives both halves of a pair, at one instant"},
	}
	return Model{
		Name: "register", Summary: "a variable that starts as nothing, with read, write and compare-and-set",
		Shapes: shapes, Describe: describeRegister,
		Init:     func() State { return State{} },
		Step:     stepRegister,
		Observes: func(operation history.Operation) bool { return !operation.Function.Mutates() },
		Brings:   bringsRegister, Needs: needsRegister, Forgets: true,
		IsRegister: true,
	}
}

// CASRegister is the model Register under the name that histories of other tools have for it.
func CASRegister() Model {
	model := Register()
	model.Name = "cas-register"
	return model
}

func stepRegister(state State, operation history.Operation) (bool, State) {
	if operation.Outcome == history.Fail {
		return true, state
	}
	if operation.Function == history.CAS && operation.Outcome == history.Info {
		expected, next, _ := swap(operation)
		if state.Value.Equal(expected) {
			return true, Holding(next)
		}
		return true, state
	}
	if observed, sees := Observed(operation); sees && !state.Value.Equal(observed) {
		return false, state
	}
	if written, writes := Written(operation); writes {
		return true, Holding(written)
	}
	return true, state
}

// bringsRegister: nothing was there at the start, so nobody needs to bring it.
func bringsRegister(operation history.Operation) []history.Value {
	if written, writes := Written(operation); writes && !written.IsNothing() {
		return []history.Value{written}
	}
	return nil
}

func needsRegister(operation history.Operation) []history.Value {
	found, sees := Expected(operation)
	if !sees {
		found, sees = Observed(operation)
	}
	if !sees || found.IsNothing() {
		return nil
	}
	return []history.Value{found}
}

// Written is the value that a register holds after the operation, if it took effect, and whether the
// operation is one that writes.
func Written(operation history.Operation) (history.Value, bool) {
	switch operation.Function {
	case history.Write, history.MultiWrite:
		return operation.Argument, true
	case history.CAS:
		_, next, wellFormed := swap(operation)
		return next, wellFormed
	}
	return history.Nothing, false
}

// Observed is the value that a register must have held before the operation, and whether the operation
// says so: an ok read and an ok compare-and-set do.
func Observed(operation history.Operation) (history.Value, bool) {
	if operation.Outcome != history.Ok {
		return history.Nothing, false
	}
	switch operation.Function {
	case history.Read, history.SyncRead, history.QuorumRead:
		return operation.Result, true
	case history.Pair:
		return observedPair(operation.Result), true
	}
	return Expected(operation)
}

// Expected is the value that a compare-and-set replaces, and whether the operation is one.
func Expected(operation history.Operation) (history.Value, bool) {
	if operation.Function != history.CAS {
		return history.Nothing, false
	}
	expected, _, wellFormed := swap(operation)
	return expected, wellFormed
}

// Whole is the value that both halves of a pair hold, and whether they do. A pair that was never written
// holds nothing, whether its halves are there, as 0, or not.
func Whole(one, other history.Value) (history.Value, bool) {
	if initial(one) && initial(other) {
		return history.Nothing, true
	}
	return one, one.Equal(other)
}

func initial(half history.Value) bool { return half.IsNothing() || half.Equal(history.Integer(0)) }

// observedPair is what a read of a pair saw: the value of both halves, or the two as they are, which
// nobody writes.
func observedPair(result history.Value) history.Value {
	if halves, _ := result.AsList(); len(halves) == 2 {
		if value, whole := Whole(halves[0], halves[1]); whole {
			return value
		}
	}
	return result
}

// swap takes a compare-and-set's argument apart.
func swap(operation history.Operation) (expected, next history.Value, wellFormed bool) {
	pair, isList := operation.Argument.AsList()
	if !isList || len(pair) != 2 {
		return history.Nothing, history.Nothing, false
	}
	return pair[0], pair[1], true
}

func describeRegister(operation history.Operation) string {
	text := string(operation.Function)
	if !operation.Argument.IsNothing() {
		text += " " + operation.Argument.String()
	}
	switch {
	case operation.Outcome == history.Info:
		return text + " -> ?"
	case operation.Outcome == history.Ok && !operation.Function.Mutates():
		return fmt.Sprintf("%s -> %s", text, operation.Result)
	}
	return text
}
