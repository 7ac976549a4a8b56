// Package isolation judges transactions on lists or registers: which anomalies they show, which consistency
// models these rule out, from read uncommitted to strict serializability, and the strongest that holds.
//
// A transaction comes before another one because of what it wrote or read (ww, wr, rw), its process, or real
// time. A cycle of such edges is an anomaly, named after the edges that it needs:
//
//	T1 |-append x 1--|                       T1 -realtime-> T2   T1 had returned
//	T2                  |-read x = []-|      T2 -rw-> T1         T2 missed what T1 wrote: G-single-realtime
//
// The method is Elle's (Kingsbury and Alvaro, VLDB 2020). It asks that the values written to a key all differ.
// What is done otherwise here:
//
//   - Cycles are decided, not searched for: each family of them is the strongly connected components of a part
//     of the graph, G-nonadjacent of the graph in two layers, and G-single by asking for 64 ways back at once.
//     There is no time-out, and the cost grows with the history.
//   - Real time takes three edges a transaction, by a chain of instants.
//   - Appends that nobody read come after all that were read, and so miss nothing.
//   - The order of versions of registers is inferred from what must be, and never guessed. A model holds if an
//     order of the transactions, or of the versions, was found that proves it; else it is open.
//   - Where an anomaly rests on what is certain only if nothing graver happened, it counts only for models that
//     forbid the graver, too.
//
// Transactions are dense arrays that a Builder fills, or FromOperations from a recorded history.
//
// A map of the files: transactions.go (the arrays and their Builder), operations.go (from a history), check.go
// (Check, and its Result), models.go (the models and what they forbid), anomalies.go (their names), versions.go
// (who wrote what);
//
//	lists.go         lists: the order of versions, and what is wrong with single reads
//	listedges.go     and what depends on what
//	snapshots.go     and appends that nobody read, for snapshot isolation
//	registers.go     registers: what is wrong with single reads
//	registeredges.go what must be of the order of versions
//	saturate.go      and what follows from that
//	serial.go        a serial order that proves the rest; turn.go, where it is stuck
//	registerjudge.go and how these make a judgement, with its reasons
//	timeline.go      processes and real time
//	graph.go         edges, and parts of a graph; components.go, strongly connected ones
//	classify.go      families of cycles; skew.go, G-single exactly
//	cycle.go         the shortest cycle of each
//	inorder.go       an order of the nodes near that of time
//	examples.go      anomalies as they are reported; explain.go, in words
package isolation
