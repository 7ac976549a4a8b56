package workloads

import (
	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// Broadcast is the workload of messages that are told to one node and are to come to all. Clients add them to the set
// "messages", which each node reads out.
func Broadcast() Workload {
	return Workload{
		Name:     "broadcast",
		Summary:  "messages are told to one node, and are to come to all: in the end every node has each of them",
		Plan:     func(shape Shape) []Planned { return planSet(shape, broadcastKey, "messages") },
		Promises: setPromises,
		Measures: setMeasures,
	}
}

// GSet is the workload of a set that only grows, a copy of which each node has.
func GSet() Workload {
	return Workload{
		Name:     "g-set",
		Summary:  "elements are added to a set that only grows: in the end every node has all of them",
		Plan:     func(shape Shape) []Planned { return planSet(shape, gSetKey, "set") },
		Promises: setPromises,
		Measures: setMeasures,
	}
}

func planSet(shape Shape, key uint64, name string) []Planned {
	plan := requested(shape, key, func(stream *rng.Stream) history.Request {
		if stream.Below(2) == 0 {
			return history.Request{Function: history.Add, Key: name}
		}
		return history.Request{Function: history.Read, Key: name}
	})
	return withFinalReads(shape, numbered(plan, history.Add), name)
}

func setPromises(guarantee Guarantee, c Conditions) []Promise {
	return []Promise{
		{"in the end every node has all that is known, once, and nothing else", checker.Delivered{Settle: c.Spread, Recovery: c.Recovery}},
		served(guarantee, c), sound(),
	}
}

func setMeasures(guarantee Guarantee, c Conditions) []Promise {
	return append(lastAnswers(guarantee, c), Promise{"how many elements were lost, stale or never read, and for how long", checker.SetFull{}})
}
