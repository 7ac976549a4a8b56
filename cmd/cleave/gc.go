package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"cleave/world/docker/engine"
	"cleave/world/native"
)

func gcCommand(s screen) *cobra.Command {
	all := false
	command := &cobra.Command{
		Use:   "gc",
		Short: "Remove what killed runs have left: containers, volumes, disks, files of processes, and images of our own, which are made anew when needed",
		Args:  cobra.NoArgs,
		RunE:  func(command *cobra.Command, _ []string) error { return s.collect(command.Context(), all) },
	}
	command.Flags().BoolVar(&all, "all", false, "also those of runs under way")
	return command
}

func (s screen) collect(ctx context.Context, all bool) error {
	folders, err := native.Collect(all)
	for _, path := range folders {
		fmt.Fprintf(s.out, "removed the files of nodes that were processes: %s\n", path)
	}
	if err != nil {
		return broken(err)
	}
	found, err := engine.Open(ctx)
	if err != nil {
		return bad(err)
	}
	defer func() { _ = found.Close() }() // nothing is under way
	removed, err := found.Collect(ctx, all)
	for _, name := range removed {
		fmt.Fprintf(s.out, "removed %s\n", name)
	}
	if err != nil {
		return broken(err)
	}
	left, err := found.Leftovers(ctx)
	switch {
	case err != nil:
		return broken(err)
	case len(left) > 0:
		fmt.Fprintf(s.out, "%d things of runs under way stay, and so do the images of our own nodes\n", len(left))
	case len(removed)+len(folders) == 0:
		fmt.Fprintln(s.out, "nothing was left")
	}
	return nil
}
