package harness

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/nemesis"
	"cleave/workloads"
	"cleave/world"
)

// With an interval, faults of several kinds and suites come in turn; each must be one. A schedule file has its own.
func TestFaultsInTurn(t *testing.T) {
	plan := DefaultPlan()
	plan.Faults, plan.Interval = "partitions+kill-one", nemesis.Duration(2*time.Second)
	require.NoError(t, plan.Validate())
	system := world.System{Name: "s", Guarantee: string(workloads.Available), Quorum: func(int) int { return 1 }}
	schedule, err := Wiring{}.Generate(plan, system)
	require.NoError(t, err)
	require.Greater(t, len(schedule.Faults), 4)
	require.NoError(t, schedule.Validate(plan))

	plan.Faults = FileFaults
	require.NoError(t, plan.Validate())
	for faults, want := range map[string]string{RandomFaults: `unknown fault "random"`, "partitions+kil": `unknown fault "kil"`,
		"partitions,pause": `unknown fault "partitions,pause"`} {
		plan.Faults = faults
		require.ErrorContains(t, plan.Validate(), want)
	}
	plan.Faults, plan.Interval = "partitions+kill-one", 0
	require.ErrorContains(t, plan.Validate(), `unknown fault "partitions+kill-one"`)
	plan.Faults, plan.Interval = "pause", nemesis.Duration(5*time.Minute)
	_, err = Wiring{}.Generate(plan, system)
	require.ErrorContains(t, err, "no fault of pause can be done to s with 5 nodes, every 5m0s, in the 30s that faults have")
}
