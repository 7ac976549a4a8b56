package workloads

import (
	"fmt"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// Dubbo is the workload of service discovery in Dubbo's layout: the first half of the clients are providers, each at one
// address for all its lives; the others look them up, and into their own caches.
func Dubbo() Workload {
	return Workload{
		Name:     "dubbo",
		Summary:  "providers come, leave, die and come back at their addresses, one of them at a wrong one; consumers call whom their caches list",
		Plan:     planDubbo,
		Promises: dubboPromises,
		Measures: dubboMeasures,
	}
}

// planDubbo plans the lives of providers until the quiet phase, and lookups until the system has settled. Amid the
// faults all providers are deployed anew, so that for a moment none is there.
func planDubbo(shape Shape) []Planned {
	var plan []Planned
	providers := providersOf(shape)
	for number, place := range shape.Clients {
		if number < providers {
			plan = append(plan, provides(shape, number, providers)...)
		} else {
			plan = append(plan, consumes(shape, number)...)
		}
		plan = append(plan, finalLists(shape, place.Client)...)
	}
	return inOrder(plan)
}

// address is where a provider says that it can be called: at its host; but the last of several says what it is
// called inside its own network, where nobody else finds it.
func address(shape Shape, number, providers int) string {
	host := shape.Clients[number].Host
	if number > 0 && number == providers-1 {
		host = "172.17.0.2"
	}
	return fmt.Sprintf("%s/%s:%d", service, host, 20881+number)
}

// provides plans what a provider does: it registers, lives, leaves or dies, and is back at the same address soon, often before
// the session in which it died has expired. Some have left for good in the end.
//
//	c3 |==register web/n3:20883======die|==register web/n3:20883==== ...
func provides(shape Shape, number, providers int) (plan []Planned) {
	stream, client := rng.New(shape.Seed, dubboKey, uint64(number)), shape.Clients[number].Client
	own := address(shape, number, providers)
	do := func(at time.Duration, function history.Function) {
		plan = append(plan, must(history.Time(at), client, function, own))
	}
	at := time.Duration(stream.Between(int64(200*time.Millisecond), int64(2*time.Second)))
	do(at, history.Register)
	for _, until := range []time.Duration{(shape.Faults + shape.Quiet) / 2, shape.Quiet - lastFarewell} {
		for {
			at += time.Duration(stream.Between(int64(3*time.Second), int64(9*time.Second)))
			if at+lastFarewell >= until {
				break
			}
			end := history.Deregister
			if stream.Chance(1, 2) {
				end = history.Die
			}
			do(at, end)
			at += time.Duration(stream.Between(int64(500*time.Millisecond), int64(3*time.Second)))
			do(at, history.Register)
		}
		if at = until; until < shape.Quiet-lastFarewell {
			do(at, history.Deregister)
			at += time.Duration(stream.Between(int64(2*time.Second), int64(3*time.Second)))
			do(at, history.Register)
		} else if number%5 == 1 || number > 0 && stream.Chance(1, 4) {
			do(at, history.Die)
		}
	}
	return plan
}

// consumes plans what a consumer asks: its cache, and a server.
func consumes(shape Shape, number int) (plan []Planned) {
	stream, client := rng.New(shape.Seed, dubboKey, uint64(number)), shape.Clients[number].Client
	for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
		for _, function := range []history.Function{history.CacheLookup, history.Lookup} {
			plan = append(plan, Planned{At: history.Time(at), Client: client, Request: history.Request{Function: function, Key: service}})
		}
	}
	return plan
}

func dubboPromises(_ Guarantee, c Conditions) []Promise {
	return append([]Promise{
		{"a cache that has answered always does, and is never empty, while its consumer lives",
			checker.CacheSurvives{Service: service, NeverEmpty: true, InMemory: true}},
		{"after the heal every cache comes to show the living, and not the dead",
			checker.CacheFollows{Service: service, Settle: c.Settle, Notice: max(c.Notice, c.Grace), Allowed: c.Ghost}},
	}, directoryPromises(service, c)...)
}

func dubboMeasures(guarantee Guarantee, c Conditions) []Promise {
	return append(directoryMeasures(service)(guarantee, c), Promise{"how many calls would have reached a live instance", checker.Calls{Service: service}})
}
