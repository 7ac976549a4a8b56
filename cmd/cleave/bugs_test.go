package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/world"
)

// bugSeeds is within how many seeds a planted bug must be found.
const bugSeeds = 50

// Every planted bug is found within 50 seeds, under the faults and by the checker that the table of
// bugs names.
func TestEveryPlantedBugIsFound(t *testing.T) {
	for _, system := range systems(harness.DefaultPlan()) {
		require.NotEmpty(t, system.Bugs)
		for _, bug := range system.Bugs {
			t.Run(system.Name+"/"+bug.Name, func(t *testing.T) {
				t.Parallel()
				seed, result := hunt(t, system, bug)
				require.NotZero(t, seed, "not found in %d seeds", bugSeeds)
				t.Logf("found with seed %d by %s: %s", seed, result.Checker, result.Reason)
				require.NotNil(t, result.Witness)
			})
		}
	}
}

// hunt is the first seed whose run breaks a promise that the named checker judges.
func hunt(t *testing.T, system world.System, bug world.Bug) (uint64, checker.Result) {
	var seed uint64
	var found checker.Result
	err := wiring.Seeds(context.Background(), harness.BugPlan(system, bug), 1, bugSeeds, func(finished harness.Finished) bool {
		for _, result := range finished.Judgement.Broken() {
			if result.Checker == bug.Checker {
				seed, found = finished.Plan.Seed, result
				return false
			}
		}
		return true
	})
	require.NoError(t, err)
	return seed, found
}

// Without its bug, the same plan and seeds break nothing: what was found was the bug.
func TestWithoutTheBugNothingIsFound(t *testing.T) {
	for _, system := range systems(harness.DefaultPlan()) {
		for _, bug := range system.Bugs {
			plan := harness.BugPlan(system, bug)
			plan.Bug = ""
			err := wiring.Seeds(context.Background(), plan, 1, 10, func(finished harness.Finished) bool {
				require.Empty(t, finished.Judgement.Broken(), "%s", finished.Replay())
				return true
			})
			require.NoError(t, err)
		}
	}
}
