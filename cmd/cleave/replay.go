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
	store := "store"
	command := &cobra.Command{
		Use:   "replay FOLDER",
		Short: "Run a run folder's schedule again and compare the histories byte by byte",
		Args:  cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			return s.replay(command.Context(), filepath.Clean(arguments[0]), store)
		},
	}
	command.Flags().StringVar(&store, "store", store, "where the new run folder goes")
	return command
}

func (s screen) replay(ctx context.Context, path, store string) error {
	stored, err := harness.Load(path) // whole: a history that cannot be read cannot be compared either
	if err != nil {
		return bad(err)
	}
	if err := check(stored.Plan); err != nil {
		return bad(err)
	}
	if stored.Plan.Version != version() {
		fmt.Fprintf(s.err, "cleave: %s was run by version %s, this is %s: the histories may differ\n", path, stored.Plan.Version, version())
	}
	original, err := os.ReadFile(stored.HistoryPath())
	if err != nil {
		return bad(err)
	}
	plan := stored.Plan
	plan.Version = version()
	s.first(plan)
	again := newPath(store, plan.Name(), plan.Seed)
	finished, err := wiring.Run(ctx, plan, stored.Schedule, again, s.progress(plan))
	if err != nil {
		return broken(err)
	}
	copied, err := os.ReadFile(filepath.Join(again, filepath.Base(stored.HistoryPath())))
	if err != nil {
		return broken(err)
	}
	ended := s.result(finished)
	if err := s.same(original, copied, stored.Finished); err != nil {
		return broken(err)
	}
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
