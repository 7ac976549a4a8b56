package models

import "cleave/history"

// Text is the model of a text that starts as nothing, which for an append is the empty text.
//
//	append s        the text has s at its end afterwards
//	write s         it is s afterwards
//	read = t        it is t; the empty text and nothing are the same
func Text() Model {
	shapes := []Shape{
		{history.Append, text, anything, "puts the argument at the end"},
		{history.Write, text, anything, "sets the text"},
		{history.Read, none, text.or(none), "gives the text"},
	}
	return Model{
		Name: "text", Summary: "a text that is appended to",
		Shapes: shapes, Describe: describe(shapes, false),
		Init:     func() State { return Holding(history.Text("")) },
		Step:     step(stepText).orNothing,
		Observes: func(operation history.Operation) bool { return operation.Function == history.Read },
	}
}

func stepText(state State, operation history.Operation) (bool, State) {
	now, _ := state.Value.AsText()
	more, _ := operation.Argument.AsText()
	switch operation.Function {
	case history.Append:
		return true, Holding(history.Text(now + more))
	case history.Write:
		return true, Holding(history.Text(more))
	}
	seen, _ := operation.Result.AsText()
	return operation.Outcome == history.Info || seen == now, state
}
