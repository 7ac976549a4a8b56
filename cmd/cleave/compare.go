package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cleave/checker"
	"cleave/harness"
	"cleave/nemesis"
	"cleave/reports"
	"cleave/workloads"
	"cleave/world"
)

func compareCommand(s screen) *cobra.Command {
	base := harness.DefaultPlan()
	base.Version = version()
	comparison := harness.Comparison{Systems: simulated(systems(base)), Faults: append(nemesis.Classic(), "loss", "delay", "power-loss"),
		Workloads: []string{workloads.Register().Name, workloads.Discovery().Name}} // what a system of each kind carries
	store := "store"
	var together, images []string
	seeds := ""
	before := earlier{margin: reports.Margin{Points: 10, Factor: 2}}
	command := &cobra.Command{
		Use:   "compare [FOLDER]",
		Short: "Run systems under the same faults, side by side, and leave an index page that compares them",
		Long: "Run systems under the same faults, side by side, and leave an index page that compares them.\n\n" +
			"With --against, verdicts that have changed since an earlier comparison or run, and numbers that have moved by more than\n" +
			"the margin, are shown; what has become worse is a regression, and the exit code then is 1. With a FOLDER as well nothing\n" +
			"is run: it is set beside the earlier one as it is.",
		Example: "  cleave compare --systems cpstore,apregistry --faults isolate-leader,shatter\n" +
			"  cleave compare --workloads discovery --systems cpstore,cachedcp,apregistry --seeds 1-20\n" +
			"  cleave compare --against store/compare/20260101T120000000-1",
		Args: cobra.MaximumNArgs(1),
		RunE: func(command *cobra.Command, arguments []string) error {
			if err := s.ci.begin(store); err != nil {
				return bad(err)
			}
			if len(arguments) == 1 {
				return s.compareFolders(command, arguments[0], before)
			}
			comparison.Base = base
			comparison.Command = commandLine(command)
			if err := imagesBeside(&comparison, images, command); err != nil {
				return bad(err)
			}
			comparison.Worlds = worlds(together, comparison.Base.World)
			if seeds != "" {
				return s.callers(command.Context(), comparison, store, seeds, before)
			}
			_, err := s.compare(command.Context(), comparison, store, before)
			return err
		},
	}
	planFlags(command.Flags(), &base, false)
	s.ci.flags(command.Flags())
	command.Flags().StringVar(&base.World, "world", base.World, "where all run: sim, or docker for containers (see: cleave doctor)")
	command.Flags().StringSliceVar(&together, "worlds", nil, "instead of --world, run the same schedules in each of these and show where they differ")
	command.MarkFlagsMutuallyExclusive("world", "worlds")
	command.Flags().IntVar(&comparison.Parallel, "parallel", 0,
		"how many run in containers at a time; 0 is one per core of real systems, and two of our own")
	command.Flags().StringSliceVar(&comparison.Systems, "systems", comparison.Systems, "systems to compare")
	command.Flags().StringSliceVar(&images, "image", nil, "also compare the container images that these files describe; without --systems, these alone")
	command.Flags().StringSliceVar(&comparison.Workloads, "workloads", comparison.Workloads, "workloads to run (see: cleave list --workloads)")
	command.Flags().StringSliceVar(&comparison.Faults, "faults", comparison.Faults, "faults to run them under")
	command.Flags().StringVar(&store, "store", store, "where run folders go")
	command.Flags().StringVar(&seeds, "seeds", "",
		"ask all the same (--alike), and add up over many seeds, such as 1-20, how many calls of a service would have succeeded")
	command.MarkFlagsMutuallyExclusive("seed", "seeds")
	before.flags(command.Flags())
	return command
}

// commandLine is the command with the flags that were given.
func commandLine(command *cobra.Command) string {
	words := []string{"cleave", command.Name()}
	command.Flags().Visit(func(flag *pflag.Flag) {
		value := strings.Trim(flag.Value.String(), "[]")
		words = append(words, "--"+flag.Name, value)
	})
	return strings.Join(words, " ")
}

