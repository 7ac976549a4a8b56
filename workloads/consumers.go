package workloads

import (
	"fmt"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// consumerGroup is the group among whose members the partitions of a topic are balanced, and topicParts how many it has.
const (
	consumerGroup = "consumers/g"
	topicParts    = 12
)

// Consumers is the workload of a topic's partitions balanced among the members of a group: they join and leave, die,
// and consume what they have, message by message.
func Consumers() Workload {
	return Workload{
		Name:     "consumers",
		Summary:  "the members of a group divide the partitions of a topic among themselves, and consume them, at least once and committed once",
		Plan:     planConsumers,
		Promises: consumersPromises,
		Measures: nothingMeasured,
	}
}

// planConsumers plans memberships and messages until the quiet phase, and messages alone until the system has
// settled. In the end everybody is a member, and lists who owns what.
//
//	c3 |==join===consume==consume==owners===leave|===join=======consume=die|===join== ...
func planConsumers(shape Shape) []Planned {
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, consumersKey, uint64(number))
		add := func(at time.Duration, must bool, function history.Function, key string) {
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: history.Request{Function: function, Key: key}, Must: must})
		}
		joined := false
		for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
			draw := stream.Below(400)
			churns := at < shape.Quiet-lastFarewell
			switch {
			case !joined:
				add(at, true, history.Join, consumerGroup)
				joined = true
			case churns && draw == 0:
				add(at, true, history.Die, "")
				joined = false
			case churns && draw <= 2:
				add(at, true, history.Leave, consumerGroup)
				joined = false
			case draw < 60:
				add(at, false, history.Owners, consumerGroup+"/owners")
			default:
				add(at, false, history.Consume, consumerGroup)
			}
		}
		plan = append(plan, finalReads(shape, place.Client, history.Owners, []string{consumerGroup + "/owners"})...)
	}
	return inOrder(plan)
}

// everyPartition names all partitions.
func everyPartition() []string {
	names := make([]string, topicParts)
	for i := range names {
		names[i] = fmt.Sprintf("%s/%d", consumerGroup, i)
	}
	return names
}

// rebalancing is how long a partition may have no owner in the end: a consumer that goes home lets go, and claims again.
const rebalancing = 2 * time.Second

func consumersPromises(_ Guarantee, c Conditions) []Promise {
	settle := max(c.Spread, c.Ghost)
	return []Promise{
		{"no two consumers believe that they have one partition", checker.OneHolder{}},
		{"every partition has a consumer in the end", checker.SomebodyHolds{Settle: history.Time(settle),
			Allowed: history.Time(rebalancing), Names: everyPartition()}},
		{"every consumer has its share after the heal", checker.Balanced{Names: everyPartition(), Within: history.Time(settle + rebalancing)}},
		{"every message is committed once, and none is left out", checker.CommittedOnce{}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Owners}, Settle: settle}},
		{"no two leaders in one term", checker.ElectionSafety{}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
}
