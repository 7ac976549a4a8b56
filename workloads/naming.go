package workloads

import (
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// named is the parent of all names.
const named = "names"

// Naming is the workload of unique names: clients ask for numbers that nobody else has, and list all that there are.
func Naming() Workload {
	return Workload{
		Name:     "naming",
		Summary:  "clients ask for names that nobody else has, numbered by the store, and find theirs again when the answer is lost",
		Plan:     planNaming,
		Promises: namingPromises,
		Measures: nothingMeasured,
	}
}

// planNaming plans listings, and requests for names in rounds, until the quiet phase and a while in it: several clients ask at
// about the same time.
//
//	c1 |--create-sequential--| 6                     |--children--|
//	c2  |--create-sequential--| 7     |--children--|
func planNaming(shape Shape) []Planned {
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, namingKey, uint64(number))
		add := func(at time.Duration, function history.Function) {
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: history.Request{Function: function, Key: named}})
		}
		for round := namesEvery; round < shape.Quiet+shape.Settle; round += namesEvery {
			if at := round + time.Duration(stream.Below(int64(2*time.Millisecond))); stream.Chance(1, 3) && !calm(shape, at) {
				add(at, history.CreateSequential)
			}
			if stream.Chance(1, 2) {
				add(round+time.Duration(stream.Below(int64(namesEvery))), history.Children)
			}
		}
		plan = append(plan, finalReads(shape, place.Client, history.Children, []string{named})...)
	}
	return inOrder(plan)
}

// namesEvery is the time from one round of requests for names to the next.
const namesEvery = time.Second

func namingPromises(_ Guarantee, c Conditions) []Promise {
	return []Promise{
		{"no name is given twice", checker.UniqueIDs{Functions: []history.Function{history.CreateSequential}}},
		{"in the end every name is somebody's", checker.NoOrphans{Settle: c.Settle}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Children}, Settle: c.Spread}},
		{"no two leaders in one term", checker.ElectionSafety{}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
}
