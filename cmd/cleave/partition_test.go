package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/history"
	"cleave/nemesis"
	"cleave/systems/apregistry"
	"cleave/world"
)

// Two and five peers are parted for 60 s, in which instances come, leave and crash on both sides. Both sides
// answer every lookup, and after the heal every list and every cache shows the same living, within the time that the
// registry's intervals give. The cancels that are lost are lost to the other side.
func TestBothSidesOfAPartitionServeAndComeTogether(t *testing.T) {
	options := apregistry.DefaultOptions().Scaled(30)
	wiring := harness.Wiring{World: newWorld, Systems: func(harness.Plan) []world.System {
		system := apregistry.System(options)
		system.Workloads = nil
		return []world.System{system}
	}}
	for peers, faults := range map[int]string{2: "isolate-one", 5: "halves-leader-minority"} {
		for seed := uint64(1); seed <= 3; seed++ {
			t.Run(fmt.Sprintf("%d peers, seed %d", peers, seed), func(t *testing.T) {
				plan := harness.DefaultPlan()
				plan.System, plan.Workload, plan.Faults, plan.Seed, plan.Nodes = "apregistry", "convergence", faults, seed, peers
				plan.Duration = plan.Warmup + nemesis.Duration(time.Minute) + plan.Quiet
				system, err := wiring.System(plan)
				require.NoError(t, err)
				schedule, err := wiring.Generate(plan, system)
				require.NoError(t, err)
				finished, err := wiring.Dry(t.Context(), plan, schedule)
				require.NoError(t, err)
				require.Equal(t, checker.Valid, finished.Judgement.Verdict, "%+v", finished.Judgement.Broken())

				require.Len(t, answerers(t, finished.History), peers, "all peers answer, so on both sides")
				require.LessOrEqual(t, measured(t, finished, "live sets equal"), float64(system.Notice.Milliseconds()))
				require.Zero(t, measured(t, finished, "drifted caches"))
				require.Positive(t, measured(t, finished, "lost cancels"))
				require.Less(t, measured(t, finished, "lost cancels"), measured(t, finished, "cancels"))
			})
		}
	}
}

// answerers counts the lookups that each node answered during the fault. None may have gone unanswered.
func answerers(t *testing.T, h *history.History) map[string]int {
	counts := map[string]int{}
	for _, operation := range h.Operations {
		if operation.Function == history.Lookup && h.PhaseAt(operation.Invoked) == history.Faults {
			require.Equal(t, history.Ok, operation.Outcome, operation.String())
			counts[operation.Node]++
		}
	}
	return counts
}

// measured is a number that the promises' checkers measured over all.
func measured(t *testing.T, finished harness.Finished, name string) float64 {
	for _, result := range finished.Judgement.Promises {
		for _, measure := range result.Measures {
			if measure.Name == name && measure.Side == "" && measure.Phase == "" && measure.Function == "" {
				return measure.Value
			}
		}
	}
	require.Fail(t, "nothing measured it", name)
	return 0
}
