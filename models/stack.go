package models

import "cleave/history"

// Stack is the model of a stack that starts empty: what came last leaves first.
//
//	push x          x is on top
//	pop = x         x was on top, and is gone; nothing: the stack is empty
//	peek = x        x is on top; nothing: the stack is empty
func Stack() Model {
	shapes := []Shape{
		{history.Push, element, none, "puts the argument on top"},
		{history.Pop, none, anything, "takes the top; nothing if there is none"},
		{history.Peek, none, anything, "gives the top, and leaves it"},
	}
	return Model{
		Name: "stack", Summary: "a stack that starts empty: last in, first out",
		Shapes: shapes, Describe: describe(shapes, false),
		Init:     func() State { return State{} },
		Step:     step(stepStack).orNothing,
		Observes: observesCollection,
		Brings:   argumentOf(history.Push), Needs: resultOf(history.Pop, history.Peek), Forgets: true,
	}
}

// stepStack: the elements are numbered from the bottom.
func stepStack(state State, operation history.Operation) (bool, State) {
	place, top := state.Items.Last()
	switch operation.Function {
	case history.Push:
		height := history.Integer(int64(state.Items.Len()))
		return true, State{Items: state.Items.With(height, operation.Argument)}
	case history.Pop:
		return gave(operation, top), State{Items: state.Items.Without(place)}
	}
	return gave(operation, top), state
}
