package workloads

import (
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
	"cleave/models"
)

// queued is the queue's name.
const queued = "queue"

// Queue is the workload of a distributed queue by the published recipe: what is put in comes out once.
func Queue() Workload {
	return Workload{
		Name:     "queue",
		Summary:  "clients put numbers into a queue of sequential znodes and take them out; in the end they empty it",
		Plan:     planQueue,
		Promises: queuePromises,
		Measures: queueMeasures,
	}
}

// planQueue plans elements in and out until the quiet phase, as many of each, and then has the queue emptied.
func planQueue(shape Shape) []Planned {
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, queueKey, uint64(number))
		value := int64(number)
		for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle/2; at += spread(stream, shape.Every) {
			request := history.Request{Function: history.Dequeue, Key: queued}
			switch draw := stream.Below(20); {
			case at > shape.Quiet-time.Duration(Patience):
			case draw < 9:
				value += int64(len(shape.Clients))
				request.Function, request.Value = history.Enqueue, history.Integer(value)
			case draw < 11:
				request.Function = history.Children
			}
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: request})
		}
		plan = append(plan, finalReads(shape, place.Client, history.Children, []string{queued})...)
	}
	return inOrder(plan)
}

func queuePromises(_ Guarantee, c Conditions) []Promise {
	return []Promise{
		{"no element is lost, doubled or taken out of order", checker.Queue{}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Children}, Settle: c.Spread}},
		{"no two leaders in one term", checker.ElectionSafety{}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
}

func queueMeasures(Guarantee, Conditions) []Promise {
	return []Promise{{"is the queue linearizable, answers that it is empty included?",
		checker.Linearizable{Model: models.FIFOQueue(), Functions: []history.Function{history.Enqueue, history.Dequeue}}}}
}
