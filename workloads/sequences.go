package workloads

import (
	"fmt"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// sequenceParents are the znodes whose children are numbered.
func sequenceParents() []string { return []string{"s/q", "s/r"} }

// Sequences is the workload of clients that have the system number what they create.
func Sequences() Workload {
	return Workload{
		Name:     "sequences",
		Summary:  "clients create sequential znodes under two parents, remove some, and count the children",
		Plan:     planSequences,
		Promises: sequencesPromises,
		Measures: nothingMeasured,
	}
}

// planSequences plans creates and looks at the children until the system is to have settled, and final
// looks by every client, each from the node beside it.
func planSequences(shape Shape) []Planned {
	parents := sequenceParents()
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, sequencesKey, uint64(number))
		for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
			request := childrenOf(parents[stream.Below(int64(len(parents)))])
			switch draw := stream.Below(20); {
			case calm(shape, at):
			case draw < 12:
				request = history.Request{Function: history.CreateSequential, Key: request.Key}
			case draw < 14:
				request = removal(shape, request.Key, at, stream)
			}
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: request})
		}
		var finals []history.Request
		for _, parent := range parents {
			finals = append(finals, childrenOf(parent))
		}
		plan = append(plan, finalRequests(shape, place.Client, finals)...)
	}
	return inOrder(plan)
}

// removal takes away a child, whose number is a guess: one of those that may have been given by then, and
// as often as not one of the latest. If there is none of that number, nothing happens.
func removal(shape Shape, parent string, at time.Duration, stream *rng.Stream) history.Request {
	given := int64(at/shape.Every) * int64(len(shape.Clients)) * 12 / 20 / int64(len(sequenceParents()))
	number := stream.Below(given + 1)
	if stream.Chance(1, 2) {
		number = given - stream.Below(given/10+1)
	}
	return history.Request{Function: history.Remove, Key: fmt.Sprintf("%s/n-%010d", parent, number)}
}

// childrenOf counts the children of a znode. It arms a watch too, which nothing here looks at.
func childrenOf(key string) history.Request {
	return history.Request{Function: history.Watch, Key: key, Value: onChildren}
}

func sequencesPromises(_ Guarantee, c Conditions) []Promise {
	return append([]Promise{
		{"numbers are unique, in order, and none is lost", checker.Sequences{}},
	}, storePromises(c, c.Spread, history.Watch, history.CreateSequential, history.Remove, history.Watch)...)
}
