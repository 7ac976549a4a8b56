// Package workloads holds what clients do and how it is judged, one file per workload: the plan of
// operations, the model, the promises of each kind of system and what is measured besides.
//
// A plan is made from a seed before the run and is data: every operation with its client and its
// earliest time, every written value unique, also between two attempts at the same thing. So a
// schedule of faults and operations can be written to a file, replayed and cut down.
//
// A map of the files: workload.go (Workload, Shape, Promise), planned.go (planned operations),
// generator.go (what to do next), asked.go (what clients can be asked, for schedules by hand), store.go (promises of all workloads for stores with sessions),
// registry.go (the same for registries), and the workloads: register.go, discovery.go, watches.go,
// sessions.go, sequences.go, multi.go, convergence.go, selfpreservation.go, statusoverride.go, and
// the recipes: election.go, locks.go, queue.go, barrier.go, consumers.go, scheduler.go,
// config.go, group.go, dubbo.go, naming.go; and those for programs, which Maelstrom has too: programs.go
// (what they share), echo.go (and unique ids), broadcast.go (and the growing set), counters.go, linkv.go,
// kafka.go, txn.go.
package workloads
