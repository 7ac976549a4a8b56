package workloads

import (
	"fmt"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// Convergence is the workload that looks at how the copies of a registry come together again: while
// others stand, instances come, leave in good order and crash beside every node, so on both sides of a
// partition; and in the end everybody looks, at the node beside it and into its own cache.
func Convergence() Workload {
	return Workload{
		Name:     "convergence",
		Summary:  "instances come, leave and crash on every side of a partition; in the end all lists and caches are compared",
		Numbers:  []string{"keys"},
		Plan:     planConvergence,
		Promises: convergencePromises,
		Measures: convergenceMeasures,
	}
}

// planConvergence plans the instances of the first half of the clients, the lookups of the others, and
// what all ask in the end. The last changes come early in the quiet phase.
func planConvergence(shape Shape) []Planned {
	providers := providersOf(shape)
	var plan []Planned
	var cancels []Planned
	for number, place := range shape.Clients[:providers] {
		changes, ends := turnover(shape, number, place.Client, heldBy(shape, providers))
		plan, cancels = append(plan, changes...), append(cancels, ends...)
	}
	for number, place := range shape.Clients {
		if number >= providers {
			plan = append(plan, follow(shape, number, place.Client, cancels)...)
		}
		plan = append(plan, finalLists(shape, place.Client)...)
	}
	return inOrder(plan)
}

// turnover plans what one provider's instances do: some stand, and one after the other comes and goes, one
// in four without a word: so few of all that leases may end. The one that is up when the quiet phase begins
// leaves soon after, in good order, and one more comes and stays. Ends are the cancels among it.
//
//	web/c3-1 |==register===================================== ...
//	web/c3-2 |==register===================================== ...
//	web/c3#1   |==register=====deregister|
//	web/c3#2                               |==register=====die|
func turnover(shape Shape, number int, client string, held int) (plan, ends []Planned) {
	stream := rng.New(shape.Seed, convergenceKey, uint64(number))
	plan = arrivals(stream, client, held)
	do := func(at time.Duration, function history.Function, count int) Planned {
		plan = append(plan, must(history.Time(at), client, function, fmt.Sprintf("%s/%s#%d", service, client, count)))
		return plan[len(plan)-1]
	}
	gap := func() time.Duration { return time.Duration(stream.Between(int64(time.Second), int64(3*time.Second))) }
	at := gap()
	for count := 1; ; count++ {
		do(at, history.Register, count)
		at += time.Duration(stream.Between(int64(3*time.Second), int64(9*time.Second)))
		const longestGap = 3 * time.Second
		switch {
		case at+longestGap >= shape.Quiet:
			at = max(at, shape.Quiet) + time.Duration(stream.Below(int64(shape.Settle/4)+1))
			ends = append(ends, do(at, history.Deregister, count))
			do(at+time.Duration(stream.Below(int64(time.Second))), history.Register, count+1)
			return plan, ends
		case stream.Chance(1, 4):
			do(at, history.Die, count)
		default:
			ends = append(ends, do(at, history.Deregister, count))
		}
		at += gap()
	}
}

// follow plans what one consumer asks: lookups, its cache, and what became of an instance that was to
// leave some time ago.
func follow(shape Shape, number int, client string, cancels []Planned) []Planned {
	stream := rng.New(shape.Seed, followKey, uint64(number))
	const latest = 12 * time.Second // so long after a cancel it is still asked about
	plan := make([]Planned, 0, (shape.Quiet+shape.Settle)/shape.Every+1)
	var recent []string
	for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
		next := Planned{At: history.Time(at), Client: client, Request: history.Request{Function: history.Lookup, Key: service}}
		switch draw := stream.Below(10); {
		case draw < 3:
			next.Function = history.CacheLookup
		case draw < 6:
			recent = recent[:0]
			for _, cancel := range cancels {
				if cancel.At < next.At && next.At <= cancel.At+history.Time(latest) {
					recent = append(recent, cancel.Key)
				}
			}
			if len(recent) > 0 {
				next.Request = history.Request{Function: history.Status, Key: recent[stream.Below(int64(len(recent)))]}
			}
		}
		plan = append(plan, next)
	}
	return plan
}

// convergencePromises gives a cancel half of the time that other news may take: it waits for no heartbeat of an
// instance, and the caches of clients are not looked at.
func convergencePromises(_ Guarantee, c Conditions) []Promise {
	promises := append(registryPromises(c), []Promise{
		{"after the heal every list and every cache shows all who are up", checker.LiveListed{Service: service, Settle: c.Settle, Notice: c.Notice}},
		{"after the heal all lists and caches are the same, but for those who leave", checker.SameLists{Service: service, Settle: c.Settle, Notice: c.Notice}},
		{"a cancel reaches every node that can be told", checker.CancelsHeard{Notice: c.Notice / 2, Calm: c.Notice}},
	}...)
	if c.Ghost > 0 && !clocks(c.Faults) {
		promises = append(promises, deadPromise(c))
	}
	return promises
}

func deadPromise(c Conditions) Promise {
	return Promise{"the dead are gone in the time of their leases, unless self-preservation keeps them",
		checker.DeadGone{Service: service, Settle: c.Settle, Allowed: c.Ghost}}
}

func convergenceMeasures(_ Guarantee, c Conditions) []Promise {
	measures := []Promise{{"ghosts, missing instances and the age of lists", checker.Discovery{Service: service}},
		{"for how long those who left are listed", checker.Departures{Service: service}}}
	if clocks(c.Faults) && c.Ghost > 0 {
		measures = append(measures, deadPromise(c))
	}
	return measures
}
