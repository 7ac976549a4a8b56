package reports_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/reports"
)

func sweepPage(t testing.TB, sweep reports.Sweep) string {
	t.Helper()
	var page bytes.Buffer
	require.NoError(t, reports.WriteSweep(&page, sweep))
	return page.String()
}

// sampleSweep is what a sweep might have given: seeds 1 to 60 and 81 to 120 of 200, with two kinds of broken promises, of
// which one was made small.
func sampleSweep(t testing.TB) reports.Sweep {
	told := storyReport(t)
	s := reports.Sweep{System: "cpstore", Workload: "register", Faults: "smoke", Version: "v0.1.0", Bug: "stale-leader-read",
		Options: []reports.Option{{Name: "nodes", Value: "5"}}, First: 1, Last: 200, Done: []reports.Seeds{{First: 1, Last: 60}, {First: 81, Last: 120}},
		Ended: "it was interrupted", Folder: "store/sweeps/one", Command: "cleave sweep --seeds 1-200 --collect",
		Resume: "cleave sweep --resume store/sweeps/one", Verdict: checker.Invalid, Reasons: []string{"4 of 100 runs were unknown, and 1 % are tolerated"},
		Valid: 88, Unknown: 4, Invalid: 7, Broken: 1, Audited: 5, Events: 4105432, Seconds: 12.5, Curve: make([]int, 100),
		Finds: []reports.Find{
			{Checker: "linearizable", Promise: "writes and quorum-synced reads are linearizable", Kind: "an answer from the past",
				Reason: "no order of the operations on y gives the answers seen", Runs: 6, Seeds: []uint64{2, 41, 55, 57, 58, 90},
				Kept: []reports.Kept{{Seed: 2, Link: "runs/2/report.html", Replay: "cleave replay store/sweeps/one/runs/2",
					Shrink: "cleave shrink store/sweeps/one/runs/2"}},
				Smallest: &reports.Smallest{Story: *told.Story, History: told.History, Link: "shrunk/2-linearizable/report.html", Before: 4977, After: 3,
					Replay: "cleave replay store/sweeps/one/shrunk/2-linearizable"}},
			{Checker: "no-panic", Kind: "a node panicked", Reason: "n2 panicked: index out of range", Runs: 1, Seeds: []uint64{101},
				Kept: []reports.Kept{{Seed: 101, Link: "runs/101/report.html", Replay: "cleave replay store/sweeps/one/runs/101"}}},
		},
		Doubts: []reports.Find{{Checker: "linearizable", Kind: "the time was up", Reason: "the time was up after 10 s", Runs: 4, Seeds: []uint64{7, 8, 9, 10}}},
		Failures: []reports.Find{{Checker: "harness", Kind: "a panic", Reason: "a panic in a node", Runs: 1, Seeds: []uint64{11},
			Kept: []reports.Kept{{Seed: 11, Replay: "cleave run --seed 11"}}}},
		States: []reports.State{{Name: "a leader was elected", Runs: 100, Count: 216, Most: 11, First: 1},
			{Name: "the quorum was lost", Runs: 22, Count: 36, Most: 5, First: 84}},
		Never: []string{"restarted with a torn log"},
	}
	for _, seed := range []int{2, 41, 55, 57, 58, 90, 101} {
		s.Curve[(seed-1)/2]++
	}
	for i, fault := range []string{"flapping", "kill-leader", "pause"} {
		for j, message := range []string{"append", "commit", "heartbeat", "none"} {
			if i == 1 && j == 2 {
				continue
			}
			s.Situations = append(s.Situations, reports.Situation{Fault: fault, Role: []string{"the leader", "a follower"}[j%2],
				Phase: []string{"leading", "following"}[j%2], Message: message, Count: 1 + 7*i*j, First: uint64(1 + 9*i + 3*j)})
		}
	}
	return s
}

// hugeSweep has more of everything than a page shows.
func hugeSweep() reports.Sweep {
	s := reports.Sweep{First: 1, Last: 1 << 40, Done: []reports.Seeds{{First: 1, Last: 1000}}, Valid: 1000, Curve: make([]int, 100)}
	for i := range 300 {
		s.Finds = append(s.Finds, reports.Find{Checker: fmt.Sprint("checker ", i), Runs: 3, Seeds: []uint64{uint64(i + 1)}})
		s.States = append(s.States, reports.State{Name: fmt.Sprint("state ", i), Runs: i})
		for j := range 200 {
			s.Situations = append(s.Situations, reports.Situation{Fault: fmt.Sprint("fault ", i), Role: fmt.Sprint("role ", j), Phase: fmt.Sprint("phase ", j),
				Message: fmt.Sprint("message ", j), Count: j})
		}
	}
	return s
}
