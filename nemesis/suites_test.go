package nemesis

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var middle = Window{10 * time.Second, 40 * time.Second}

// Every seed's schedule is legal, the same again, and inside the window; over many seeds every kind of a suite is
// met, alone and with every other, and so are aims.
func TestSuitesAreLegalAndVaried(t *testing.T) {
	for _, suite := range Suites {
		for _, nodes := range []int{3, 5} {
			met, aimed := map[string]bool{}, 0
			for seed := range uint64(400) {
				faults := suite.Faults(seed, nodes, middle, nil)
				require.Equal(t, faults, suite.Faults(seed, nodes, middle, nil))
				require.NoError(t, Validate(faults, nodes), "%s seed %d", suite.Name, seed)
				require.NotEmpty(t, faults)
				require.LessOrEqual(t, len(faults), 4)
				for _, fault := range faults {
					met[fault.Kind] = true
					require.GreaterOrEqual(t, time.Duration(fault.Start), middle.Start)
					require.LessOrEqual(t, fault.End(), middle.End)
					if fault.Target != "" {
						aimed++
					}
				}
			}
			for _, name := range suite.Kinds {
				kind, err := Find(name)
				require.NoError(t, err)
				require.Equal(t, nodes >= kind.Nodes, met[name], "%s: %s with %d nodes", suite.Name, name, nodes)
				require.False(t, kind.Harms && suite.Name != "harm", "%s: %s", suite.Name, name)
			}
			require.Greater(t, aimed, 20, suite.Name)
		}
	}
}

// Half of the kinds are off in each seed.
func TestSuitesSwitchKindsOff(t *testing.T) {
	suite, found := FindSuite("everything")
	require.True(t, found)
	total, pairs := 0, map[[2]string]bool{}
	const seeds = 500
	for seed := range uint64(seeds) {
		on := suite.on(seed, 5, nil)
		total += len(on)
		for _, one := range on {
			for _, other := range on {
				pairs[[2]string{one.Name, other.Name}] = true
			}
		}
	}
	require.InDelta(t, len(suite.Kinds)/2, total/seeds, 2)
	require.Len(t, pairs, len(suite.Kinds)*len(suite.Kinds))
}

// What cannot be done is not drawn, and if nothing can be there is no schedule.
func TestSuitesLeaveOutWhatCannotBeDone(t *testing.T) {
	suite, _ := FindSuite("disk")
	dry := func(k Kind) bool { return !slices.ContainsFunc(k.Needs(), Ability.OfDisks) }
	for seed := range uint64(100) {
		for _, fault := range suite.Faults(seed, 5, middle, dry) {
			require.Contains(t, []string{"power-loss", "kill-all"}, fault.Kind)
		}
	}
	require.Empty(t, suite.Faults(1, 5, middle, func(Kind) bool { return false }))
}

// In half of the schedules all is well for some seconds between two faults.
func TestHalfOfTheSchedulesHaveStableTimes(t *testing.T) {
	suite, _ := FindSuite("partitions")
	apart, overlapping := 0, 0
	for seed := range uint64(400) {
		faults := suite.Faults(seed, 5, middle, nil)
		if len(faults) < 2 {
			continue
		}
		slices.SortFunc(faults, func(a, b Fault) int { return int(a.Start - b.Start) })
		least := time.Hour
		for i := range faults[1:] {
			least = min(least, time.Duration(faults[i+1].Start)-faults[i].End())
		}
		switch {
		case least >= stable:
			apart++
		case least < 0:
			overlapping++
		}
	}
	require.Greater(t, apart, 100)
	require.Greater(t, overlapping, 80)
}

func TestNoSuiteHasTheNameOfAKind(t *testing.T) {
	for _, suite := range Suites {
		_, err := Find(suite.Name)
		require.Error(t, err)
		require.NotEmpty(t, suite.Summary)
	}
	_, found := FindSuite("isolate-leader")
	require.False(t, found)
}
