package cleavetest

import (
	"context"
	"slices"
	"time"

	"cleave/harness"
	"cleave/internal/link"
	"cleave/nemesis"
	"cleave/world"
	"cleave/world/sim"
)

// simulate makes the simulated world of a plan.
func simulate(_ context.Context, plan harness.Plan, _ world.System, schedule harness.Schedule, keep harness.Keep) (world.World, error) {
	options := sim.DefaultOptions(schedule.Seed)
	options.Network.Latency = link.Spread{Least: time.Duration(plan.Latency), Jitter: time.Duration(plan.Jitter)}
	options.Network.Loss = link.Chance{Of: plan.Loss, In: 100}
	options.MaxRate = uint64(10_000*plan.Nodes + 1_000*plan.Clients)
	options.Log, options.Passed, options.Lost = keep.Log, keep.Passed, keep.Lost
	var w *sim.World
	if keep.Step != nil {
		options.Trace = func(t sim.Trace) { keep.Step(w.Step(t)) }
	}
	w = sim.New(options)
	return w, nil
}

// able tells which faults cannot be done.
func able(plan harness.Plan, system world.System, faults []nemesis.Kind) error {
	if plan.World != harness.Simulation {
		return harness.Unable("a test runs in simulation alone")
	}
	for _, kind := range faults {
		if !system.Enlists && slices.ContainsFunc(kind.Needs(), nemesis.Ability.OfMembers) {
			return harness.Unable(kind.Name + " cannot be done: nodes of a test cannot be told who is a member")
		}
		if system.Diskless && slices.ContainsFunc(kind.Needs(), nemesis.Ability.OfDisks) {
			return harness.Unable(kind.Name + " does nothing to nodes that keep nothing on disk")
		}
	}
	return nil
}
