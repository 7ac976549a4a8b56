package main

import (
	"context"
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/workloads"
)

// alarmSeeds is how many seeds of each system and workload must raise no alarm.
var alarmSeeds = flag.Uint64("alarm-seeds", 50, "seeds of each system and workload for TestNoFalseAlarm")

// Random schedules break no promise of a system without a planted bug.
func TestNoFalseAlarm(t *testing.T) { raisesNone(t, harness.RandomFaults, *alarmSeeds) }

// Nor do members that come and go, with whatever else happens at the same time.
func TestMembersRaiseNoFalseAlarm(t *testing.T) { raisesNone(t, "membership", (*alarmSeeds+4)/5) }

func raisesNone(t *testing.T, faults string, seeds uint64) {
	for _, system := range systems(harness.DefaultPlan()) {
		for _, workload := range workloads.All() {
			if system.Node == nil || !system.Carries(workload.Name) {
				continue
			}
			t.Run(system.Name+"/"+workload.Name, func(t *testing.T) {
				plan := harness.DefaultPlan()
				plan.System, plan.Workload, plan.Faults = system.Name, workload.Name, faults
				count := map[checker.Verdict]int{}
				err := wiring.Seeds(context.Background(), plan, 1, seeds, func(finished harness.Finished) bool {
					count[finished.Judgement.Verdict]++
					for _, broken := range finished.Judgement.Broken() {
						t.Errorf("seed %d: %s: %s: %s", finished.Plan.Seed, broken.Checker, broken.Reason, finished.Replay())
					}
					return true
				})
				require.NoError(t, err)
				t.Logf("%d valid, %d unknown, %d invalid", count[checker.Valid], count[checker.Unknown], count[checker.Invalid])
				require.Greater(t, count[checker.Valid], int(seeds)*3/4, "most runs must be decided")
			})
		}
	}
}
