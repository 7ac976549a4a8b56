package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cleave/harness"
	"cleave/world/docker"
	"cleave/world/native"
)

func doctorCommand(s screen) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine can do for --world docker and --world native, and what to change",
		Args:  cobra.NoArgs,
		RunE:  func(command *cobra.Command, _ []string) error { return s.doctor(command.Context()) },
	}
}

func (s screen) doctor(ctx context.Context) error {
	var images []string
	for _, system := range systems(harness.DefaultPlan()) {
		if system.Deployment != nil && system.Deployment.Image != "" {
			images = append(images, system.Deployment.Image)
		}
	}
	able := true
	for _, finding := range docker.Doctor(ctx, images) {
		word := "ok"
		switch {
		case !finding.Good && finding.Needed:
			word, able = "MISSING", false
		case !finding.Good:
			word = "absent"
		}
		fmt.Fprintf(s.out, "%-8s %s: %s\n", word, finding.What, finding.Detail)
	}
	if err := native.Able(); err != nil {
		fmt.Fprintf(s.out, "absent   processes (--world %s): %v\n", inRealTime, err)
	} else {
		fmt.Fprintf(s.out, "ok       processes (--world %s): they can be started, stopped and killed with all that they start\n", inRealTime)
	}
	fmt.Fprintln(s.out, "ok       simulation: it needs nothing")
	if !able {
		return bad(errors.New("this machine runs no containers under test: see MISSING above"))
	}
	return nil
}
