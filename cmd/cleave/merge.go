package main

import (
	"path/filepath"

	"github.com/spf13/cobra"

	"cleave/harness/sweep"
)

func mergeCommand(s screen) *cobra.Command {
	store := "store"
	command := &cobra.Command{
		Use:   "merge FOLDER...",
		Short: "Make one sweep of its shards",
		Example: "  cleave sweep --seeds 1-10000 --shard 1/2 --collect\n" +
			"  cleave sweep --seeds 1-10000 --shard 2/2 --collect\n" +
			"  cleave merge store/sweeps/cpstore-register-random-shard-*/*",
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			if err := s.ci.begin(store); err != nil {
				return bad(err)
			}
			return s.merge(arguments, store)
		},
	}
	s.ci.flags(command.Flags())
	command.Flags().StringVar(&store, "store", store, "where the merged sweep's folder goes")
	return command
}

func (s screen) merge(folders []string, store string) error {
	var parts []sweep.Part
	for _, folder := range folders {
		record, err := sweep.Load(filepath.Clean(folder))
		if err != nil {
			return bad(err)
		}
		parts = append(parts, sweep.Part{Folder: filepath.Clean(folder), Record: record})
	}
	merged, err := sweep.Merge(parts)
	if err != nil {
		return bad(err)
	}
	folder := newPath(filepath.Join(store, "sweeps"), merged.Plan.Name(), merged.First)
	if err := sweep.SaveMerged(merged, parts, folder); err != nil {
		return broken(err)
	}
	return s.swept(merged, folder)
}
