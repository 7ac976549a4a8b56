package sweep

import (
	"cmp"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/harness/shrink"
)

// add counts one run in.
func (r *Record) add(o *outcome) {
	r.Done = join(r.Done, Range{o.seed, o.seed})
	r.Digest += Digest(o.digest)
	r.Events += o.events
	if o.runaway {
		r.Runaway++
	}
	if o.audited {
		r.Audited++
	}
	if o.divergence != nil {
		r.Diverged = firstOnes(append(r.Diverged, Diverged{o.seed, *o.divergence}))
	}
	switch {
	case o.broken != "":
		r.Broken++
		r.Failures = addGroups(r.Failures, []Group{failure(o)})
		return
	case o.verdict == checker.Invalid:
		r.Invalid++
		r.Curve[r.stretch(o.seed)]++
	case o.verdict == checker.Unknown:
		r.Unknown++
	default:
		r.Valid++
	}
	r.Violations = addGroups(r.Violations, groups(o.violations, o.seed, true))
	r.Doubts = addGroups(r.Doubts, groups(o.doubts, o.seed, false))
	for i := range o.situations {
		o.situations[i].First = o.seed
	}
	r.Situations = addSituations(r.Situations, o.situations)
	r.States = addStates(r.States, statesIn(o.states, o.seed))
}

func failure(o *outcome) Group {
	kind := shrink.ViolationOf(checker.Result{Checker: "harness", Reason: o.broken})
	return Group{Violation: kind, Runs: 1, Seeds: []uint64{o.seed}, Reason: o.broken}
}

func groups(findings []finding, seed uint64, keep bool) []Group {
	var all []Group
	for _, one := range findings {
		group := Group{Violation: one.Violation, Runs: 1, Seeds: []uint64{seed}, Reason: one.reason}
		if keep {
			group.Kept = []uint64{seed}
		}
		all = append(all, group)
	}
	return all
}

func statesIn(counts map[string]int, seed uint64) []State {
	var all []State
	for name, count := range counts {
		all = append(all, State{Name: name, Runs: 1, Count: count, Most: count, First: seed})
	}
	return all
}

// addGroups joins groups of the same violation. The result is sorted, and the same in whatever order runs
// are added.
func addGroups(into, from []Group) []Group {
	for _, group := range from {
		at, found := slices.BinarySearchFunc(into, group, func(a, b Group) int { return compareViolations(a.Violation, b.Violation) })
		if !found {
			into = slices.Insert(into, at, group)
			continue
		}
		old := &into[at]
		if group.Seeds[0] < old.Seeds[0] {
			old.Reason = group.Reason
		}
		old.Runs += group.Runs
		old.Seeds, old.Kept = lowest(old.Seeds, group.Seeds, mostSeeds), lowest(old.Kept, group.Kept, mostKept)
	}
	return into
}

// wants tells whether a run's folder would be among those that are kept.
func (r *Record) wants(o *outcome) bool {
	return slices.ContainsFunc(o.violations, func(f finding) bool {
		at := slices.IndexFunc(r.Violations, func(g Group) bool { return g.Violation == f.Violation })
		return at < 0 || len(r.Violations[at].Kept) < mostKept || o.seed < r.Violations[at].Kept[mostKept-1]
	})
}

// kept are the seeds whose run folders a record speaks of, sorted.
func (r *Record) kept() []uint64 {
	var all []uint64
	for _, group := range r.Violations {
		all = append(all, group.Kept...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func lowest(a, b []uint64, most int) []uint64 {
	all := slices.Concat(a, b)
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.Clip(all[:min(len(all), most)])
}

func firstOnes(all []Diverged) []Diverged {
	slices.SortFunc(all, func(a, b Diverged) int { return cmp.Compare(a.Seed, b.Seed) })
	return append([]Diverged{}, all[:min(len(all), mostSeeds)]...)
}

func addSituations(into, from []Situation) []Situation {
	for _, one := range from {
		at, found := slices.BinarySearchFunc(into, one, compareSituations)
		if found {
			into[at].Count += one.Count
			into[at].First = min(into[at].First, one.First)
		} else {
			into = slices.Insert(into, at, one)
		}
	}
	return into
}

func addStates(into, from []State) []State {
	for _, one := range from {
		at, found := slices.BinarySearchFunc(into, one, func(a, b State) int { return strings.Compare(a.Name, b.Name) })
		if !found {
			into = slices.Insert(into, at, one)
			continue
		}
		old := &into[at]
		old.Runs, old.Count, old.Most = old.Runs+one.Runs, old.Count+one.Count, max(old.Most, one.Most)
		old.First = min(old.First, one.First)
	}
	return into
}

func compareViolations(a, b shrink.Violation) int {
	return cmp.Or(strings.Compare(a.Checker, b.Checker), strings.Compare(a.Promise, b.Promise), strings.Compare(a.Kind, b.Kind))
}

func compareSituations(a, b Situation) int {
	return cmp.Or(strings.Compare(a.Fault, b.Fault), strings.Compare(a.Role, b.Role), strings.Compare(a.Phase, b.Phase),
		strings.Compare(a.Message, b.Message))
}
