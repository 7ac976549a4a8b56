package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cleave/reports"
)

func showCommand(s screen) *cobra.Command {
	return &cobra.Command{
		Use:   "show FOLDER",
		Short: "Draw a run folder here: faults, nodes and clients over time, and the operations that broke a promise",
		Long: "Draw a run folder here, as wide as the terminal (80 columns where there is none, or COLUMNS): faults, nodes and clients over\n" +
			"time, and the operations that broke a promise. The verdict is the one that is stored: nothing is judged again, and nothing is written.",
		Example: "  cleave show store/latest",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, arguments []string) error { return s.show(filepath.Clean(arguments[0])) },
	}
}

func (s screen) show(path string) error {
	for _, other := range []string{"sweep.json", "index.html"} {
		if _, err := os.Stat(filepath.Join(path, other)); err == nil {
			return bad(fmt.Errorf("%s has many runs: show one of the folders in it", path))
		}
	}
	stored, err := loadRun(path)
	if err != nil {
		return bad(err)
	}
	finished, err := wiring.Judged(stored)
	if err != nil {
		return bad(err)
	}
	return broken(reports.TerminalShow(s.out, finished.Report(), columns(s.out), s.color()))
}
