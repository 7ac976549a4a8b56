package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/nemesis"
	"cleave/workloads"
	"cleave/world"
)

// kindSeeds is how many seeds of each planted bug are tried under each kind of fault.
var kindSeeds = flag.Uint64("kindseeds", 3, "with -record, seeds of each planted bug under each kind of fault")

// shrinkRuns bounds how a find is made small: a bound of time would have the record depend on the machine.
const shrinkRuns = 3000

// kill is what hunting one planted bug gave.
type kill struct {
	system  world.System
	bug     world.Bug
	seeds   []uint64       // that its checker found it with
	seenBy  map[string]int // checkers that said invalid, and in how many of the runs
	each    time.Duration  // of the processor, for one run
	shrunk  *shrink.Shrunk // the first find made small, nil if there is none
	without bool           // it shows without any fault
	kinds   []string       // of faults under which any promise broke
}

// hunted hunts a bug with all its seeds, makes the first find small, and tries every kind of fault.
func hunted(t *testing.T, system world.System, bug world.Bug) kill {
	k := kill{system: system, bug: bug, seenBy: map[string]int{}}
	var first *find
	before := used(t)
	require.NoError(t, wiring.Seeds(t.Context(), harness.BugPlan(system, bug), 1, bugSeeds, func(finished harness.Finished) bool {
		broken := finished.Judgement.Broken()
		for _, name := range checkersOf(broken) {
			k.seenBy[name]++
		}
		if at := slices.IndexFunc(broken, func(r checker.Result) bool { return r.Checker == bug.Checker }); at >= 0 {
			k.seeds = append(k.seeds, finished.Plan.Seed)
			if first == nil {
				broken[0], broken[at] = broken[at], broken[0]
				first = &find{shrink.Case{Plan: finished.Plan, Schedule: finished.Schedule}, broken}
			}
		}
		return true
	}))
	k.each = (used(t) - before) / bugSeeds
	if first != nil {
		options := shrink.DefaultOptions()
		options.Runs = shrinkRuns
		shrunk, err := shrink.Shrink(t.Context(), wiring, first.original, first.broken, options)
		require.NoError(t, err, bug.Name)
		k.shrunk = &shrunk
	}
	k.tryKinds(t)
	return k
}

// tryKinds hunts the bug under every kind of fault, unless it needs none.
func (k *kill) tryKinds(t *testing.T) {
	none, err := nemesis.Find(nemesis.None)
	require.NoError(t, err)
	k.without, err = k.under(t.Context(), none)
	require.NoError(t, err)
	if k.without {
		return
	}
	found, errs := make([]bool, len(nemesis.Catalogue)), make([]error, len(nemesis.Catalogue))
	var group sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, kind := range nemesis.Catalogue {
		if kind.Name == nemesis.None || kind.Harms {
			continue
		}
		free <- struct{}{}
		group.Go(func() {
			found[i], errs[i] = k.under(t.Context(), kind)
			<-free
		})
	}
	group.Wait()
	require.NoError(t, errors.Join(errs...))
	for i, kind := range nemesis.Catalogue {
		if found[i] {
			k.kinds = append(k.kinds, kind.Name)
		}
	}
}

// under tells whether a promise breaks under a kind of fault, within a few seeds.
func (k *kill) under(ctx context.Context, kind nemesis.Kind) (found bool, err error) {
	plan := harness.BugPlan(k.system, k.bug)
	plan.Faults = kind.Name
	if able(plan, k.system, []nemesis.Kind{kind}) != nil {
		return false, nil
	}
	last := *kindSeeds
	if kind.Name == k.bug.Faults && len(k.seeds) > 0 {
		last = max(last, k.seeds[0])
	}
	err = wiring.Seeds(ctx, plan, 1, last, func(finished harness.Finished) bool {
		found = len(finished.Judgement.Broken()) > 0
		return !found
	})
	return found, err
}

