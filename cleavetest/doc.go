// Package cleavetest puts a system of your own under partitions, crashes and pauses in an ordinary Go test.
//
//	var store = cleavetest.System{
//		Node:   kv.New, // makes a world.Process: a state machine that receives messages and has timers fire
//		Client: cleavetest.Caller{Ask: ask, Answer: answer}.Client,
//	}
//
//	func TestPartitions(t *testing.T) { cleavetest.Run(t, store, cleavetest.Plan{Faults: "partitions"}) }
//
// Run makes a sub-test of each seed: a simulated cluster in virtual time, with clients that do what a workload says, a
// schedule of faults drawn from the seed, and a judgement of what the clients were told. The same seed gives the same run to
// the byte. One that breaks a promise fails: it is cut down to the few operations that matter, its story is in the test's
// output, and its report among the artifacts (or in a temporary folder, which is named).
//
//	go test -cleave.seed 7                      that seed alone
//	go test -cleave.seeds 1-1000                more than Plan.Seeds
//	go test -cleave.schedule cut.yaml           a schedule by hand; or a run folder, whose run is repeated
//	go test -cleave.shrink 30s                  more patience in making a failure small
//	go test -cleave.store DIR                   where run folders go
//
// A failed sub-test has the attributes cleave.seed, cleave.verdict, cleave.replay and cleave.report (see testing.T.Attr). What
// is random must come from world.Environment, and nothing may hang on the order of a map, a clock or a goroutine: the first
// seed and each twentieth after it are run twice, and the first event that differs is told.
//
// A map of the files: system.go (System), plan.go (Plan), run.go (Run), caller.go (Caller, a client from two functions),
// answer.go (what a reply means), flags.go (the flags), trial.go (running a case and looking at it), contain.go (what panics or
// does not end), failure.go (what a failure leaves), text.go (and says), simulation.go (the world). Two systems are put to the
// test below it: register and raftkv.
package cleavetest
