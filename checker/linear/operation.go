package linear

import "math"

// Operation is one call on one object, in 32 bytes: what a check needs to know of it, and no more.
//
//	Call |------------| Return              [closed interval; ties are concurrent]
//
// One operation precedes another if its Return is less than the other's Call. One whose outcome nobody
// learnt has Return Never: it may take effect at any time from its Call on, or not at all.
type Operation struct {
	Call, Return int64 // nanoseconds, or any other unit
	Value        int64 // as its Kind has it; names of values count from 1, and 0 is nothing
	Expected     int32 // of a Swap, the name of the value that it replaces
	Kind         Kind
}

// Never is the Return of an operation whose outcome is unknown.
const Never = math.MaxInt64

// beginning is before every time.
const beginning = math.MinInt64

func (o *Operation) unknown() bool { return o.Return == Never }

// Object is a kind of object, which says what its operations mean.
type Object uint8

// The objects. Those that hold values start with none; a counter starts at 0, a lock free.
const (
	Register      Object = iota // Write, Read, Swap; Value is the name of a value
	Queue                       // Put, Take and Peek at the first that was put; Value is the name of a value
	Stack                       // Put, Take and Peek at the last that was put; Value is the name of a value
	PriorityQueue               // Put, Take and Peek at the least; names of values are in their order
	Set                         // Add, Added, Remove, Removed, Has, Lacks; Value is the name of an element
	Counter                     // Increase, Read; Value is a number
	Lock                        // Acquire, Release, Refused; Value is the name of who asks
)

// Kind is what an operation does.
type Kind uint8

// The kinds of operations.
const (
	Write    Kind = iota // a register holds Value from now on
	Read                 // a register or counter held Value
	Swap                 // a register held Expected and holds Value from now on
	Put                  // Value comes into a queue, a stack or a priority queue
	Take                 // Value leaves it; Value 0: it was empty; if the outcome is unknown, so is what it took
	Peek                 // Value was the next to be taken; Value 0: it was empty
	Add                  // element Value is in the set from now on, whether it was or not
	Added                // the same, and it was not in the set before
	Remove               // element Value is not in the set from now on, whether it was or not
	Removed              // the same, and it was in the set before
	Has                  // element Value was in the set
	Lacks                // element Value was not in the set
	Increase             // a counter grows by Value, which may be negative
	Acquire              // Value gets the lock, which was free
	Release              // Value, who held the lock, gives it back
	Refused              // Value was told that the lock is held
)
