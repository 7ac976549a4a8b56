package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cleave/harness"
)

func replayCommand(s screen) *cobra.Command {
	store, world := "store", ""
	command := &cobra.Command{
		Use:   "replay FOLDER",
		Short: "Run a run folder's schedule again and compare the histories byte by byte",
		Args:  cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			return s.replay(command.Context(), filepath.Clean(arguments[0]), store, world)
		},
	}
	command.Flags().StringVar(&world, "world", world, "run it in another world than before: sim or docker")
	command.Flags().StringVar(&store, "store", store, "where the new run folder goes")
	return command
}

func (s screen) replay(ctx context.Context, path, store, world string) error {
	stored, err := loadRun(path) // whole: a history that cannot be read cannot be compared either
	if err != nil {
		return bad(err)
	}
	plan := stored.Plan
	if world != "" {
		plan.World = world
		plan.Capture = plan.Capture && world == inContainers
	}
	if plan.Custom != nil && plan.Custom.Door == harness.GoDoor {
		folder, err := filepath.Abs(path) // go test is in the folder of the package
		if err != nil {
			return bad(err)
		}
		own := harness.Finished{Plan: plan, Folder: folder}
		return bad(fmt.Errorf("%s is run by its Go test alone: %s", plan.System, own.Replay()))
	}
	if err := check(plan); err != nil {
		return bad(err)
	}
	if stored.Plan.Version != version() {
		fmt.Fprintf(s.err, "cleave: %s was run by version %s, this is %s: the histories may differ\n", path, stored.Plan.Version, version())
	}
	original, err := os.ReadFile(stored.HistoryPath())
	if err != nil {
		return bad(err)
	}
	if err := checkMachine(ctx, plan); err != nil {
		return bad(err)
	}
	plan.Version = version()
	s.first(plan)
	again := newPath(store, plan.Name(), plan.Seed)
	finished, err := wiring.Run(ctx, plan, stored.Schedule, again, s.progress(plan))
	if errors.Is(err, harness.ErrPlan) {
		return bad(err)
	} else if err != nil {
		return broken(err)
	}
	copied, err := os.ReadFile(filepath.Join(again, filepath.Base(stored.HistoryPath())))
	if err != nil {
		return broken(err)
	}
	ended := s.result(finished)
	if stored.Plan.World != harness.Simulation || plan.World != harness.Simulation {
		return s.likewise(stored, ended)
	}
	if err := s.same(original, copied, stored.Finished); err != nil {
		return broken(err)
	}
	return ended
}

// likewise compares the verdicts of two runs of one schedule, of which one at least was in real time.
func (s screen) likewise(stored harness.Stored, ended error) error {
	before, err := wiring.Rejudge(stored)
	if err != nil {
		return bad(err)
	}
	fmt.Fprintf(s.out, "the schedule was the same, the verdict before was %s; times were real, and no two histories are the same\n",
		before.Judgement.Verdict)
	return ended
}

// same compares two histories. Of a run that was cut short, what there is must be the beginning of
// the other.
func (s screen) same(original, copied []byte, finished bool) error {
	lines := bytes.Count(original, []byte("\n"))
	switch {
	case bytes.Equal(original, copied):
		fmt.Fprintf(s.out, "identical to the original: %d lines, %d bytes\n", lines, len(original))
		return nil
	case !finished && bytes.HasPrefix(copied, original):
		fmt.Fprintf(s.out, "identical to the original as far as it got: %d lines\n", lines)
		return nil
	}
	a, b := bytes.Split(original, []byte("\n")), bytes.Split(copied, []byte("\n"))
	for i := range min(len(a), len(b)) {
		if !bytes.Equal(a[i], b[i]) {
			return fmt.Errorf("the histories differ from line %d on:\n  original: %.300s\n  replayed: %.300s", i+1, a[i], b[i])
		}
	}
	return errors.New("the histories differ: one is the beginning of the other")
}
