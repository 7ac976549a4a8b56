package workloads

import (
	"fmt"
	"slices"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// service is the one service whose instances come and go.
const service = "web"

// Discovery is the workload of service discovery: the first half of the clients are instances of a
// service, which come, renew, leave and die; the others look the service up.
func Discovery() Workload {
	return Workload{
		Name:     "discovery",
		Summary:  "instances of a service come, renew, leave and die; consumers look them up",
		Plan:     planDiscovery,
		Promises: discoveryPromises,
		Measures: discoveryMeasures,
	}
}

// planDiscovery plans the lives of instances and the lookups of consumers. The last changes come
// when the quiet phase begins, the final lookups when the system has settled.
func planDiscovery(shape Shape) []Planned {
	var plan []Planned
	providers := (len(shape.Clients) + 1) / 2
	for number, place := range shape.Clients {
		if number < providers {
			plan = append(plan, lives(shape, number, place.Client)...)
		} else {
			plan = append(plan, lookups(shape, number, place.Client)...)
		}
		plan = append(plan, finalReads(shape, place.Client, history.Lookup, []string{service})...)
	}
	return inOrder(plan)
}

// lives plans what one provider's instances do: each registers, lives, and leaves or dies; some time
// later the next comes, under a new name.
//
//	web/c3#1 |==register======================die|    web/c3#2 |==register==== ...
func lives(shape Shape, number int, client string) []Planned {
	stream := rng.New(shape.Seed, discoveryKey, uint64(number))
	var plan []Planned
	do := func(at time.Duration, function history.Function, instance string) {
		plan = append(plan, Planned{At: history.Time(at), Client: client,
			Request: history.Request{Function: function, Key: instance}, Must: true})
	}
	at := time.Duration(stream.Between(int64(200*time.Millisecond), int64(2*time.Second)))
	for count := 1; ; count++ {
		instance := fmt.Sprintf("%s/%s#%d", service, client, count)
		do(at, history.Register, instance)
		at += time.Duration(stream.Between(int64(5*time.Second), int64(25*time.Second)))
		const longestGap = 4 * time.Second
		if at+longestGap >= shape.Quiet {
			return plan // the last one stays
		}
		end := history.Deregister
		if stream.Chance(1, 2) {
			end = history.Die
		}
		do(at, end, instance)
		at += time.Duration(stream.Between(int64(time.Second), int64(longestGap)))
	}
}

// lookups plans what one consumer asks.
func lookups(shape Shape, number int, client string) []Planned {
	stream := rng.New(shape.Seed, lookupKey, uint64(number))
	var plan []Planned
	for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
		function := history.Lookup
		if shape.Guarantee == Available && stream.Chance(1, 3) {
			function = history.CacheLookup
		}
		plan = append(plan, Planned{At: history.Time(at), Client: client, Request: history.Request{Function: function, Key: service}})
	}
	return plan
}

func discoveryPromises(guarantee Guarantee, c Conditions) []Promise {
	common := []Promise{
		{"no live registration is lost for good", checker.NoLostRegistration{Service: service, Settle: c.Settle}},
		{"nothing is listed that was never registered", checker.NoPhantom{Service: service}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
	if guarantee == Consistent {
		return append([]Promise{
			{"whoever reaches a quorum is served", checker.Availability{Grace: c.Grace, Boot: c.Boot}},
			{"no session ever sees the state go back", checker.Sequential{Functions: []history.Function{history.Lookup}}},
			{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Lookup}, Settle: c.Spread}},
			{"the dead are gone after their session's time", checker.NoGhostForever{Service: service, Settle: c.Settle, Allowed: c.Ghost}},
			{"no two leaders in one term", checker.ElectionSafety{}},
		}, common...)
	}
	promises := append([]Promise{
		{"whoever reaches any node is served", checker.Availability{Grace: c.Grace, Boot: c.Boot, OnDemand: c.OnDemand}},
		{"a client's own cache has no end of life", checker.CacheSurvives{Service: service}},
	}, common...)
	if preserves(c.Faults) {
		promises = append(promises, Promise{"through a partition no side forgets the living of the other", checker.NoForgetting{Service: service}})
	}
	return promises
}

// partitions are the faults through which self-preservation is to keep what the other side
// registered: a clean cut that lasts.
var partitions = []string{"halves-leader-minority", "halves-leader-majority", "isolate-leader", "isolate-one", "shatter"}

// preserves tells whether a schedule is one such fault.
func preserves(faults []string) bool {
	return len(faults) == 1 && slices.Contains(partitions, faults[0])
}

func discoveryMeasures(guarantee Guarantee, c Conditions) []Promise {
	return []Promise{{"ghosts, missing instances and the age of lists", checker.Discovery{Service: service}}}
}
