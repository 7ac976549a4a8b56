// Package consistency judges histories of registers by models weaker than linearizability, each by an algorithm of
// its own, and says how far from linearizable a history is. Every value is written once; then who read from whom is
// known, and most models are decided in a time that grows as the operations do, times the sessions. What is broken
// is shown by the fewest operations that break it by themselves.
//
//	linearizable > ordered sequential > sequential > causally convergent > causal > writes follow reads
//	                                    sequential > PRAM > monotonic reads,   causal, PRAM > monotonic writes,
//	                                                 causally convergent > monotonic reads    read your writes
//
// A session is a client, whichever processes it has: a client goes on after an operation of unknown outcome, by
// another process. Where a history names no clients, each process is a session. Operations of unknown outcome are
// optional: they follow what their client did before, and precede nothing. Where time counts, operations that touch
// are concurrent; within a session the order is that of the history. Every key holds nothing at first.
//
// A compare-and-set is a read and a write; that nothing comes between is asked by the sequential models alone.
//
// A map of the files: model.go (Model and Check), ladder.go (Climb: all models), record.go (histories as
// numbers), graph.go (arrows between operations, circles, clocks), breach.go (the fewest operations); guarantees.go
// (session guarantees), pram.go, causal.go (both kinds), sequential.go (both kinds) with frontier.go (the search for
// an order); lists.go (monotonic prefix, convergence); atomicity.go (the least staleness of reads), versions.go
// (how many versions back they are).
package consistency
