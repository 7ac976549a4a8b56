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

// ofSyncs is what the world of containers can do if it meets the syncs of disks.
var ofSyncs = []nemesis.Ability{nemesis.KillWriters, nemesis.SlowDisks, nemesis.FailDisks}

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
		if slices.ContainsFunc(kind.Needs(), nemesis.Ability.OfMembers) && system.Deployment.Enlist == nil {
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
	contained, needed := false, docker.Options{}
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
		kinds := []string{plan.Faults}
		if suite, found := nemesis.FindSuite(plan.Faults); found {
			kinds = suite.Kinds
		}
		needed.PowerLoss = needed.PowerLoss || need(kinds, nemesis.CutPower)
		needed.Syncs = needed.Syncs || need(kinds, ofSyncs...)
	}
	if !contained {
		return nil
	}
	return docker.Check(ctx, images, needed)
}

// newContainers makes a world of containers.
func newContainers(ctx context.Context, plan harness.Plan, schedule harness.Schedule, keep harness.Keep) (world.World, error) {
	options := docker.Options{
		Seed: schedule.Seed,
		Network: link.Quality{Latency: link.Spread{Least: time.Duration(plan.Latency), Jitter: time.Duration(plan.Jitter)},
			Loss: link.Chance{Of: plan.Loss, In: 100}},
		PowerLoss: needs(schedule.Faults, nemesis.CutPower),
		Syncs:     needs(schedule.Faults, ofSyncs...),
		SlowNodes: needs(schedule.Faults, nemesis.SlowNodes),
		Log:       keep.Log,
	}
	if plan.Capture && keep.File != nil {
		options.Capture = keep.File("frames.pcap")
	}
	return docker.New(ctx, options)
}

// needs tells whether a fault of a schedule needs one of some abilities of the world.
func needs(faults []nemesis.Fault, abilities ...nemesis.Ability) bool {
	var kinds []string
	for _, fault := range faults {
		kinds = append(kinds, fault.Kind)
	}
	return need(kinds, abilities...)
}

// need tells whether one of some kinds of faults needs one of some abilities. A name that is none of a kind needs nothing.
func need(kinds []string, abilities ...nemesis.Ability) bool {
	return slices.ContainsFunc(kinds, func(name string) bool {
		kind, err := nemesis.Find(name)
		return err == nil && slices.ContainsFunc(kind.Needs(), func(each nemesis.Ability) bool { return slices.Contains(abilities, each) })
	})
}
