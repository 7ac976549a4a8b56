package linear

import (
	"fmt"
	"slices"
)

// Verdict is what a check found.
type Verdict uint8

// The verdicts.
const (
	Valid    Verdict = iota // some order of the operations, each at an instant of its interval, gives the answers seen
	Invalid                 // no order does
	Unsuited                // the check is not exact for these operations, so it says nothing; a search is to decide
)

// String is the verdict as a word.
func (v Verdict) String() string { return [...]string{"valid", "invalid", "unsuited"}[v] }

// Answer is a verdict with its grounds.
type Answer struct {
	Verdict Verdict
	// Reason is the kind of an Invalid answer's contradiction.
	Reason Reason
	// Roles are the positions of the operations that contradict each other, as the Reason has them. A
	// position below 0 is none: the initial value's writer, or who never took a value.
	Roles []int
	// Count is a number that the Reason speaks of, e.g. how many increases there were.
	Count int64
	// Cause is the condition that did not hold, if the verdict is Unsuited.
	Cause string
}

// Witness are the positions of the operations that contradict each other, in order.
func (a Answer) Witness() []int {
	witness := slices.DeleteFunc(slices.Clone(a.Roles), func(position int) bool { return position < 0 })
	slices.Sort(witness)
	return slices.Compact(witness)
}

// Reason is why operations have no order.
type Reason uint8

// The reasons, with what the Roles are. "Values" of a register that swaps join to a chain count as one.
const (
	// Unwritten: [0] saw a value that nobody wrote.
	Unwritten Reason = iota
	// Forked: [0] and [1] both replaced the same value.
	Forked
	// Circular: each swap found what another of them wrote.
	Circular
	// Backwards: [0] must come before [1], because of the values, but was called after [1] had returned.
	Backwards
	// Interleaved: the values of [0] and [1] and those of [2] and [3] must each stand together, but [0]
	// returned before [3] was called, and [2] before [1].
	Interleaved
	// Enclosed: the values of [0] and [1] stand together and surround [2] and [3], of others: [0]
	// returned before [3] was called, [2] returned before [1] was called.
	Enclosed

	// NeverPut: [0] took or saw a value that nobody had put in.
	NeverPut
	// TakenTwice: [0] and [1] took the same value, which was put in once.
	TakenTwice
	// TooEarly: [0] took or saw the value of [1], but returned before [1] was called.
	TooEarly
	// Gone: [0] took a value and returned before [1] was called, which still saw it.
	Gone
	// Overtaken: of a queue, [0] put in a value and returned before [1] was called, which put in another
	// that [2] took or saw; but [2] returned before [3] was called, which took or saw the first.
	// If [3] is none, nobody ever took it.
	Overtaken
	// Crossed: of a stack, Count values have no order in which each leaves before those beneath it. For each
	// there is a pair of roles, of who shows that it was in by his return, and who that it still was at his
	// call (none if nobody ever took it); then their puts and takes.
	Crossed
	// NotLeast: of a priority queue, [0] took or saw the value that [1] put in, but throughout, some of Count
	// lesser ones were certainly in, which the other roles tell as in Crossed.
	NotLeast
	// NotEmpty: [0] found the object empty, but throughout, some of Count values were certainly in, which the other
	// roles tell as in Crossed.
	NotEmpty
	// NotEnoughTakes: the value that [0] put in must have been taken, but of takes with an unknown
	// outcome there are only Count that could have, for more such values. [1] shows the need: it took or saw what
	// comes after that value, or found the object empty.
	NotEnoughTakes

	// NeverAdded: [0] found an element that nobody had added.
	NeverAdded
	// Absent: [0] found an element in the set when it cannot have been: [1] and what follows tell why.
	Absent
	// Present: [0] did not find an element in the set when it must have been: [1] and what follows tell why.
	Present

	// TooHigh: [0] read more than the Count that all increases called by then can have given.
	TooHigh
	// TooLow: [0] read less than the Count that was certainly reached before: by the increases that had returned, of which
	// the others are some, or, if [1] is a read, in view of what it and the others had read.
	TooLow
	// NotMultiple: [0] read a number that no number of increases, each by Count, gives.
	NotMultiple

	// NotHeld: [0] gave back a lock that it had not.
	NotHeld
	// HeldAlready: [1] got a lock that it had got by [0] and not given back.
	HeldAlready
	// TwoHolders: somebody held the lock from the return of [0] to the call of [1], and another from that of [2] to that of
	// [3], and these times overlap. If [1] or [3] is none, the lock was never given back. The other roles are
	// all that got it and gave it back then.
	TwoHolders
	// Free: [0] was told that the lock is held, but it was free from the return of [1] to the call of [2].
	// Either may be none, if nobody had it before or after.
	Free
)

func valid() Answer { return Answer{Verdict: Valid} }

func invalid(reason Reason, roles ...int) Answer {
	return Answer{Verdict: Invalid, Reason: reason, Roles: roles}
}

func unsuited(format string, details ...int64) Answer {
	given := make([]any, len(details))
	for i, detail := range details {
		given[i] = detail
	}
	return Answer{Verdict: Unsuited, Cause: fmt.Sprintf(format, given...)}
}
