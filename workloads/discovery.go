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
		if number >= providers && paired(shape) {
			plan = append(plan, finalLists(shape, place.Client)...)
		} else {
			plan = append(plan, finalReads(shape, place.Client, history.Lookup, []string{service})...)
		}
	}
	if shape.Guarantee == Cached && !shape.Alike {
		plan = append(plan, reboots(shape, shape.Clients[providers:])...)
	}
	return inOrder(plan)
}

// paired tells whether consumers look into their caches each time before they ask a server. Both at about the same
// instant show what a consumer could do that has no answer of a server.
func paired(shape Shape) bool { return shape.Alike || shape.Guarantee == Cached }

// reboots has the last consumer begin again amid the faults, with the cache on its disk, and the last but one without.
func reboots(shape Shape, consumers []history.Placement) (plan []Planned) {
	at := history.Time(shape.Faults+shape.Quiet) / 2
	for i, how := range []history.Value{history.Nothing, history.Text("bare")} {
		if last := len(consumers) - 1 - i; last >= 0 {
			plan = append(plan, Planned{At: at, Client: consumers[last].Client, Must: true,
				Request: history.Request{Function: history.Reboot, Value: how}})
		}
	}
	return plan
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
		switch {
		case paired(shape):
			plan = append(plan, Planned{At: history.Time(at), Client: client, Request: history.Request{Function: history.CacheLookup, Key: service}})
		case shape.Guarantee == Available && stream.Chance(1, 3):
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
	ofStores := append([]Promise{
		{"whoever reaches a quorum is served", checker.Availability{Grace: c.Grace, Boot: c.Boot}},
		{"no session ever sees the state go back", checker.Sequential{Functions: []history.Function{history.Lookup}}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Lookup}, Settle: c.Spread}},
		{"the dead are gone after their session's time", checker.NoGhostForever{Service: service, Settle: c.Settle, Allowed: c.Ghost}},
		{"no two leaders in one term", checker.ElectionSafety{}},
	}, common...)
	switch guarantee {
	case Consistent:
		return ofStores
	case Cached:
		return append(ofStores,
			Promise{"a cache that has answered always does, and is never empty", checker.CacheSurvives{Service: service, NeverEmpty: true}},
			Promise{"after the heal every cache comes to show the living, and not the dead",
				checker.CacheFollows{Service: service, Settle: c.Settle, Notice: c.Notice, Allowed: c.Ghost}})
	}
	promises := append([]Promise{
		{"whoever reaches any node is served", checker.Availability{Grace: c.Grace, Boot: c.Boot, OnDemand: c.OnDemand}},
		{"a client's own cache has no end of life", checker.CacheSurvives{Service: service}},
	}, common...)
	if preserves(c.Faults) {
		promises = append(promises, keptPromise(c))
	}
	return promises
}

// partitions are the faults through which self-preservation is to keep what the other side
// registered: a clean cut that lasts.
var partitions = []string{"halves-leader-minority", "halves-leader-majority", "isolate-leader", "isolate-one", "shatter"}

// preserves tells whether a schedule is of one kind of such faults alone.
func preserves(faults []string) bool {
	return len(faults) == 1 && slices.Contains(partitions, faults[0])
}

func keptPromise(c Conditions) Promise {
	return Promise{"through a partition no side forgets the living of the other", checker.NoForgetting{Service: service, Calm: c.Notice}}
}

func discoveryMeasures(guarantee Guarantee, c Conditions) []Promise {
	return []Promise{
		{"ghosts, missing instances and the age of lists", checker.Discovery{Service: service}},
		{"for how long those who left are listed", checker.Departures{Service: service}},
		{"who registers during a partition, and is found", checker.Newcomers{Service: service, Notice: c.Notice}},
		{"for how long each side still answers", checker.LastAnswer{}},
		{"how many calls would have reached a live instance", checker.Calls{Service: service}},
	}
}
