// Package sweep runs one plan under many seeds and keeps what can be said of all of them together: what
// broke, grouped by violation, what stayed undecided and why, which situations the faults met and which
// states the system reached.
//
//	seeds 1 2 3 4 5 ...  ──cores──▶ run, judge ──in the order of seeds──▶ Record ──▶ sweep.json, sweep.md, sweep.html
//	                                 │ 5 of 100: run twice, compared        └─ first of each violation: run folders
//
// A Record is the same whatever the number of cores, whether the sweep was made in one go, interrupted and
// resumed, or in shards that were merged; only its times differ. It holds aggregates alone, so its size
// does not grow with the number of seeds.
//
// A map of the files: sweep.go (Options, and the sweep itself), contain.go (a run that panics or does not end),
// outcome.go (what one run adds), observe.go (looking at a world as a fault begins), states.go (what a history
// shows to have been reached), audit.go (the same run twice),
// sometimes.go (what must happen sometimes, and the verdict on a sweep), record.go (sweep.json), add.go (adding up), curve.go
// (when what was found), merge.go (shards), shard.go (which seeds are whose), lock_linux.go and lock_other.go (one go at a time), progress.go
// (how far it is, for lookers-on),
// summary.go, markdown.go and page.go (for people).
package sweep
