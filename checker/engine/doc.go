// Package engine searches for an order that explains the operations on one object, whatever its model: the
// general way to judge linearizability, for histories that no faster algorithm is exact for.
//
//	answer := engine.Check(models.FIFOQueue(), operations, engine.Bounds{Time: time.Minute})
//	answer.Verdict // valid, with an Order; invalid; or unknown, with the Cause and how far it Reached
//
// It is the search of Wing and Gong (J. Parallel Distrib. Comput. 1993) with the memory of Lowe (Concurrency
// and Computation 2017): take an operation that nothing unfinished precedes, step the model, go on; come back
// when no step is possible. What keeps the number of configurations and their size small:
//
//   - Intervals are tightened first: an operation that needs a value cannot come before the one that brings it
//     was invoked, nor the only one that brings it complete after (tighten.go).
//   - Operations that leave every state as it is are taken as soon as they fit, and never taken back.
//   - Of operations that are the same, the one that has to complete first is taken first.
//   - A configuration is exact and small: how many completions lie behind, which of the operations open at the
//     next one were taken (a bit each), and the number of the state. Nothing is hashed away, so two
//     configurations are never taken for one.
//   - A write to a register that nobody reads goes together with another, and a value that is yet to be read, and
//     that nobody else brings, is not overwritten (overwrites.go).
//   - Operations of unknown outcome need not be taken. Of two configurations that differ only in these, the one
//     that has used fewer can do whatever the other can.
//
// At an instant when no operation is open a configuration is the state alone: there the search falls into parts
// by itself.
//
// A valid answer has been replayed on the model, operation by operation, before it is given.
//
// A map of the files: engine.go (Check), tighten.go (shorter intervals), timeline.go (calls and returns in
// order, and what is open when), search.go (the search), overwrites.go (what registers add to it), table.go
// (configurations that were tried), states.go (states by number, and the steps between them), order.go (an order
// proposed and replayed).
package engine
