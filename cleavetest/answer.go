package cleavetest

import "cleave/history"

// Answer is what a node's reply means: one of the functions below makes it.
type Answer struct {
	completion history.Completion
	elsewhere  bool
	node       string
}

// Ok says that it happened, with what was read, or history.Nothing.
func Ok(value history.Value) Answer {
	return Answer{completion: history.Completion{Outcome: history.Ok, Value: value}}
}

// Differs says that a compare-and-set found another value than it expected, and changed nothing.
func Differs() Answer { return Failed("value differs") }

// Unsupported says that the system cannot do such a thing at all, and did nothing.
func Unsupported() Answer { return Failed(unsupported) }

const unsupported = "unsupported"

// Failed says that it certainly did not happen and never will, and why, in a word or two.
func Failed(reason string) Answer {
	return Answer{completion: history.Completion{Outcome: history.Fail, Error: reason}}
}

// Unsure says that it may have happened, or may happen yet, and why nobody knows.
func Unsure(reason string) Answer {
	return Answer{completion: history.Completion{Outcome: history.Info, Error: reason}}
}

// Elsewhere says that this node certainly did nothing, and that another is to be asked: the one named, such as a leader, or
// with "" the next.
func Elsewhere(node string) Answer { return Answer{elsewhere: true, node: node} }
