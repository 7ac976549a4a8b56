// Package history records what happened in a run: every operation a client asked for, every fault,
// in one order, append-only.
//
// An operation is two events, an invocation and a completion, joined by its process:
//
//	c1  |--write 7--|            ok: it certainly happened
//	c2      |--read--| 7         ok, with what was read
//	c3   |--write 8- - - - - -   info: unknown, and so concurrent with everything after it
//
// A process that gets "info" is retired; its client goes on under a new process number.
//
// A map of the files: event.go (one line of a history), value.go (arguments and results),
// operation.go (invocation and completion joined), fault.go (what a fault did, who could reach
// whom), history.go (the whole, and its indexes), recorder.go (append-only writing), jsonl.go
// (reading JSON Lines, strict, with the place of every error).
package history
