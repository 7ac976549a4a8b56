package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/world"
)

// bugSeeds is within how many seeds a planted bug must be found.
const bugSeeds = 50

// cleanSeeds is how many seeds of each of their plans break nothing without the bug.
const cleanSeeds = 5

// Every planted bug is found within 50 seeds, under the faults and by the checker that the table of
// bugs names.
func TestEveryPlantedBugIsFound(t *testing.T) {
	for _, system := range plantable() {
		require.NotEmpty(t, system.Bugs)
		for _, bug := range system.Bugs {
			t.Run(system.Name+"/"+bug.Name, func(t *testing.T) {
				t.Parallel()
				var seed uint64
				var result checker.Result
				hunt(t, system, bug, func(in uint64, found checker.Result) bool {
					seed, result = in, found
					return false
				})
				require.NotZero(t, seed, "not found in %d seeds", bugSeeds)
				t.Logf("found with seed %d by %s: %s", seed, result.Checker, result.Reason)
				require.NotNil(t, result.Witness)
			})
		}
	}
}

// hunt tells of the seeds whose runs break a promise that the named checker judges, until found
// returns false.
func hunt(t *testing.T, system world.System, bug world.Bug, found func(uint64, checker.Result) bool) {
	err := wiring.Seeds(context.Background(), harness.BugPlan(system, bug), 1, bugSeeds, func(finished harness.Finished) bool {
		for _, result := range finished.Judgement.Broken() {
			if result.Checker == bug.Checker {
				return found(finished.Plan.Seed, result)
			}
		}
		return true
	})
	require.NoError(t, err)
}

// Without its bug, the same plan and seeds break nothing: what was found was the bug.
func TestWithoutTheBugNothingIsFound(t *testing.T) {
	for _, system := range plantable() {
		done := map[string]bool{} // several bugs show under the same plan
		for _, bug := range system.Bugs {
			plan := harness.BugPlan(system, bug)
			plan.Bug = ""
			if done[plan.Command()] {
				continue
			}
			done[plan.Command()] = true
			t.Run(system.Name+"/"+bug.Name, func(t *testing.T) {
				t.Parallel()
				err := wiring.Seeds(context.Background(), plan, 1, cleanSeeds, func(finished harness.Finished) bool {
					require.Empty(t, finished.Judgement.Broken(), "%s", finished.Replay())
					return true
				})
				require.NoError(t, err)
			})
		}
	}
}

// The command that the list prints for a bug shows the first run that it breaks, and its witness.
func TestFirstInvalidSeedIsShown(t *testing.T) {
	for bug, code := range map[string]int{"zk-2623": exitInvalid, "": exitValid} {
		plan := harness.DefaultPlan()
		plan.Workload, plan.Faults, plan.Bug = "multi", "none", bug
		store := t.TempDir()
		var out, errors bytes.Buffer
		arguments := strings.Fields(strings.Replace(plan.Command(), "--seed 1", "--seeds 1-3", 1) + " --first --store " + store)
		require.Equal(t, code, execute(t.Context(), arguments[1:], &out, &errors), errors.String())
		folders, err := filepath.Glob(filepath.Join(store, "*", "*-1"))
		require.NoError(t, err)
		if bug == "" {
			require.Contains(t, out.String(), "3 seeds: 3 valid")
			require.Empty(t, folders)
			continue
		}
		require.Contains(t, out.String(), "the first invalid seed is 1\n")
		require.Contains(t, out.String(), "Evidence against: no node breaks an invariant of its own")
		require.Len(t, folders, 1)
	}
}
