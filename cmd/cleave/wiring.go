package main

import (
	"fmt"
	"io"
	"time"

	"cleave/harness"
	"cleave/systems/apregistry"
	"cleave/systems/cpstore"
	"cleave/world"
	"cleave/world/sim"
)

// wiring is the one table of systems and worlds.
var wiring = harness.Wiring{Systems: systems, World: newWorld}

func systems(plan harness.Plan) []world.System {
	all := []world.System{cpstore.System(cpstore.DefaultOptions())}
	for _, profile := range []apregistry.Profile{apregistry.Netflix, apregistry.Spring, apregistry.Plain} {
		all = append(all, apregistry.System(apregistry.ProfileOptions(profile).Scaled(plan.Scale)))
	}
	return all
}

func newWorld(plan harness.Plan, schedule harness.Schedule, log func(string) io.Writer) (world.World, error) {
	if plan.World != "sim" {
		return nil, fmt.Errorf("unknown world %.60q; there is: sim", plan.World)
	}
	options := sim.DefaultOptions(schedule.Seed)
	options.Network.Latency = sim.Spread{Least: time.Duration(plan.Latency), Jitter: time.Duration(plan.Jitter)}
	options.Network.Loss = sim.Chance{Of: plan.Loss, In: 100}
	options.MaxRate = uint64(10_000*plan.Nodes + 1_000*plan.Clients)
	options.Log = log
	return sim.New(options), nil
}