func checkersOf(broken []checker.Result) []string {
	all := map[string]bool{}
	for _, result := range broken {
		all[result.Checker] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// median is how many seeds it took to find the bug again: the middle one of the distances between finds.
func (k *kill) median() uint64 {
	var gaps []uint64
	var before uint64
	for _, seed := range k.seeds {
		gaps, before = append(gaps, seed-before), seed
	}
	slices.Sort(gaps)
	return gaps[len(gaps)/2]
}

// row is the bug's line in the matrix. All of it but the time follows from the seeds.
func (k *kill) row() string {
	start := matrixStart(k.system, k.bug)
	if len(k.seeds) == 0 {
		return fmt.Sprintf("%s 0 | %s | | | %s | |", start, never, k.seen())
	}
	size := func(s shrink.Size) string { return fmt.Sprint(s.Items()) }
	after := size(k.shrunk.After)
	if k.shrunk.Ending != shrink.Smallest {
		after += "+" // it might become smaller yet
	}
	return fmt.Sprintf("%s %d | %d | %d | %s | %s | %s → %s |", start, len(k.seeds), k.seeds[0], k.median(),
		roughly(k.each*time.Duration(k.median())), k.seen(), size(k.shrunk.Before), after)
}

// seen names the checkers that said invalid, that of the table of bugs first.
func (k *kill) seen() string {
	names := slices.SortedFunc(maps.Keys(k.seenBy), func(a, b string) int {
		if (a == k.bug.Checker) != (b == k.bug.Checker) {
			return map[bool]int{true: -1, false: 1}[a == k.bug.Checker]
		}
		return strings.Compare(a, b)
	})
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", name, k.seenBy[name])
	}
	return strings.Join(names, ", ")
}

// roughly is a time to one digit.
func roughly(d time.Duration) string {
	switch {
	case d < 100*time.Millisecond:
		return "< 0.1 s"
	case d < time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

// tally says who finds which bugs, and who alone: of checkers, or of kinds of faults.
type tally struct{ finds, alone map[string][]string }

func tallied(kills []kill, finders func(kill) []string) tally {
	all := tally{map[string][]string{}, map[string][]string{}}
	for _, k := range kills {
		found := finders(k)
		for _, name := range found {
			all.finds[name] = append(all.finds[name], k.bug.Name)
			if len(found) == 1 {
				all.alone[name] = append(all.alone[name], k.bug.Name)
			}
		}
	}
	return all
}

// table is a row for each of some names that found something; the others are given back.
func (all tally) table(what string, names []string) (text string, idle []string) {
	out := &strings.Builder{}
	fmt.Fprintf(out, "| %s | bugs it finds | and no other does |\n|---|---|---|\n", what)
	for _, name := range names {
		if len(all.finds[name]) == 0 {
			idle = append(idle, "`"+name+"`")
			continue
		}
		alone := slices.Compact(slices.Sorted(slices.Values(all.alone[name])))
		for i := range alone {
			alone[i] = "`" + alone[i] + "`"
		}
		fmt.Fprintf(out, "| `%s` | %d | %s |\n", name, len(all.finds[name]), strings.Join(alone, ", "))
	}
	return out.String(), idle
}

// promisedCheckers are those that judge a promise of a system that runs in simulation, but for the one that
// judges the run.
func promisedCheckers(t *testing.T) []string {
	all := map[string]bool{}
	for _, system := range plantable() {
		for _, workload := range workloads.All() {
			if !system.Carries(workload.Name) {
				continue
			}
			plan := harness.DefaultPlan()
			plan.System, plan.Workload = system.Name, workload.Name
			promised, _, err := harness.Promised(plan, []nemesis.Fault{{Kind: "remove-member"}}, system)
			require.NoError(t, err)
			for _, promise := range promised {
				all[promise.Checker.Name()] = true
			}
		}
	}
	delete(all, checker.Vacuity{}.Name())
	return slices.Sorted(maps.Keys(all))
}

// plantable are the systems of our own, in which bugs can be planted.
func plantable() []world.System {
	return slices.DeleteFunc(systems(harness.DefaultPlan()), func(s world.System) bool { return s.Node == nil })
}
