package models

import (
	"fmt"
	"slices"
	"strings"

	"cleave/history"
)

// Model is a sequential specification of one object.
type Model struct {
	// Name is the object's kind, e.g. "register".
	Name string
	// Summary is what the object is, in a line.
	Summary string
	// Shapes are the operations that the model understands.
	Shapes []Shape
	// Whole tells that all keys of a history are parts of one object, since an operation can touch
	// several. Otherwise each key is an object of its own, and is judged alone.
	Whole bool
	// Init is the state before the first operation.
	Init func() State
	// Step tells whether the operation, with the result it had, is possible in a state, and the state
	// after it. It must not change the state it is given. An operation of unknown outcome is possible
	// in every state, since it need not have had an effect there. One that Accepts refuses is not to be
	// given to it; nor is one that failed, which certainly did not happen.
	Step func(state State, operation history.Operation) (possible bool, next State)
	// Describe is an operation with its result in a few words, e.g. "read -> 7".
	Describe func(operation history.Operation) string
	// Observes tells that an operation, with the result it had, leaves every state as it is in which it
	// is possible. A search need not try such an operation anywhere but where it first fits.
	Observes func(operation history.Operation) bool
	// Brings and Needs tie operations together by values: an operation that needs a value came after one
	// that brings it. What was there at the start is neither needed nor brought. An operation of unknown outcome needs what it would
	// have had to find in order to have an effect. Either may be nil, for none.
	Brings, Needs func(operation history.Operation) []history.Value
	// Forgets tells that an operation of unknown outcome which brings values, none of which anybody
	// needs, can be left out: without its effect every other operation is possible still.
	Forgets bool
	// ByClient and Timed tell that Step looks at operations' clients, and at when they were invoked and
	// completed, beside function, key, argument, outcome and result.
	ByClient, Timed bool
	// IsRegister tells that Written and Observed say all there is to know of this model's operations,
	// so that faster checks than a search are open to it.
	IsRegister bool
}

// Accepts errs if the model does not understand the operation: its function, its argument or, if it is
// ok, its result. The error names the operation and says what is understood.
func (m Model) Accepts(operation history.Operation) error { return m.accepts(&operation) }

func (m *Model) accepts(operation *history.Operation) error {
	for i := range m.Shapes {
		shape := &m.Shapes[i]
		if shape.Function != operation.Function {
			continue
		}
		switch {
		case !shape.Argument.fits(operation.Argument):
			return fmt.Errorf("operation #%d: the argument of %s on a %s is %s, not %.60s",
				operation.ID, operation.Function, m.Name, shape.Argument, operation.Argument)
		case operation.Outcome == history.Ok && !shape.Result.fits(operation.Result):
			return fmt.Errorf("operation #%d: the result of %s on a %s is %s, not %.60s",
				operation.ID, operation.Function, m.Name, shape.Result, operation.Result)
		}
		return nil
	}
	known := make([]string, len(m.Shapes))
	for i, shape := range m.Shapes {
		known[i] = string(shape.Function)
	}
	return fmt.Errorf("operation #%d: a %s knows %s, but not %.40s", operation.ID, m.Name, strings.Join(known, ", "), operation.Function)
}

// AcceptsAll errs with the first operation that the model does not understand. What failed is not
// looked at.
func (m Model) AcceptsAll(operations []history.Operation) error {
	for i := range operations {
		if operations[i].Outcome == history.Fail {
			continue
		}
		if err := m.accepts(&operations[i]); err != nil {
			return err
		}
	}
	return nil
}

// step is a specification of operations that were told their results, in the shape of Model.Step. An
// operation of unknown outcome comes to it too, and is asked only for its effect.
type step func(state State, operation history.Operation) (possible bool, next State)

// orNothing makes a Step of a step: what has an unknown outcome, and cannot have had its effect in this
// state, had none.
func (s step) orNothing(state State, operation history.Operation) (bool, State) {
	possible, next := s(state, operation)
	switch {
	case possible:
		return true, next
	case operation.Outcome == history.Info:
		return true, state
	}
	return false, state
}

// gave tells whether an operation's result was this value, or may have been.
func gave(operation history.Operation, value history.Value) bool {
	return operation.Outcome == history.Info || operation.Result.Equal(value)
}

// gaveOrSilent is the same for operations that need not have a result.
func gaveOrSilent(operation history.Operation, value history.Value) bool {
	return operation.Result.IsNothing() || gave(operation, value)
}

// flag is 1 for true and 0 for false.
func flag(truth bool) history.Value {
	if truth {
		return history.Integer(1)
	}
	return history.Integer(0)
}

// resultOf is what an ok operation with one of the functions gave, unless that is nothing: what it needs.
func resultOf(functions ...history.Function) func(history.Operation) []history.Value {
	return func(operation history.Operation) []history.Value {
		if operation.Outcome == history.Ok && slices.Contains(functions, operation.Function) && !operation.Result.IsNothing() {
			return []history.Value{operation.Result}
		}
		return nil
	}
}

// argumentOf is what an operation with one of the functions was asked to put in: what it brings.
func argumentOf(functions ...history.Function) func(history.Operation) []history.Value {
	return func(operation history.Operation) []history.Value {
		if slices.Contains(functions, operation.Function) {
			return []history.Value{operation.Argument}
		}
		return nil
	}
}
