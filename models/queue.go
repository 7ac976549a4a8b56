package models

import "cleave/history"

// FIFOQueue is the model of a queue that starts empty: what came first leaves first.
//
//	enqueue x       x is the last element
//	dequeue = x     x was the first element, and is gone; nothing: the queue is empty
//	peek = x        x is the first element; nothing: the queue is empty
func FIFOQueue() Model {
	shapes := []Shape{
		{history.Enqueue, element, none, "puts the argument at the end"},
		{history.Dequeue, none, anything, "takes the first element; nothing if there is none"},
		{history.Peek, none, anything, "gives the first element, and leaves it"},
	}
	return Model{
		Name: "fifo-queue", Summary: "a queue that starts empty: first in, first out",
		Shapes: shapes, Describe: describe(shapes, false),
		Init:     func() State { return State{} },
		Step:     step(stepQueue).orNothing,
		Observes: observesCollection,
		Brings:   argumentOf(history.Enqueue), Needs: resultOf(history.Dequeue, history.Peek), Forgets: true,
	}
}

// stepQueue: the elements are numbered in the order they came in; the state's value is how many came.
func stepQueue(state State, operation history.Operation) (bool, State) {
	place, first := state.Items.First()
	switch operation.Function {
	case history.Enqueue:
		came, _ := state.Value.AsInteger()
		return true, State{history.Integer(came + 1), state.Items.With(history.Integer(came), operation.Argument)}
	case history.Dequeue:
		return gave(operation, first), State{state.Value, state.Items.Without(place)}
	}
	return gave(operation, first), state
}

// observesCollection: peeks, and taking that found nothing, leave a queue, a priority queue or a stack as
// it is.
func observesCollection(operation history.Operation) bool {
	switch operation.Function {
	case history.Peek:
		return true
	case history.Dequeue, history.Pop, history.RemoveMin:
		return operation.Outcome == history.Ok && operation.Result.IsNothing()
	}
	return false
}
