package workloads

import (
	"time"

	"cleave/checker"
	"cleave/history"
)

// storePromises are those of every workload that only a store with sessions and znodes carries: on
// which functions no client sees the state go back, and by which, when something has settled, all nodes
// say the same.
func storePromises(c Conditions, settle time.Duration, final history.Function, functions ...history.Function) []Promise {
	return []Promise{
		{"no session ever sees the state go back", checker.Sequential{Functions: functions}},
		{"whoever reaches a quorum is served", checker.Availability{Grace: c.Grace, Boot: c.Boot}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{final}, Settle: settle}},
		{"no two leaders in one term", checker.ElectionSafety{}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
}

// calm tells whether a plan has nothing changed at an instant: around the heal, when a change could
// well end with an unknown outcome, and from half of the time to settle on. A change of unknown outcome
// in the quiet phase leaves open what all nodes are to agree on in the end.
func calm(shape Shape, at time.Duration) bool {
	return at >= shape.Quiet-time.Duration(Patience) && at < shape.Quiet+shape.Settle/4 || at >= shape.Quiet+shape.Settle/2
}

// nothingMeasured is for workloads of which all that is looked at is promised.
func nothingMeasured(Guarantee, Conditions) []Promise { return nil }
