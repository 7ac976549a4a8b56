package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"
)

func reportCommand(s screen) *cobra.Command {
	return &cobra.Command{
		Use:   "report FOLDER",
		Short: "Judge a run folder again and write its verdict, measures and report anew",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			finished, err := s.rejudge(filepath.Clean(arguments[0]))
			if err != nil {
				return err
			}
			if err := finished.Rewrite(); err != nil {
				return broken(err)
			}
			fmt.Fprintf(s.out, "%s · %s\n", finished.Judgement.Verdict, filepath.Join(finished.Folder, "report.html"))
			return judged(finished.Judgement.Verdict)
		},
	}
}
