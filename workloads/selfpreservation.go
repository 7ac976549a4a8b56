package workloads

import (
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// SelfPreservation is the workload that brings a registry to the threshold of its heartbeats: as many
// instances crash as leave exactly the share that must be exceeded. An odd seed makes it a small registry in
// which one crashes, an even seed one of several instances beside every node in which 15 percent do.
func SelfPreservation() Workload {
	return Workload{
		Name:     "self-preservation",
		Summary:  "one instance of a few, or 15 percent of many, crash: the heartbeats left are as many as the threshold",
		Plan:     planSelfPreservation,
		Promises: selfPreservationPromises,
		Measures: selfPreservationMeasures,
	}
}

// planSelfPreservation plans the instances of the first half of the clients, who crash, and when, and the
// lookups of the others.
func planSelfPreservation(shape Shape) []Planned {
	providers := providersOf(shape)
	stream := rng.New(shape.Seed, preservationKey)
	var plan []Planned
	var instances []Planned
	for number, place := range shape.Clients[:providers] {
		born := arrivals(rng.New(shape.Seed, preservationKey, uint64(number)), place.Client, holdings(shape, number))
		plan, instances = append(plan, born...), append(instances, born...)
	}
	plan = append(plan, crashes(shape, stream, instances)...)
	for number, place := range shape.Clients {
		if number >= providers {
			plan = append(plan, lookups(shape, number, place.Client)...)
		}
		plan = append(plan, finalLists(shape, place.Client)...)
	}
	return inOrder(plan)
}

// holdings is how many instances a provider registers: of a small registry, its part of as many as there
// may be.
func holdings(shape Shape, number int) int {
	providers := providersOf(shape)
	if shape.Seed%2 == 0 {
		return heldBy(shape, providers)
	}
	count := smallest / providers
	if number < smallest%providers {
		count++
	}
	return count
}

// crashes plans who dies: early a single one, which of many can be evicted in time; and of many, when the
// faults end, as many more at once as bring the heartbeats down to the threshold.
func crashes(shape Shape, stream *rng.Stream, instances []Planned) []Planned {
	for i := range instances {
		other := i + int(stream.Below(int64(len(instances)-i)))
		instances[i], instances[other] = instances[other], instances[i]
	}
	window := int64(shape.Quiet - shape.Faults)
	die := func(victim Planned, from, until int64) Planned {
		return must(history.Time(shape.Faults)+history.Time(stream.Between(from, until)), victim.Client, history.Die, victim.Key)
	}
	plan := []Planned{die(instances[0], window/8, window/4)}
	left := instances[1:]
	if shape.Seed%2 == 0 {
		threshold := len(left) * beatsPerBucket * renewalPercent / 100
		for _, victim := range left[:len(left)-threshold/beatsPerBucket] {
			plan = append(plan, die(victim, window-window/8, window-window/8+int64(100*time.Millisecond)))
		}
	}
	return plan
}

func selfPreservationPromises(_ Guarantee, c Conditions) []Promise {
	promises := append(registryPromises(c), []Promise{
		{"a node enters and leaves self-preservation when the formula says so",
			checker.SelfPreservation{Beats: beatsPerBucket, Percent: renewalPercent}},
		{"a node that preserves itself drops nobody", checker.NoEviction{Service: service, Notice: c.Notice}},
	}...)
	if !clocks(c.Faults) {
		promises = append(promises, Promise{"a small registry never evicts a single crash",
			checker.SmallRegistry{Service: service, Most: smallest, Notice: c.Notice}})
		if c.Ghost > 0 {
			promises = append(promises, deadPromise(c))
		}
	}
	return promises
}

func selfPreservationMeasures(_ Guarantee, c Conditions) []Promise {
	return []Promise{{"ghosts, missing instances and the age of lists", checker.Discovery{Service: service}},
		{"for how long those who left are listed", checker.Departures{Service: service}}}
}
