package main

import (
	"fmt"
	"slices"

	"cleave/harness"
	"cleave/nemesis"
	"cleave/world"
	"cleave/world/native"
)

// inRealTime is the world whose nodes are processes of the operating system.
const inRealTime = "native"

// notToProcesses is what cannot be done to a process from outside.
var notToProcesses = []nemesis.Ability{nemesis.CutPower, nemesis.FillDisks, nemesis.MoveClocks, nemesis.KillWriters, nemesis.SlowDisks,
	nemesis.FailDisks, nemesis.RenewMembers}

// ableNatively tells why nodes that are processes cannot run a plan: its system, its faults.
func ableNatively(plan harness.Plan, system world.System, faults []nemesis.Kind) error {
	switch {
	case plan.Custom == nil || plan.Custom.Door != harness.ProgramDoor:
		return harness.Unable(fmt.Sprintf("%s has no nodes that are programs, which alone run in --world %s", system.Name, inRealTime))
	case plan.Capture:
		return fmt.Errorf("--pcap: there are no frames in --world %s", inRealTime)
	}
	for _, kind := range faults {
		for _, lacks := range notToProcesses {
			if slices.Contains(kind.Needs(), lacks) {
				return harness.Unable(fmt.Sprintf("%s cannot be done with --world %s, which cannot %s", kind.Name, inRealTime, lacks))
			}
		}
	}
	return nil
}

// newNative makes a world of processes.
func newNative(plan harness.Plan, schedule harness.Schedule, keep harness.Keep) (world.World, error) {
	options := simOptions(plan, schedule, keep)
	options.MaxRate = 0 // the machine's time bounds what happens
	return native.New(native.Options{Options: options})
}
