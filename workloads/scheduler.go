package workloads

import (
	"fmt"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// A job, in how many shards it is run, and how long it is from one of its triggers to the next.
const (
	scheduledJob = "job"
	jobShards    = 6
	triggerTime  = 2 * time.Second
)

// Scheduler is the workload of a job that is run at every trigger in several shards, which a leader divides among the
// instances: they join and leave, and die.
func Scheduler() Workload {
	return Workload{
		Name:     "scheduler",
		Summary:  "instances of a job run its shards at every trigger, as an elected leader has divided them",
		Plan:     planScheduler,
		Promises: schedulerPromises,
		Measures: nothingMeasured,
	}
}

// deathsEvery is how often an instance dies: before the next does, its shards have come to somebody else.
const deathsEvery = 10 * time.Second

// planScheduler plans memberships until the quiet phase, one death at a time, and listings. In the end everybody takes
// part, and lists who does.
//
//	c3 |==join===children=======leave|===join====children====children====== ...
//	c7 |==join========children===============die|===join===children==== ...
func planScheduler(shape Shape) []Planned {
	var plan []Planned
	for number, place := range shape.Clients {
		stream := rng.New(shape.Seed, schedulerKey, uint64(number))
		add := func(at time.Duration, must bool, function history.Function, key string) {
			plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: history.Request{Function: function, Key: key}, Must: must})
		}
		joined := false
		before := time.Duration(0)
		for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
			draw := stream.Below(300)
			churns := at < shape.Quiet-lastFarewell
			switch {
			case !joined:
				add(at, true, history.Join, scheduledJob)
				joined = true
			case churns && dies(shape, number, before, at):
				add(at, true, history.Die, "")
				joined = false
			case churns && draw == 0:
				add(at, true, history.Leave, scheduledJob)
				joined = false
			case draw < 100:
				add(at, false, history.Children, scheduledJob+"/instances")
			}
			before = at
		}
		plan = append(plan, finalReads(shape, place.Client, history.Children, []string{scheduledJob + "/instances"})...)
	}
	return inOrder(plan)
}

// dies tells whether it is a client's turn to die between two instants: in the second fifth of each time between two
// deaths somebody does, so that they are never close to each other.
func dies(shape Shape, number int, after, until time.Duration) bool {
	turn := until / deathsEvery
	stream := rng.New(shape.Seed, schedulerKey, uint64(len(shape.Clients))+uint64(turn))
	who := stream.Below(int64(len(shape.Clients)))
	when := turn*deathsEvery + time.Duration(stream.Between(int64(deathsEvery/5), int64(2*deathsEvery/5)))
	return int64(number) == who && after < when && when <= until
}

// everyShard names all shards.
func everyShard() []string {
	names := make([]string, jobShards)
	for i := range names {
		names[i] = fmt.Sprintf("%s/%d", scheduledJob, i)
	}
	return names
}

// triggerPatience is how late a shard may be run for a trigger, and catchUp how long it may take, once all has settled, until
// what has piled up is run.
const (
	triggerPatience = 8 * time.Second
	catchUp         = 4 * time.Second
)

func schedulerPromises(_ Guarantee, c Conditions) []Promise {
	settle := max(c.Spread, c.Ghost)
	return []Promise{
		{"no shard runs at two instances at a time", checker.OneHolder{}},
		{"no shard runs twice for one trigger", checker.RunsOnce{}},
		{"every shard runs for every trigger that nothing disturbs", checker.EveryTrigger{Shards: everyShard(), Every: history.Time(triggerTime),
			Patience: history.Time(triggerPatience), Settle: history.Time(settle), CatchUp: history.Time(catchUp)}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Children}, Settle: settle}},
		{"no two leaders in one term", checker.ElectionSafety{}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
}
