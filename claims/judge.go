package claims

import (
	"fmt"
	"slices"

	"cleave/checker"
	"cleave/harness"
)

// Enough is how many runs must say something for a finding to be decided, but for one run that contradicts.
const Enough = 20

// Evidence is what was found of a finding.
type Evidence struct {
	Finding Finding
	Unit    unit
	Runs    int // that were made
	Said    int // of them, that gave a number
	Held    int // of those, in which it was within the bound
	// Min, Median and Max are of the numbers, with the seeds of the runs that gave the least and the greatest.
	Min, Median, Max Value
	MinSeed, MaxSeed uint64
	Values           []Value // of the runs, in the order of their seeds
	// Against is the seed of the first run that did not hold, if one did not.
	Against uint64
	Verdict Verdict
	Cause   string // of "inconclusive"
}

// reading is a number that a run gave.
type reading struct {
	seed  uint64
	value Value
}

// read finds a number in a judgement. A run that put nothing to the test says nothing.
func (n Number) read(j harness.Judgement) (value Value, in unit, found bool) {
	for _, result := range j.Promises {
		if result.Checker == (checker.Vacuity{}).Name() && result.Verdict != checker.Valid {
			return 0, "", false
		}
	}
	for _, results := range [][]checker.Result{j.Promises, j.Measured} {
		for _, result := range results {
			if result.Checker != n.Checker || n.Title != "" && n.Title != result.Title {
				continue
			}
			if value, in, found = n.of(result); found {
				return value, in, true
			}
		}
	}
	return 0, "", false
}

func (n Number) of(result checker.Result) (Value, unit, bool) {
	if n.Name == "" {
		return map[checker.Verdict]Value{checker.Valid: 1}[result.Verdict], ofVerdict, result.Verdict != checker.Unknown
	}
	at := slices.IndexFunc(result.Measures, func(m checker.Measure) bool {
		return m.Name == n.Name && m.Side == n.Side && m.Phase == string(n.Phase) && m.Function == n.F
	})
	if at < 0 {
		return 0, "", false
	}
	value, in := valueOf(result.Measures[at])
	return value, in, true
}

// weigh decides a finding by what the runs gave, in order of seeds.
func (f Finding) weigh(readings []reading, in unit, runs int) Evidence {
	e := Evidence{Finding: f, Unit: in, Runs: runs, Said: len(readings)}
	for _, r := range readings {
		e.Values = append(e.Values, r.value)
		switch {
		case f.Must.holds(r.value):
			e.Held++
		case e.Against == 0:
			e.Against = r.seed
		}
	}
	e.spread(readings)
	e.Verdict, e.Cause = f.In.decide(e)
	return e
}

func (e *Evidence) spread(readings []reading) {
	if len(readings) == 0 {
		return
	}
	sorted := slices.Clone(readings)
	slices.SortStableFunc(sorted, func(a, b reading) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	last := sorted[len(sorted)-1]
	greatest := sorted[slices.IndexFunc(sorted, func(r reading) bool { return r.value == last.value })]
	e.Min, e.MinSeed, e.Max, e.MaxSeed = sorted[0].value, sorted[0].seed, greatest.value, greatest.seed
	e.Median = sorted[(len(sorted)-1)/2].value
}

// decide is the rule's verdict on how many runs held.
func (r Rule) decide(e Evidence) (Verdict, string) {
	few := fmt.Sprintf("%d of %d runs say something; %d are needed", e.Said, e.Runs, Enough)
	switch {
	case r == InEvery && e.Held < e.Said:
		return Refuted, ""
	case r == InSome && e.Held > 0:
		return Supported, ""
	case e.Said < Enough:
		return Inconclusive, few
	case r == InEvery || r == InMost && 4*e.Held >= 3*e.Said:
		return Supported, ""
	case r == InMost && 4*e.Held <= e.Said:
		return Refuted, ""
	case r == InMost:
		return Inconclusive, fmt.Sprintf("%d of %d runs held, neither three of four nor one of four", e.Held, e.Said)
	}
	return Inconclusive, fmt.Sprintf("none of %d runs showed it, which does not say that it cannot be", e.Said)
}

// Result is a claim that was put to the test.
type Result struct {
	Claim   Claim
	Verdict Verdict // of the sentence as it is worded
	Cause   string  // of "inconclusive"
	Worded  []Evidence
	// Precise is the verdict of the precise wording, with the cause if it is inconclusive.
	Precise      Verdict
	PreciseCause string
	Bounds       []Evidence
}

// AsExpected tells whether the claim ended as the table says, and the precise wording held.
func (r Result) AsExpected() bool { return r.Verdict == r.Claim.Found && r.Precise == Supported }

// merge is the verdict of several findings that must all hold: one that is refuted refutes.
func merge(all []Evidence) (Verdict, string) {
	verdict, cause := Supported, ""
	for _, e := range all {
		switch {
		case e.Verdict == Refuted:
			return Refuted, ""
		case e.Verdict == Inconclusive && verdict == Supported:
			verdict, cause = Inconclusive, e.Finding.Shows+": "+e.Cause
		}
	}
	return verdict, cause
}