func (s screen) compare(ctx context.Context, comparison harness.Comparison, store string, before earlier) (compared harness.Compared, err error) {
	plans, leftOut := wiring.Plans(comparison)
	switch {
	case len(plans) == 0 && len(leftOut) > 0:
		return compared, bad(errors.New("nothing to compare: " + strings.Join(leftOut, ", ")))
	case len(plans) == 0:
		return compared, bad(errors.New("nothing to compare: --systems, --workloads and --faults must each name one at least"))
	}
	if err := checkAll(plans); err != nil {
		return compared, bad(err)
	}
	if err := checkMachine(ctx, plans...); err != nil {
		return compared, bad(err)
	}
	if comparison.Against, err = before.of(plans); err != nil {
		return compared, bad(err)
	}
	s.first(plans[0])
	for _, reason := range leftOut {
		fmt.Fprintf(s.out, "left out: %s\n", reason)
	}
	path := newPath(store, "compare", comparison.Base.Seed)
	if err := os.MkdirAll(path, 0o755); err != nil {
		return compared, broken(err)
	}
	began, ended := time.Now(), 0
	compared, err = wiring.Compare(ctx, comparison, path, func(finished harness.Finished) {
		ended++
		s.ended(finished, ended, len(plans))
	})
	if errors.Is(err, context.Canceled) {
		return compared, broken(fmt.Errorf("interrupted; the runs that ended are in %s", filepath.Join(path, "index.html")))
	}
	failed := err
	latest(store, path)
	if err := s.ci.comparison(compared.Page, path); err != nil {
		return compared, broken(err)
	}
	if err := reports.TerminalComparison(s.out, compared.Page, s.color()); err != nil {
		return compared, broken(err)
	}
	fmt.Fprintf(s.out, "%d runs of %s with seed %d, in %.1f s\n", len(plans), time.Duration(comparison.Base.Duration), comparison.Base.Seed,
		time.Since(began).Seconds())
	s.last(string(compared.Verdict), filepath.Join(path, "index.html"), comparison.Command)
	if failed != nil {
		return compared, broken(failed)
	}
	return compared, s.regressed(compared)
}

// callers compares, and adds up over many seeds what a service's callers would have got.
func (s screen) callers(ctx context.Context, comparison harness.Comparison, store, seeds string, before earlier) error {
	first, last, err := seedRange(seeds)
	switch {
	case err != nil:
		return bad(err)
	case !slices.Contains(comparison.Workloads, workloads.Discovery().Name):
		return bad(errors.New("--seeds: calls are those of the workload discovery, which --workloads does not name"))
	case !slices.Equal(comparison.Worlds, []string{harness.Simulation}):
		return bad(errors.New("--seeds: many seeds run in simulation alone"))
	}
	comparison.Base.Seed, comparison.Base.Alike = first, true
	compared, failed := s.compare(ctx, comparison, store, before)
	if compared.Folder == "" || ctx.Err() != nil {
		return failed
	}
	ended, of := 0, int(last-first+1)*len(comparison.Faults)*len(comparison.Systems)
	worst, poor := checker.Valid, []string{} // those that are not valid
	callers, err := wiring.Callers(ctx, comparison, first, last, func(finished harness.Finished) {
		ended++
		s.ended(finished, ended, of)
		if verdict := finished.Judgement.Verdict; verdict != checker.Valid {
			worst = worst.Worse(verdict)
			poor = append(poor, fmt.Sprintf("%s: %s, seed %d", verdict, finished.Plan.Name(), finished.Plan.Seed))
		}
	})
	if err != nil {
		return broken(err)
	}
	if err := compared.Answer(callers); err != nil {
		return broken(err)
	}
	fmt.Fprintln(s.out)
	if err := reports.TerminalCallers(s.out, callers, s.color()); err != nil {
		return broken(err)
	}
	fmt.Fprintf(s.out, "\n%d runs of seeds %s: %d valid\n", ended, seeds, ended-len(poor))
	for _, run := range poor {
		fmt.Fprintln(s.out, "  "+run)
	}
	fmt.Fprintf(s.out, "%s · the tables: %s\n", filepath.Join(compared.Folder, "index.html#answer"), filepath.Join(compared.Folder, reports.CallersFile))
	if failed != nil {
		return failed
	}
	return judged(worst)
}

// simulated are the names of the systems that run in simulation.
func simulated(all []world.System) []string {
	return names(slices.DeleteFunc(all, func(system world.System) bool { return system.Node == nil }))
}

// worlds are those of --worlds, or that of --world.
func worlds(together []string, one string) []string {
	if len(together) > 0 {
		return together
	}
	return []string{one}
}

func checkAll(plans []harness.Plan) error {
	seen := map[string]bool{}
	for _, plan := range plans {
		if err := check(plan); err != nil {
			return err
		}
		if seen[plan.Name()] {
			return fmt.Errorf("%s is named twice", plan.Name())
		}
		seen[plan.Name()] = true
	}
	return nil
}

// ended tells of one run that ended.
func (s screen) ended(finished harness.Finished, number, of int) {
	line := fmt.Sprintf("%3d/%d %-7s %s", number, of, finished.Judgement.Verdict, finished.Plan.Name())
	switch {
	case !terminal(s.err):
		if number%10 == 0 || number == of || finished.Plan.World == inContainers {
			fmt.Fprintln(s.err, line)
		}
	case number == of:
		fmt.Fprint(s.err, "\r\x1b[K")
	default:
		fmt.Fprintf(s.err, "\r\x1b[K%s", line)
	}
}
