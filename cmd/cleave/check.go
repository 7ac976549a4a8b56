package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"cleave/harness"
)

func checkCommand(s screen) *cobra.Command {
	ask := question{memory: defaultMemory, time: defaultCheckTime}
	command := &cobra.Command{
		Use:   "check FOLDER|FILE",
		Short: "Judge a run folder again, or anybody's history, offline, and change nothing",
		Long: "Check judges a run folder's history again, by the promises of its system; or a history file, by a model and a consistency.\n" +
			"The file may be JSON Lines (ours, or plain ones), Jepsen's history.edn or lines of Jepsen's log; - is standard input.\n\n" + ask.help(),
		Example: "  cleave check store/latest\n  cleave check history.edn --model cas-register --explain\n" +
			"  cleave check history.edn --consistency serializable --picture witness.svg",
		Args: cobra.ExactArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			path := arguments[0]
			if _, err := os.Stat(path); path != "-" && err != nil {
				return bad(fmt.Errorf("no run folder and no history file: %w", err))
			}
			if info, err := os.Stat(path); path != "-" && err == nil && !info.IsDir() || path == "-" || ask.given(command.Flags()) {
				return ask.check(s, path)
			}
			finished, err := s.rejudge(filepath.Clean(path))
			if err != nil {
				return err
			}
			return s.result(finished)
		},
	}
	ask.flags(command.Flags())
	return command
}

// loadRun reads a run folder. Of a comparison, which store/latest may lead to, or a sweep it asks for one of the runs.
func loadRun(path string) (harness.Stored, error) {
	stored, err := harness.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		for _, many := range []string{"*/plan.json", "runs/*/plan.json"} {
			if runs, _ := fs.Glob(os.DirFS(path), many); len(runs) > 0 {
				return stored, fmt.Errorf("%s is a comparison, a sweep or another folder of several runs: name one of them, such as %s",
					path, filepath.Join(path, filepath.Dir(runs[0])))
			}
		}
	}
	return stored, err
}

// rejudge reads a run folder and judges it.
func (s screen) rejudge(path string) (harness.Finished, error) {
	stored, err := loadRun(path)
	if err != nil {
		return harness.Finished{}, bad(err)
	}
	if stored.History.Torn {
		fmt.Fprintf(s.err, "cleave: %s: the last line was cut short and is left out\n", stored.HistoryPath())
	}
	finished, err := wiring.Rejudge(stored)
	return finished, bad(err)
}
