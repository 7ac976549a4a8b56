package workloads

import (
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/internal/rng"
)

// configured is the name of the configuration that all clients follow.
const configured = "config"

// Config is the workload of a configuration centre: operators write a configuration, and every client keeps a copy of it,
// by which it goes whatever happens to the servers.
func Config() Workload {
	return Workload{
		Name:     "config",
		Summary:  "operators write a configuration; every client follows it with a watch, and goes by its own copy",
		Plan:     planConfig,
		Promises: configPromises,
		Measures: nothingMeasured,
	}
}

// planConfig plans what the first half of the clients do, who are operators, and the others, who go by their copies:
// changes until the quiet phase and a while in it, each of a new value, and mostly corrected by another operator at
// once; reads, and questions to copies, until the system has settled.
//
//	c1 |--write 21--|     |--read--|
//	c2 |--write 22--|           |--read--|
//	c6    |--cache-read--| 20      |--cache-read--| 22
func planConfig(shape Shape) []Planned {
	var plan []Planned
	operators := providersOf(shape)
	for number, place := range shape.Clients {
		stream, request := rng.New(shape.Seed, configKey, uint64(number)), history.Request{Function: history.CacheRead, Key: configured}
		if number < operators {
			request.Function = history.Read
		}
		for at := time.Duration(stream.Below(int64(shape.Every))); at < shape.Quiet+shape.Settle; at += spread(stream, shape.Every) {
			if stream.Chance(1, 100) && at < shape.Quiet-lastFarewell {
				plan = append(plan, must(history.Time(at), place.Client, history.Die, ""))
			} else {
				plan = append(plan, Planned{At: history.Time(at), Client: place.Client, Request: request})
			}
		}
		plan = append(plan, finalRequests(shape, place.Client, []history.Request{request})...)
	}
	return inOrder(append(plan, changes(shape, shape.Clients[:operators])...))
}

// changes plans what operators write, one of them, or two in quick succession.
func changes(shape Shape, operators []history.Placement) (plan []Planned) {
	stream, value := rng.New(shape.Seed, configKey, uint64(len(shape.Clients))), int64(0)
	for at := changesEvery / 2; at < shape.Quiet+shape.Settle; at += spread(stream, changesEvery) {
		first, together := int(stream.Below(int64(len(operators)))), 1+int(min(1, stream.Below(4)))
		if calm(shape, at) {
			continue
		}
		for turn := range min(together, len(operators)) {
			value++
			after := time.Duration(turn) * time.Duration(stream.Between(int64(time.Millisecond), int64(3*time.Millisecond)))
			plan = append(plan, Planned{At: history.Time(at + after), Client: operators[(first+turn)%len(operators)].Client,
				Request: history.Request{Function: history.Write, Key: configured, Value: history.Integer(value)}})
		}
	}
	return plan
}

// changesEvery is how long a configuration lasts, about.
const changesEvery = 1500 * time.Millisecond

func configPromises(_ Guarantee, c Conditions) []Promise {
	return []Promise{
		{"no client is shown an older configuration than before", checker.ConfigVersions{Functions: []history.Function{history.Read, history.CacheRead}}},
		{"after the heal every copy is current", checker.CopyFollows{Within: history.Time(max(c.Notice, c.Grace))}},
		{"all nodes agree after the heal", checker.Convergence{Functions: []history.Function{history.Read}, Settle: c.Spread}},
		{"no two leaders in one term", checker.ElectionSafety{}},
		{"no node breaks an invariant of its own", checker.NoPanic{}},
	}
}
