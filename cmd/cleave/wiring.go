package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"cleave/harness"
	"cleave/internal/link"
	"cleave/nemesis"
	"cleave/systems/apregistry"
	"cleave/systems/cpstore"
	"cleave/systems/eureka"
	"cleave/systems/recipes"
	"cleave/systems/zookeeper"
	"cleave/world"
	"cleave/world/sim"
)

// wiring is the one table of systems and worlds.
var wiring = harness.Wiring{Systems: systems, World: newWorld, Able: able, Custom: custom}

func systems(plan harness.Plan) []world.System {
	options := cpstore.DefaultOptions()
	if plan.SnapshotEvery > 0 {
		options.SnapshotEvery = plan.SnapshotEvery
	}
	store := cpstore.System(options)
	store.Deployment = deployStore(options)
	store = recipes.On(store, cpstore.ClientOptions(options), wireStoreUser)
	all := []world.System{store}
	for _, profile := range []apregistry.Profile{apregistry.Netflix, apregistry.Spring, apregistry.Plain} {
		options := apregistry.ProfileOptions(profile).Scaled(plan.Scale)
		registry := apregistry.System(options)
		registry.Deployment = deployRegistry(options)
		all = append(all, registry)
	}
	all = append(all, hybrid(options))
	for _, version := range []zookeeper.Version{zookeeper.Current, zookeeper.Debian} {
		all = append(all, recipes.On(zookeeper.System(version), zookeeper.DefaultOptions(), wireStoreUser))
	}
	for _, flavour := range []eureka.Flavour{eureka.SpringCloud, eureka.Netflix} {
		all = append(all, realRegistry(flavour, plan.Scale))
	}
	return all
}

// inContainers is the world of containers; the other is harness.Simulation.
const inContainers = "docker"

// able tells why a plan's world cannot run it.
func able(plan harness.Plan, system world.System, faults []nemesis.Kind) error {
	for _, kind := range faults {
		if !system.Enlists && slices.ContainsFunc(kind.Needs(), nemesis.Ability.OfMembers) {
			return harness.Unable(kind.Name + " cannot be done to " + system.Name + ": its servers cannot be told who is a member")
		}
		if system.Diskless && slices.ContainsFunc(kind.Needs(), nemesis.Ability.OfDisks) {
			return harness.Unable(kind.Name + " does nothing to " + system.Name + ", which keeps nothing on disk")
		}
	}
	if plan.Custom != nil && plan.Custom.Door == harness.ProgramDoor {
		if err := ableProgram(plan); err != nil {
			return err
		}
	}
	switch plan.World {
	case inRealTime:
		return ableNatively(plan, system, faults)
	case harness.Simulation:
		if plan.Custom != nil && plan.Custom.Door == harness.GoDoor {
			return harness.Unable(system.Name + " is run by its Go test alone: " + plan.Command())
		}
		if system.Node == nil {
			return harness.Unable(system.Name + " does not run in simulation")
		}
		if plan.Capture {
			return errors.New("--pcap: there are no frames in simulation; use --world docker")
		}
		return nil
	case inContainers:
		return ableInContainers(plan, system, faults)
	}
	return fmt.Errorf("unknown world %.60q; there are: %s, %s, %s", plan.World, harness.Simulation, inContainers, inRealTime)
}

func newWorld(ctx context.Context, plan harness.Plan, system world.System, schedule harness.Schedule, keep harness.Keep) (world.World, error) {
	switch plan.World {
	case inContainers:
		return newContainers(ctx, plan, schedule, keep)
	case inRealTime:
		return newNative(plan, schedule, keep)
	}
	return newSimulation(plan, schedule, keep), nil
}

func newSimulation(plan harness.Plan, schedule harness.Schedule, keep harness.Keep) world.World {
	options := simOptions(plan, schedule, keep)
	options.MaxRate = uint64(10_000*plan.Nodes + 1_000*plan.Clients)
	var w *sim.World
	if keep.Step != nil {
		options.Trace = func(t sim.Trace) { keep.Step(w.Step(t)) }
	}
	w = sim.New(options)
	return w
}

// simOptions are the options of a plan's network and processes, as far as they are simulated in more than one world.
func simOptions(plan harness.Plan, schedule harness.Schedule, keep harness.Keep) sim.Options {
	options := sim.DefaultOptions(schedule.Seed)
	options.Network.Latency = link.Spread{Least: time.Duration(plan.Latency), Jitter: time.Duration(plan.Jitter), Tail: time.Duration(plan.Tail)}
	options.Network.Loss = link.Chance{Of: plan.Loss, In: 100}
	options.Overtaking = plan.Custom != nil && plan.Custom.Door == harness.ProgramDoor // Maelstrom's network keeps no order
	options.Log = keep.Log
	options.Passed, options.Lost = keep.Passed, keep.Lost
	return options
}
