package models

import "cleave/history"

// State is what a Model remembers between two operations. It is a Value: immutable, comparable with
// Equal, and able to print itself.
type State = history.Value

// Model is a sequential specification of one object (one key).
type Model struct {
	// Name is the object's kind, e.g. "register".
	Name string
	// Init is the state before the first operation.
	Init func() State
	// Step tells whether the operation, with the result it had, is possible in a state, and the state
	// after it. It must not change the state it is given. An operation of unknown outcome is possible
	// in every state, since it need not have had an effect there.
	Step func(state State, operation history.Operation) (possible bool, next State)
	// Describe is an operation with its result in a few words, e.g. "read -> 7".
	Describe func(operation history.Operation) string
	// IsRegister tells that Written and Observed say all there is to know of this model's operations,
	// so that faster checks than a search are open to it.
	IsRegister bool
}
