package workloads

import (
	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// GCounter is the workload of a counter that only grows, a copy of which each node has.
func GCounter() Workload {
	return Workload{
		Name:     "g-counter",
		Summary:  "numbers are added to a counter that only grows: in the end every node has the sum",
		Plan:     func(shape Shape) []Planned { return planCounter(shape, gCounterKey, 0) },
		Promises: counterPromises,
		Measures: counterMeasures,
	}
}

// PNCounter is the same with negative numbers.
func PNCounter() Workload {
	return Workload{
		Name:     "pn-counter",
		Summary:  "numbers, negative ones too, are added to a counter: in the end every node has the sum",
		Plan:     func(shape Shape) []Planned { return planCounter(shape, pnCounterKey, -5) },
		Promises: counterPromises,
		Measures: counterMeasures,
	}
}

func planCounter(shape Shape, key uint64, least int64) []Planned {
	const name = "counter"
	plan := requested(shape, key, func(stream *rng.Stream) history.Request {
		if stream.Below(2) == 0 {
			return history.Request{Function: history.Add, Key: name, Value: history.Integer(stream.Between(least, 5))}
		}
		return history.Request{Function: history.Read, Key: name}
	})
	return withFinalReads(shape, plan, name)
}

func counterPromises(guarantee Guarantee, c Conditions) []Promise {
	return []Promise{
		{"in the end every node has the sum, and no read is ever beyond what was asked for", checker.CounterTotal{Settle: c.Spread, Recovery: c.Recovery}},
		served(guarantee, c), sound(),
	}
}

func counterMeasures(guarantee Guarantee, c Conditions) []Promise {
	return append(lastAnswers(guarantee, c), Promise{"how often a read lacked what had been acknowledged, or went back", checker.CounterBounds{}})
}
