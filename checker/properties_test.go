package checker

import (
	"cleave/checker/consistency"
	"cleave/history"
)

// propertyCheckers are the checkers of runs, of consistency models and of invariants by their names in golden files.
func propertyCheckers(reads []history.Function) map[string]Checker {
	return map[string]Checker{
		"vacuity":             Vacuity{},
		"vacuity-planned":     Vacuity{Planned: 2},
		"no-panic":            NoPanic{},
		"election-safety":     ElectionSafety{},
		"consistency":         Strongest{reads},
		"sequential-order":    Consistent{consistency.Sequential, reads},
		"ordered-sequential":  Consistent{consistency.OrderedSequential, reads},
		"convergent":          Consistent{consistency.Convergent, reads},
		"causal":              Consistent{consistency.Causal, reads},
		"pram":                Consistent{consistency.PRAM, reads},
		"monotonic-reads":     Consistent{consistency.MonotonicReads, reads},
		"monotonic-writes":    Consistent{consistency.MonotonicWrites, reads},
		"read-your-writes":    Consistent{consistency.ReadYourWrites, reads},
		"writes-follow-reads": Consistent{consistency.WritesFollowReads, reads},
		"monotonic-prefix":    GrowingLists{reads},
		"converging":          Converging{reads},
		"atomicity":           Atomicity{[]history.Function{history.Read}, []history.Function{history.Write, history.CAS}},
		"queue":               Queue{},
		"set-full":            SetFull{},
		"counter-bounds":      CounterBounds{},
		"unique-ids":          UniqueIDs{[]history.Function{history.Acquire}},
		"mutual-exclusion":    Exclusion{},
		"fencing-tokens":      FencingTokens{},
		"fenced-writes":       FencedWrites{},
		"bank":                Bank{Total: 10},
		"config-versions":     ConfigVersions{reads},
	}
}
