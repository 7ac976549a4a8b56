package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/workloads"
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
}
