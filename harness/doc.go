// Package harness runs plans: it is the only room that knows the order of things.
//
//	Plan ──generate──▶ Schedule ──execute──▶ History ──judge──▶ Judgement ──▶ run folder, report
//
// A schedule is data and decides everything: a run takes only it, so it can be replayed to the byte.
//
// A map of the files: plan.go (Plan and its defaults), custom.go (a system that
// somebody brought along), schedule.go (Schedule, made from a plan or
// read from a file), handwritten.go (one in YAML, as people write it), scheduleyaml.go (and as they
// are shown it), schema.go (its JSON Schema), execute.go (the run loop), judge.go (promises and measures), folder.go (what a
// run leaves behind), run.go (all of it for one plan), kept.go (what it keeps besides the history),
// progress.go (how far it is), judged.go (a stored run with its verdict),
// compare.go (many plans side by side), against.go (and beside an earlier comparison),
// callers.go (what a service's callers get of systems, over many seeds),
// seeds.go (one plan under many seeds), collector.go (the garbage collector, for many runs),
// strict.go (JSON with the place of every error).
package harness
