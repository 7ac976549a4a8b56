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
var kindSeeds = flag.Uint64("kindseeds", 1, "with -record, seeds of each planted bug under each kind of fault")

// aloneSeeds is how many seeds are tried of a bug that so few show under one kind of fault alone.
var aloneSeeds = flag.Uint64("aloneseeds", 2, "with -record, seeds of a planted bug under each other kind of fault, if one alone seems to show it")

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

// tryKinds hunts the bug under every kind of fault, unless it needs none. What one kind alone seems to show is
// hunted longer under the others.
func (k *kill) tryKinds(t *testing.T) {
	none, err := nemesis.Find(nemesis.None)
	require.NoError(t, err)
	k.without, err = k.under(t.Context(), none, *kindSeeds)
	require.NoError(t, err)
	if k.without {
		return
	}
	k.kinds = k.among(t, kindsOfFaults(), *kindSeeds)
	if len(owners(k.kinds)) == 1 {
		others := slices.DeleteFunc(kindsOfFaults(), func(kind nemesis.Kind) bool { return slices.Contains(k.kinds, kind.Name) })
		k.kinds = append(k.kinds, k.among(t, others, *aloneSeeds)...)
	}
}

// among are the kinds under which a promise breaks within some seeds.
func (k *kill) among(t *testing.T, kinds []nemesis.Kind, seeds uint64) (names []string) {
	found, errs := make([]bool, len(kinds)), make([]error, len(kinds))
	var group sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, kind := range kinds {
		free <- struct{}{}
		group.Go(func() {
			found[i], errs[i] = k.under(t.Context(), kind, seeds)
			<-free
		})
	}
	group.Wait()
	require.NoError(t, errors.Join(errs...))
	for i, kind := range kinds {
		if found[i] {
			names = append(names, kind.Name)
		}
	}
	return names
}

// under tells whether a promise breaks under a kind of fault, within a few seeds.
func (k *kill) under(ctx context.Context, kind nemesis.Kind, seeds uint64) (found bool, err error) {
	plan := harness.BugPlan(k.system, k.bug)
	plan.Faults = kind.Name
	if able(plan, k.system, []nemesis.Kind{kind}) != nil {
		return false, nil
	}
	if kind.Name == k.bug.Faults && len(k.seeds) > 0 {
		seeds = max(seeds, k.seeds[0])
	}
	err = wiring.Seeds(ctx, plan, 1, seeds, func(finished harness.Finished) bool {
		found = len(finished.Judgement.Broken()) > 0
		return !found
	})
	return found, err
}

// kindsOfFaults are those that a bug is hunted under: they do something, and leave something promised.
func kindsOfFaults() []nemesis.Kind {
	return slices.DeleteFunc(slices.Clone(nemesis.Catalogue), func(kind nemesis.Kind) bool { return kind.Name == nemesis.None || kind.Harms })
}

// shadows are kinds of faults whose finds count as another's if that makes them too, and why.
var shadows = map[string]shadow{
	"power-loss": {of: []string{"kill-all"}, twin: true,
		reason: "in simulation a node that is killed loses what it has not synced, as without power; containers tell the two apart"},
	"random-links": {of: []string{"one-link", "chain", "star", "majorities-ring", "bridge"},
		reason: "it may draw any graph, and with seed 1 draws a bridge"},
}

type shadow struct {
	of     []string
	twin   bool // it does the same throughout, so that no bug can be its own: TestTwins holds it to that
	reason string
}

// owners are the kinds of some whose own a bug that all of them find is.
func owners(kinds []string) []string {
	return slices.DeleteFunc(slices.Clone(kinds), func(name string) bool {
		return slices.ContainsFunc(shadows[name].of, func(other string) bool { return slices.Contains(kinds, other) })
	})
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
		}
		if own := owners(found); len(own) == 1 {
			all.alone[own[0]] = append(all.alone[own[0]], k.bug.Name)
		}
	}
	return all
}

// table is a row for each of some names that found something; the others are given back. instead is what stands
// in the last column of one that finds no bug alone.
func (all tally) table(what string, names []string, instead func(name string) string) (text string, idle []string) {
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
		if len(alone) == 0 {
			alone = []string{instead(name)}
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
