package reports_test

import (
	"os"

	"cleave/checker"
	"cleave/reports"
)

func ExampleTerminalRun() {
	run := reports.Run{
		System: "cpstore", Workload: "register", Fault: "isolate-leader", World: "sim", Seed: 7, Verdict: checker.Valid,
		Promises: []checker.Result{{Checker: "linearizable", Promise: "quorum reads see the last write", Verdict: checker.Valid}},
		Replay:   "cleave run cpstore --fault isolate-leader --seed 7",
	}
	if err := reports.TerminalRun(os.Stdout, run, false); err != nil {
		panic(err)
	}
	// Output:
	// ✓ VALID: 1 of 1 promises kept
	// cpstore with the workload register under the fault isolate-leader, simulated
	// (world sim), seed 7.
	//
	// Promises
	//   ✓ kept    quorum reads see the last write (linearizable)
	//
	// again:  cleave run cpstore --fault isolate-leader --seed 7
}
