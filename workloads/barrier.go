package workloads

import (
	"fmt"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// partySize is how many a barrier waits for.
const partySize = 3

// Barriers is the workload of double barriers by the published recipe, each for a party of three.
func Barriers() Workload {
	return Workload{
		Name:     "barrier",
		Summary:  "parties of three clients enter double barriers together, and leave them together",
		Plan:     planBarriers,
		Promises: barrierPromises,
		Measures: nothingMeasured,
	}
}

// planBarriers has parties meet, each round at barriers of its own, until the system is to settle. Every client comes a
// little sooner or later than planned. In the end everybody looks at the first barrier.
//
//	c1 |==enter b1-0=============|  |==leave b1-0====|
//	c2        |==enter b1-0======|    |==leave b1-0==|
//	c3                 |==enter==|             |leave|
func planBarriers(shape Shape) []Planned {
	var plan []Planned
	meeting := 10 * shape.Every
	order := make([]int, len(shape.Clients))
	for i := range order {
		order[i] = i
	}
	for round := 0; time.Duration(round+1)*meeting < shape.Quiet+shape.Settle/2; round++ {
		stream := rng.New(shape.Seed, barrierKey, uint64(round))
		stream.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for i, number := range order {
			key := fmt.Sprintf("b%d-%d", round, i/partySize)
			size := min(partySize, len(order)-i/partySize*partySize)
			come := time.Duration(round)*meeting + time.Duration(stream.Below(int64(4*shape.Every)))
			add := func(at time.Duration, function history.Function, argument history.Value) {
				plan = append(plan, Planned{At: history.Time(at), Client: shape.Clients[number].Client, Must: true,
					Request: history.Request{Function: function, Key: key, Value: argument}})
			}
			add(come, history.Enter, history.Integer(int64(size)))
			add(come+spread(stream, 2*shape.Every), history.Children, history.Nothing)
			add(come+3*shape.Every+time.Duration(stream.Below(int64(3*shape.Every))), history.Leave, history.Nothing)
		}
	}
	for _, place := range shape.Clients {
		plan = append(plan, finalReads(shape, place.Client, history.Children, []string{"b0-0"})...)
	}
	return inOrder(plan)
}

func barrierPromises(_ Guarantee, c Conditions) []Promise {
	return []Promise{
		{"nobody enters before all have come, nor leaves before all would leave", checker.Barrier{}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Children}, Settle: max(c.Spread, c.Ghost)}},
		{"no two leaders in one term", checker.ElectionSafety{}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
}
