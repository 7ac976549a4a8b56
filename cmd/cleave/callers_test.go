package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/history"
	"cleave/workloads"
)

// What all are asked alike is the same to the last operation, whoever is asked, and the consumers' calls are equally many.
func TestAllAreAskedAlike(t *testing.T) {
	var first []workloads.Planned
	var calls float64
	for _, name := range []string{"cpstore", "cachedcp", "apregistry", "apregistry-plain"} {
		plan := harness.DefaultPlan()
		plan.System, plan.Workload, plan.Faults, plan.Alike = name, "discovery", "isolate-one", true
		system, err := wiring.System(plan)
		require.NoError(t, err)
		schedule, err := wiring.Generate(plan, system)
		require.NoError(t, err)
		if first == nil {
			first = schedule.Operations
		}
		require.Equal(t, first, schedule.Operations, name)
		finished, err := wiring.Dry(t.Context(), plan, schedule)
		require.NoError(t, err)
		require.Empty(t, finished.Judgement.Broken(), "%s", finished.Replay())
		found := calledIn(t, finished)
		if calls == 0 {
			calls = found
		}
		require.InEpsilon(t, calls, found, 0.01, name)
	}
}

// A store behind caches is as deterministic as the store: its clients' disks, datagrams and reboots are the world's too.
func TestCachedRunsAreByteIdentical(t *testing.T) {
	for seed := 1; seed <= 3; seed++ {
		plan := []string{"--system", "cachedcp", "--workload", "discovery", "--faults", "random", "--seed", fmt.Sprint(seed)}
		first := runIn(t, t.TempDir(), plan...)
		text := read(t, first)
		require.Equal(t, text, read(t, runIn(t, t.TempDir(), plan...)), "seed %d", seed)
		require.Contains(t, text, `"f":"reboot"`)
	}
}

// calledIn is how many calls were counted, of consumers that ask servers and caches.
func calledIn(t *testing.T, finished harness.Finished) float64 {
	for _, result := range finished.Judgement.Measured {
		for _, m := range result.Measures {
			if m.Name == "calls" && m.Side == "" && m.Phase == "" && m.Function == "" {
				return m.Value
			}
		}
	}
	require.Fail(t, "no calls were counted")
	return 0
}

// On the side without a quorum the store's consumers reach nobody; those with a cache do, and only an AP registry's find
// who has come since. Where there is a quorum the store's list has fewer of the dead.
func TestWhoServesCallersBetter(t *testing.T) {
	base := harness.DefaultPlan()
	base.Workload = "discovery"
	comparison := harness.Comparison{Base: base, Systems: []string{"cpstore", "cachedcp", "apregistry"}, Faults: []string{"halves-leader-minority"}}
	callers, err := wiring.Callers(t.Context(), comparison, 1, 4, func(harness.Finished) {})
	require.NoError(t, err)
	share := func(side string, column int) float64 {
		for _, row := range callers.Rows {
			if row.Side == side && row.Phase == string(history.Faults) {
				cell := row.Cells[column]
				require.Len(t, cell.Seeds, 4)
				require.LessOrEqual(t, cell.Reached, cell.Retried)
				require.LessOrEqual(t, cell.Retried, cell.Possible)
				return float64(cell.Retried) / float64(cell.Calls)
			}
		}
		require.Fail(t, "no such row", side)
		return 0
	}
	const store, cached, cacheAlone, registry = 0, 1, 2, 3
	require.Equal(t, "apregistry", callers.Columns[registry].System)
	require.True(t, callers.Columns[cacheAlone].Cached)
	require.Less(t, share("minority", store), 0.1)
	require.Greater(t, share("minority", cached), 0.2)
	require.Greater(t, share("minority", registry), share("minority", cached))
	require.Greater(t, share("majority", store), share("majority", registry))
	require.GreaterOrEqual(t, share("majority", cacheAlone), share("majority", store))
}

// A run of one of many seeds that is not valid is named, and makes the exit code.
func TestCompareNamesTheSeedsThatAreNotValid(t *testing.T) {
	var out, errors bytes.Buffer
	arguments := []string{"compare", "--workloads", "discovery", "--systems", "cpstore", "--faults", "kill-during-write",
		"--seeds", "6-7", "--store", t.TempDir()}
	require.Equal(t, exitUnknown, execute(t.Context(), arguments, &out, &errors), errors.String())
	require.Contains(t, out.String(), "2 runs of seeds 6-7: 1 valid\n  unknown: cpstore-discovery-kill-during-write, seed 7\n")
}

// With many seeds, compare leaves the table of calls beside its page.
func TestCompareWithManySeeds(t *testing.T) {
	store := t.TempDir()
	var out, errors bytes.Buffer
	arguments := []string{"compare", "--workloads", "discovery", "--systems", "cpstore,cachedcp", "--faults", "isolate-one", "--seeds", "1-2", "--store", store}
	require.Equal(t, exitValid, execute(t.Context(), arguments, &out, &errors), errors.String())
	found, err := filepath.Glob(filepath.Join(store, "compare", "*", "callers.md"))
	require.NoError(t, err)
	require.NotEmpty(t, found)
	text, err := os.ReadFile(found[0])
	require.NoError(t, err)
	require.Contains(t, out.String(), "minority side: ")
	require.Contains(t, out.String(), filepath.Join(filepath.Dir(found[0]), "index.html#answer"))
	page, err := os.ReadFile(filepath.Join(filepath.Dir(found[0]), "index.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), `href="callers.md"`)
	require.Contains(t, string(page), `aria-labelledby="answer-title answer-desc"`)
	require.Contains(t, string(text), "| faults | cpstore | cachedcp | cachedcp, cache |")
	require.Contains(t, string(text), "| isolate-one, minority |")

	for flags, complaint := range map[string][]string{
		"first-last":   {"--seeds", "1"},
		"--workloads":  {"--seeds", "1-2", "--workloads", "register"},
		"simulation":   {"--seeds", "1-2", "--world", "docker"},
		"if any flags": {"--seeds", "1-2", "--seed", "7"},
	} {
		errors.Reset()
		require.Equal(t, exitUsage, execute(t.Context(), append([]string{"compare", "--store", store}, complaint...), &out, &errors))
		require.Contains(t, errors.String(), flags)
	}
}
