// Package shrink makes a run that breaks a promise as small as it can be and still break it: fewer faults,
// fewer and simpler operations, nodes, clients and seconds; and has it tell its story.
//
//	5,505 operations, 100 clients, 60 s              2 operations, 3 clients, 3.2 s
//	c1..c100 |||||||||||||||||||||||||||    ->       c2         |--write 4250--|
//	flapping   [==]  [==]  [==]  [==]                isolate-leader [===================]
//	                                                 c3                       |--read nil--|
//
// A schedule is data, and every subset of one is a legal schedule. So taking away is all there is to it, by
// ddmin (Zeller and Hildebrandt, TSE 2002), as long as the same violation shows: the same checker, promise
// and kind of anomaly. Other violations met on the way are kept as new finds. Taking away gets stuck where a
// violation hangs on who led when; then the operations of the witness are staged anew, with one fault of a
// simple kind, on three nodes.
//
// Many cases are tried at a time, but taken in order: what comes out is the same on any number of cores.
//
// A map of the files: shrink.go (Shrink, its options and what comes out), case.go (Case, and parts of it),
// violation.go (what must stay the same), trial.go (running a case), search.go (trying cases in order, in
// parallel, within bounds), ddmin.go, passes.go, log.go (snapshots more often) and simpler.go (what is tried),
// stage.go (telling it anew), tell.go (the story), folder.go (what is kept of the result).
package shrink
