package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"cleave/harness"
)

func checkCommand(s screen) *cobra.Command {
	return &cobra.Command{
		Use:   "check FOLDER",
		Short: "Judge a run folder's history again, offline, and change nothing",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			finished, err := s.rejudge(filepath.Clean(arguments[0]))
			if err != nil {
				return err
			}
			return s.result(finished)
		},
	}
}

// rejudge reads a run folder and judges it.
func (s screen) rejudge(path string) (harness.Finished, error) {
	stored, err := harness.Load(path)
	if err != nil {
		return harness.Finished{}, bad(err)
	}
	if stored.History.Torn {
		fmt.Fprintf(s.err, "cleave: %s: the last line was cut short and is left out\n", stored.HistoryPath())
	}
	finished, err := wiring.Rejudge(stored)
	return finished, bad(err)
}
