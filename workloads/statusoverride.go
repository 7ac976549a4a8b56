package workloads

import (
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// outOfService is the status by which operators take traffic from an instance.
var outOfService = history.Text("OUT_OF_SERVICE")

// StatusOverride is the workload of operators who take instances out of service and put them back, while
// these renew, and register again.
func StatusOverride() Workload {
	return Workload{
		Name:     "status-override",
		Summary:  "operators take instances out of service and put them back, while these renew and register again",
		Plan:     planStatusOverride,
		Promises: statusOverridePromises,
		Measures: statusOverrideMeasures,
	}
}

// heldInService is how many instances each provider holds, at most.
const heldInService = 2

// planStatusOverride plans the instances of the first half of the clients, and what the others, the
// operators, do and ask. Each instance has one operator, so that the order of all words on it is known.
func planStatusOverride(shape Shape) []Planned {
	providers := providersOf(shape)
	held := min(heldInService, heldBy(shape, providers))
	var plan []Planned
	var instances []string
	duties := make([][]string, len(shape.Clients)) // the instances that each operator looks after
	for number, place := range shape.Clients[:providers] {
		stream := rng.New(shape.Seed, overrideKey, uint64(number))
		plan = append(plan, arrivals(stream, place.Client, held)...)
		for count := 1; count <= held; count++ {
			instance := standing(place.Client, count)
			operator := operatorOf(shape, place.Host, len(instances), count == 1)
			instances, duties[operator] = append(instances, instance), append(duties[operator], instance)
			plan = append(plan, renewals(shape, stream, place.Client, instance)...)
		}
	}
	for number, place := range shape.Clients {
		if number >= providers {
			plan = append(plan, operate(shape, number, place.Client, duties[number])...)
		}
		plan = append(plan, finalStatuses(shape, place.Client, instances)...)
	}
	return inOrder(plan)
}

// operatorOf is the position of the client that looks after an instance: one beside the same node, if it
// is to be near and there is one, or else all in turn.
func operatorOf(shape Shape, host string, instance int, near bool) int {
	providers := providersOf(shape)
	operators := shape.Clients[providers:]
	for number, place := range operators {
		if near && place.Host == host {
			return providers + number
		}
	}
	return providers + instance%len(operators)
}

// renewals plans that an instance registers anew now and then, as one does that lost its word or was
// changed.
func renewals(shape Shape, stream *rng.Stream, client, instance string) []Planned {
	var plan []Planned
	const often = 12 * time.Second
	for at := spread(stream, often); at < shape.Quiet; at += spread(stream, often) {
		plan = append(plan, must(history.Time(at), client, history.Register, instance))
	}
	return plan
}

// operate plans what one operator does with its instances in turn, and asks. Every word stands for some
// time, and the last ones come when half of the time to settle is over.
func operate(shape Shape, number int, client string, mine []string) []Planned {
	stream := rng.New(shape.Seed, overrideKey, uint64(number))
	var plan []Planned
	set := make([]bool, len(mine))
	const often, first = 4 * time.Second, time.Second
	turn := first + spread(stream, often)
	for at, count := time.Duration(stream.Below(int64(shape.Every))), 0; at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
		if at >= turn && at < shape.Quiet+shape.Settle/2 && len(mine) > 0 {
			place := count % len(mine)
			next := must(history.Time(at), client, history.ClearStatus, mine[place])
			if set[place] = !set[place]; set[place] {
				next.Function, next.Value = history.SetStatus, outOfService
			}
			plan = append(plan, next)
			count, turn = count+1, at+spread(stream, often)
			continue
		}
		request := history.Request{Function: history.Lookup, Key: service}
		switch draw := stream.Below(10); {
		case draw < 2:
			request.Function = history.CacheLookup
		case draw < 5 && len(mine) > 0:
			request = history.Request{Function: history.Status, Key: mine[stream.Below(int64(len(mine)))]}
		}
		plan = append(plan, Planned{At: history.Time(at), Client: client, Request: request})
	}
	return plan
}

// finalStatuses has a client go home and look the service up, and ask for the status of a few of the
// instances, once the system has settled.
func finalStatuses(shape Shape, client string, instances []string) []Planned {
	requests := []history.Request{{Function: history.Lookup, Key: service}, {Function: history.CacheLookup, Key: service}}
	for _, instance := range instances[:min(len(instances), 20)] {
		requests = append(requests, history.Request{Function: history.Status, Key: instance})
	}
	return finalRequests(shape, client, requests)
}

func statusOverridePromises(_ Guarantee, c Conditions) []Promise {
	promises := []Promise{
		{"whoever reaches any node is served", checker.Availability{Grace: c.Grace, Boot: c.Boot, OnDemand: c.OnDemand}},
		{"nothing is listed that was never registered", checker.NoPhantom{Service: service}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
	if !clocks(c.Faults) {
		promises = append(promises, overridePromise(c))
	}
	return promises
}

func overridePromise(c Conditions) Promise {
	return Promise{"what an operator said of an instance stands", checker.Overrides{Notice: c.Notice, Settle: c.Settle, Through: lasting(c.Faults)}}
}

func statusOverrideMeasures(_ Guarantee, c Conditions) []Promise {
	if clocks(c.Faults) {
		return []Promise{overridePromise(c)}
	}
	return nil
}
