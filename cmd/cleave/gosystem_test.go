package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/workloads"
	"cleave/world"
)

// What a Go test has put to the test can be judged by every verb, and run by that test alone.
func TestASystemOfAGoTestIsRunByItsTest(t *testing.T) {
	plan := harness.DefaultPlan()
	plan.System, plan.Seed = "theirs", 7
	plan.Custom = &harness.Custom{Door: harness.GoDoor, Guarantee: workloads.Linearizable, Majority: true,
		Again: "go test example.com/theirs -run '^TestTheirs$' -cleave.seed {seed}"}
	system, err := custom(plan)
	require.NoError(t, err)
	require.Equal(t, 3, system.Quorum(5))
	require.EqualError(t, able(plan, system, nil),
		"theirs is run by its Go test alone: go test example.com/theirs -run '^TestTheirs$' -cleave.seed 7")

	plan.Custom.Replay = "go test example.com/theirs -run '^TestTheirs$' -cleave.schedule {folder}"
	plan.Faults, plan.Duration, plan.Warmup, plan.Quiet = "none", plan.Duration/6, plan.Warmup/6, plan.Quiet/6
	within := wiring // as if in their test
	within.Able = nil
	within.Custom = func(harness.Plan) (world.System, error) {
		theirs := plan.Custom.System(plan.System)
		theirs.Node, theirs.Client = systems(plan)[0].Node, systems(plan)[0].Client
		return theirs, nil
	}
	made, err := within.System(plan)
	require.NoError(t, err)
	schedule, err := within.Generate(plan, made)
	require.NoError(t, err)
	folder := filepath.Join(t.TempDir(), "run")
	_, err = within.Run(t.Context(), plan, schedule, folder, nil)
	require.NoError(t, err)
	code, _, stderr := cleave("replay", folder)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "theirs is run by its Go test alone: go test example.com/theirs -run '^TestTheirs$' -cleave.schedule "+folder)
}
