package models

import "cleave/history"

// Counter is the model of a number that starts as 0.
//
//	add n           the number grows by n, which may be negative
//	add n = m       the same, and it is m afterwards
//	read = m        it is m
func Counter() Model {
	shapes := []Shape{
		{history.Add, number, number.or(none), "adds the argument; the result, if there is one, is the sum"},
		{history.Read, none, number, "gives the number"},
	}
	return Model{
		Name: "counter", Summary: "a number that starts as 0 and is added to",
		Shapes: shapes, Describe: describe(shapes, false),
		Init:     func() State { return Holding(history.Integer(0)) },
		Step:     step(stepCounter).orNothing,
		Observes: func(operation history.Operation) bool { return operation.Function == history.Read },
	}
}

func stepCounter(state State, operation history.Operation) (bool, State) {
	if operation.Function == history.Read {
		return gave(operation, state.Value), state
	}
	now, _ := state.Value.AsInteger()
	more, _ := operation.Argument.AsInteger()
	sum := history.Integer(now + more)
	return gaveOrSilent(operation, sum), Holding(sum)
}
