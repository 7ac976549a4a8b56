package main

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cleave/checker"
	"cleave/harness"
	"cleave/reports"
)

// earlier is what a comparison is to be set beside.
type earlier struct {
	folder string
	margin reports.Margin
}

func (e *earlier) flags(flags *pflag.FlagSet) {
	flags.StringVar(&e.folder, "against", e.folder, "show what has changed since this folder, of a comparison or a run; 1 if anything has become worse")
	flags.Float64Var(&e.margin.Points, "margin-points", e.margin.Points, "with --against, shares may move by so many points, of 100")
	flags.Float64Var(&e.margin.Factor, "margin-factor", e.margin.Factor, "with --against, lengths of time and counts may move by this factor")
}

// of is what some plans are to be set beside; nil for nothing.
func (e *earlier) of(plans []harness.Plan) (*reports.Against, error) {
	switch {
	case e.margin.Points < 0 || e.margin.Points > 100 || math.IsNaN(e.margin.Points):
		return nil, fmt.Errorf("--margin-points: %g of 100", e.margin.Points)
	case !(e.margin.Factor >= 1): // nor NaN
		return nil, fmt.Errorf("--margin-factor: %g, and it is 1 at least", e.margin.Factor)
	case e.folder == "":
		return nil, nil
	}
	past, err := harness.LoadPast(filepath.Clean(e.folder))
	if err != nil {
		return nil, fmt.Errorf("--against: %w", err)
	}
	against, err := past.Against(plans, e.margin)
	if err != nil {
		return nil, fmt.Errorf("--against: %w", err)
	}
	return against, nil
}

// compareFolders sets a folder beside an earlier one, and runs nothing.
func (s screen) compareFolders(command *cobra.Command, folder string, before earlier) error {
	var wrong error
	command.Flags().Visit(func(flag *pflag.Flag) {
		switch flag.Name {
		case "against", "margin-points", "margin-factor", "junit":
		default:
			wrong = fmt.Errorf("--%s: with a folder nothing is run; only --against, its margins and --junit may be given", flag.Name)
		}
	})
	switch {
	case wrong != nil:
		return bad(wrong)
	case before.folder == "":
		return bad(errors.New("--against: which folder is this one to be set beside?"))
	}
	past, err := harness.LoadPast(filepath.Clean(folder))
	if err != nil {
		return bad(err)
	}
	compared := wiring.Compared(past)
	if compared.Page.Against, err = before.of(past.Plans()); err != nil {
		return bad(err)
	}
	if err := s.ci.comparison(compared.Page, past.Folder); err != nil {
		return broken(err)
	}
	if err := reports.TerminalChanges(s.out, compared.Page, s.color()); err != nil {
		return broken(err)
	}
	s.last(string(compared.Verdict), past.Folder, commandLine(command)+" "+past.Folder)
	return s.regressed(compared)
}

// regressed is the end of a comparison: what has become worse counts as a broken promise does.
func (s screen) regressed(compared harness.Compared) error {
	if regressions := reports.Regressions(compared.Page); regressions > 0 {
		fmt.Fprintf(s.err, "cleave: %s against %s\n", counted(regressions, "regression"), compared.Page.Against.Folder)
		return judged(checker.Invalid)
	}
	return judged(compared.Verdict)
}
