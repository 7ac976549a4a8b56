package workloads

import (
	"fmt"
	"strings"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// What self-preservation is reckoned by: an instance renews twice in the minute over which heartbeats are
// counted, and more than this share of them must come.
const (
	beatsPerBucket = 2
	renewalPercent = 85
)

// smallest is the size of a registry up to which it never evicts a single crash.
const smallest = 6

// mostHeld is how many instances one provider holds at most, and all of them together unless every one
// holds a single one, if nobody says how many there are to be.
const (
	mostHeld     = 4
	mostTogether = 60
)

// providersOf is how many of the clients hold instances: the first half, who live beside all nodes.
func providersOf(shape Shape) int { return (len(shape.Clients) + 1) / 2 }

// heldBy is how many instances each provider is to hold: as many as make the number that is wanted, or a few.
func heldBy(shape Shape, providers int) int {
	if shape.Keys > 0 {
		return (shape.Keys + providers - 1) / providers
	}
	return max(1, min(mostHeld, mostTogether/providers))
}

// standing names the instances that a provider registers at the start, from 1 on.
func standing(client string, number int) string {
	return fmt.Sprintf("%s/%s-%d", service, client, number)
}

// arrivals plans that a provider registers some instances, one shortly after the other, in the first seconds.
func arrivals(stream *rng.Stream, client string, count int) []Planned {
	at := history.Time(stream.Between(int64(200*time.Millisecond), int64(time.Second)))
	gap := history.Time(min(100*time.Millisecond, 5*time.Second/time.Duration(max(count, 1))))
	plan := make([]Planned, 0, count)
	for number := 1; number <= count; number++ {
		plan = append(plan, must(at, client, history.Register, standing(client, number)))
		at += gap
	}
	return plan
}

// must plans an operation that is done in any case.
func must(at history.Time, client string, function history.Function, key string) Planned {
	return Planned{At: at, Client: client, Request: history.Request{Function: function, Key: key}, Must: true}
}

// finalLists has a client go home, look the service up and look into its cache, twice, once the system has
// settled.
func finalLists(shape Shape, client string) []Planned {
	return finalRequests(shape, client, []history.Request{
		{Function: history.Lookup, Key: service}, {Function: history.CacheLookup, Key: service}})
}

// registryPromises are those of every workload that only a registry carries.
func registryPromises(c Conditions) []Promise {
	promises := []Promise{
		{"whoever reaches any node is served", checker.Availability{Grace: c.Grace, Boot: c.Boot, OnDemand: c.OnDemand}},
		{"no live registration is lost for good", checker.NoLostRegistration{Service: service, Settle: c.Settle}},
		{"nothing is listed that was never registered", checker.NoPhantom{Service: service}},
		{"a client's own cache has no end of life", checker.CacheSurvives{Service: service}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
	if preserves(c.Faults) {
		promises = append(promises, keptPromise(c))
	}
	return promises
}

// clocks tells whether a schedule moves clocks. Leases are on the wall clock: they end early or late then, and
// what is promised of their end is only measured.
func clocks(faults []string) bool {
	for _, kind := range faults {
		if strings.HasPrefix(kind, "clock-") {
			return true
		}
	}
	return false
}

// lasting tells whether a registry is to keep through a schedule what it knows.
func lasting(faults []string) bool {
	if preserves(faults) {
		return true
	}
	return len(faults) == 0 || len(faults) == 1 && faults[0] == "none"
}
