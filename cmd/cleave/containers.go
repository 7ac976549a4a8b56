package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cleave/harness"
	"cleave/internal/link"
	"cleave/nemesis"
	"cleave/world"
	"cleave/world/docker"
	"cleave/world/native"
)

// inSimulationAlone is what the world of containers cannot do.
var inSimulationAlone = []nemesis.Ability{nemesis.KillWriters, nemesis.SlowDisks, nemesis.FailDisks, nemesis.RenewMembers}

// ableInContainers tells why containers cannot run a plan: its system, its size, its faults.
func ableInContainers(plan harness.Plan, system world.System, faults []nemesis.Kind) error {
	if plan.Custom != nil && plan.Custom.Door == harness.ImageDoor {
		if err := ableImage(plan, system); err != nil {
			return err
		}
	}
	switch {
	case system.Deployment == nil:
		return harness.Unable(system.Name + " does not run in containers")
	case plan.Nodes > docker.MostNodes:
		return fmt.Errorf("nodes: %d; in containers there may be %d", plan.Nodes, docker.MostNodes)
	case plan.Clients > docker.MostClients:
		return fmt.Errorf("clients: %d; in containers there may be %d", plan.Clients, docker.MostClients)
	}
	for _, kind := range faults {
		for _, lacks := range inSimulationAlone {
			if slices.Contains(kind.Needs(), lacks) {
				return harness.Unable(fmt.Sprintf("%s cannot be done in containers: they cannot %s", kind.Name, lacks))
			}
		}
		if slices.Contains(kind.Needs(), nemesis.MoveMembers) && system.Deployment.Enlist == nil {
			return harness.Unable(fmt.Sprintf("%s cannot be done to %s in containers: its servers cannot be told who is a member", kind.Name, system.Name))
		}
		if slices.Contains(kind.Needs(), nemesis.MoveClocks) && system.Deployment.Clock == nil {
			return harness.Unable(fmt.Sprintf("%s cannot be done to %s in containers: its clock cannot be moved", kind.Name, system.Name))
		}
	}
	return nil
}

// checkMachine tells what this machine lacks for those of some plans that do not run in simulation.
func checkMachine(ctx context.Context, plans ...harness.Plan) error {
	if slices.ContainsFunc(plans, func(plan harness.Plan) bool { return plan.World == inRealTime }) {
		if err := native.Able(); err != nil {
			return err
		}
	}
	var images []string
	contained, powerLoss := false, false
	for _, plan := range plans {
		if plan.World != inContainers {
			continue
		}
		contained = true
		system, err := wiring.System(plan)
		if err != nil {
			return err
		}
		if image := system.Deployment.Image; image != "" && !slices.Contains(images, image) {
			images = append(images, image)
		}
		kind, err := nemesis.Find(plan.Faults)
		powerLoss = powerLoss || err == nil && slices.Contains(kind.Needs(), nemesis.CutPower)
		if suite, found := nemesis.FindSuite(plan.Faults); found {
			powerLoss = powerLoss || slices.Contains(suite.Kinds, "power-loss")
		}
	}
	if !contained {
		return nil
	}
	return docker.Check(ctx, images, powerLoss)
}

// newContainers makes a world of containers.
func newContainers(ctx context.Context, plan harness.Plan, schedule harness.Schedule, keep harness.Keep) (world.World, error) {
	options := docker.Options{
		Seed: schedule.Seed,
		Network: link.Quality{Latency: link.Spread{Least: time.Duration(plan.Latency), Jitter: time.Duration(plan.Jitter)},
			Loss: link.Chance{Of: plan.Loss, In: 100}},
		PowerLoss: needs(schedule.Faults, nemesis.CutPower),
		SlowNodes: needs(schedule.Faults, nemesis.SlowNodes),
		Log:       keep.Log,
	}
	if plan.Capture && keep.File != nil {
		options.Capture = keep.File("frames.pcap")
	}
	return docker.New(ctx, options)
}

// needs tells whether a fault of a schedule needs an ability of the world.
func needs(faults []nemesis.Fault, ability nemesis.Ability) bool {
	for _, fault := range faults {
		kind, err := nemesis.Find(fault.Kind)
		if err != nil {
			continue // a schedule that is run was validated
		}
		if slices.Contains(kind.Needs(), ability) {
			return true
		}
	}
	return false
}
