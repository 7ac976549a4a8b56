package models

import (
	"slices"

	"cleave/history"
)

// Set is the model of a set that starts empty.
//
//	add x           x is in the set afterwards
//	add x = 1       the same, and it was not before; 0: it was
//	remove x        x is not in the set afterwards
//	remove x = 1    the same, and it was before; 0: it was not
//	read x = 1      x is in the set; 0: it is not
//	read = [x y]    the set is x and y, in any order
func Set() Model {
	shapes := []Shape{
		{history.Add, element, truth.or(none), "puts the argument in; the result, if there is one, is 1 if it was not there"},
		{history.Remove, element, truth.or(none), "takes the argument out; the result, if there is one, is 1 if it was there"},
		{history.Read, anything, truth.or(list), "tells whether the argument is there; without one, gives all elements"},
	}
	return Model{
		Name: "set", Summary: "a set that starts empty, with add, remove and read of one element or of all",
		Shapes: shapes, Describe: describe(shapes, false),
		Init:     func() State { return State{} },
		Step:     step(stepSet).orNothing,
		Observes: observesSet,
		Brings:   bringsSet, Needs: needsSet, Forgets: true,
	}
}

func stepSet(state State, operation history.Operation) (bool, State) {
	x := operation.Argument
	there := state.Items.Has(x)
	switch operation.Function {
	case history.Add:
		return gaveOrSilent(operation, flag(!there)), State{Items: state.Items.With(x, history.Nothing)}
	case history.Remove:
		return gaveOrSilent(operation, flag(there)), State{Items: state.Items.Without(x)}
	}
	if x.IsNothing() {
		return sameElements(operation.Result, state.Items), state
	}
	return gave(operation, flag(there)), state
}

// sameElements tells whether a list has the keys of the items, each once, in any order.
func sameElements(result history.Value, items Items) bool {
	elements, _ := result.AsList()
	if len(elements) != items.Len() {
		return false
	}
	elements = slices.SortedFunc(slices.Values(elements), compare)
	return history.List(elements...).Equal(items.Keys())
}

// observesSet: reads, and what found that there was nothing to do.
func observesSet(operation history.Operation) bool {
	return operation.Function == history.Read || operation.Outcome == history.Ok && operation.Result.Equal(flag(false))
}

// bringsSet: who found an element there did not bring it.
func bringsSet(operation history.Operation) []history.Value {
	if operation.Function != history.Add || observesSet(operation) {
		return nil
	}
	return []history.Value{operation.Argument}
}

// needsSet: an element that is there was put there.
func needsSet(operation history.Operation) []history.Value {
	if operation.Outcome != history.Ok {
		return nil
	}
	there := flag(operation.Function != history.Add) // the result that says that the argument was there
	switch elements, all := operation.Result.AsList(); {
	case operation.Function == history.Read && operation.Argument.IsNothing() && all:
		return elements
	case operation.Result.Equal(there):
		return []history.Value{operation.Argument}
	}
	return nil
}
