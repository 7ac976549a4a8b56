package harness

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/nemesis"
	"cleave/world"
)

// A plan may name a suite; kinds that cannot be done to its system are not drawn for it.
func TestAPlanMayNameASuite(t *testing.T) {
	plan := DefaultPlan()
	plan.Faults = "disk"
	require.NoError(t, plan.Validate())
	require.Equal(t, "cpstore-register-disk", plan.Name())
	require.Contains(t, plan.Command(), "--faults disk")
	plan.Faults = "dsik"
	require.ErrorContains(t, plan.Validate(), "random; and suites: smoke, partitions, packets, crash, disk, clock, membership, everything")
	plan.Faults = "disk"
	wiring := Wiring{Able: func(_ Plan, _ world.System, faults []nemesis.Kind) error {
		if faults[0].Name == "kill-all" {
			return Unable("this world kills nobody")
		}
		return nil
	}}
	drawn := map[string]bool{}
	for plan.Seed = range 50 {
		schedule, err := wiring.Generate(plan, world.System{Name: "dry", Diskless: true, Guarantee: "AP"})
		require.NoError(t, err)
		require.NoError(t, schedule.Validate(plan))
		for _, fault := range schedule.Faults {
			drawn[fault.Kind] = true
		}
		schedule, err = Wiring{}.Generate(plan, world.System{Guarantee: "CP"})
		require.NoError(t, err)
		require.NotEmpty(t, schedule.Faults)
	}
	require.Equal(t, map[string]bool{"power-loss": true}, drawn)
}

// Where disks take back what they have promised, nothing is promised but that the run shows something.
func TestHarmLeavesNoPromise(t *testing.T) {
	plan, system := DefaultPlan(), world.System{Guarantee: "CP"}
	before, measured, err := Promised(plan, []nemesis.Fault{{Kind: "kill-one"}}, system)
	require.NoError(t, err)
	after, more, err := Promised(plan, []nemesis.Fault{{Kind: "kill-one"}, {Kind: "lost-disk"}}, system)
	require.NoError(t, err)
	require.Len(t, after, 1)
	require.Equal(t, checker.Vacuity{Planned: 2}, after[0].Checker, "it knows how many faults there are to be")
	require.Len(t, more, len(measured)+len(before)-1)
	require.True(t, slices.ContainsFunc(nemesis.Catalogue, func(k nemesis.Kind) bool { return k.Harms }))
}
