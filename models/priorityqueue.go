package models

import "cleave/history"

// PriorityQueue is the model of a queue of numbers that starts empty: the least leaves first. A number
// can be in it several times.
//
//	insert n        n is in the queue, once more
//	remove-min = n  n was the least, and is there once less; nothing: the queue is empty
//	peek = n        n is the least; nothing: the queue is empty
func PriorityQueue() Model {
	shapes := []Shape{
		{history.Insert, number, none, "puts the argument in"},
		{history.RemoveMin, none, number.or(none), "takes the least number; nothing if there is none"},
		{history.Peek, none, number.or(none), "gives the least number, and leaves it"},
	}
	return Model{
		Name: "priority-queue", Summary: "a queue of numbers that starts empty: the least leaves first",
		Shapes: shapes, Describe: describe(shapes, false),
		Init:     func() State { return State{} },
		Step:     step(stepPriorityQueue).orNothing,
		Observes: observesCollection,
		Brings:   argumentOf(history.Insert), Needs: resultOf(history.RemoveMin, history.Peek), Forgets: true,
	}
}

// stepPriorityQueue: the items are the numbers, each with how many times it is there.
func stepPriorityQueue(state State, operation history.Operation) (bool, State) {
	least, times := state.Items.First()
	switch operation.Function {
	case history.Insert:
		already, _ := state.Items.Get(operation.Argument)
		return true, State{Items: oneMore(state.Items, operation.Argument, already, 1)}
	case history.RemoveMin:
		return gave(operation, least), State{Items: oneMore(state.Items, least, times, -1)}
	}
	return gave(operation, least), state
}

// oneMore counts a number that is there so many times up or down.
func oneMore(items Items, number, times history.Value, change int64) Items {
	before, _ := times.AsInteger()
	if before+change <= 0 {
		return items.Without(number)
	}
	return items.With(number, history.Integer(before+change))
}
