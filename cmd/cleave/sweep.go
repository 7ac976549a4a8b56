package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/sweep"
	"cleave/nemesis"
)

// sweepOptions are sweep's flags besides those of the plan.
type sweepOptions struct {
	store, seeds, shard, resume, memory string
	suite                               string
	collect, shrink                     bool
	audit, unknown                      int
	bounds                              sweep.Bounds
	brought                             bringing
}

func sweepCommand(s screen) *cobra.Command {
	plan := harness.DefaultPlan()
	plan.Version, plan.Faults = version(), harness.RandomFaults
	options := sweepOptions{store: "store", audit: 5, unknown: 5, memory: "2GB", bounds: sweep.Bounds{RunTime: 2 * time.Minute}}
	command := &cobra.Command{
		Use:   "sweep",
		Short: "Run one plan under many seeds, in simulation, and say what all of them together show",
		Long: "Run one plan under many seeds on all cores, in simulation: failures are grouped by what is broken, the first of each\n" +
			"kept as run folders; faults are counted by what they met, and states by whether they were reached.\n" +
			"It ends at the first failure, or with --collect at the last seed; 1 if a run was invalid, 2 if too many were unknown,\n" +
			"one came to nothing, or what must happen sometimes never did.\n\n" +
			"The shard is also taken from JOB_COMPLETION_INDEX and JOB_COMPLETIONS (Kubernetes; the second is for the manifest to set),\n" +
			"CI_NODE_INDEX and CI_NODE_TOTAL (GitLab), CIRCLE_NODE_INDEX and CIRCLE_NODE_TOTAL, or BUILDKITE_PARALLEL_JOB and\n" +
			"BUILDKITE_PARALLEL_JOB_COUNT. Elsewhere, as in a matrix of GitHub, give --shard.",
		Example: "  cleave sweep --system cpstore --workload register --seeds 1-10000\n" +
			"  cleave sweep --system apregistry --workload convergence --suite everything --seeds 1-10000 --collect --time 10m\n" +
			"  cleave sweep --resume store/sweeps/cpstore-register-random/20260101T120000000-1",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := s.ci.begin(options.store); err != nil {
				return bad(err)
			}
			memory, err := bytesOf(options.memory)
			if err != nil {
				return bad(err)
			}
			options.bounds.Memory = memory
			if options.bounds.Time < 0 || options.bounds.RunTime < 0 {
				return bad(errors.New("--time and --run-time cannot be negative"))
			}
			if options.resume != "" {
				return s.resumeSweep(command, options)
			}
			if options.suite != "" {
				if _, found := nemesis.FindSuite(options.suite); !found {
					return bad(fmt.Errorf("--suite: unknown suite %.60q; there are: %s", options.suite, nemesis.SuiteNames()))
				}
				plan.Faults = options.suite
			}
			if err := options.brought.into(&plan, command); err != nil {
				return bad(err)
			}
			return s.newSweep(command.Context(), plan, options)
		},
	}
	planFlags(command.Flags(), &plan, true)
	options.brought.flags(command.Flags())
	options.flags(command.Flags())
	s.ci.flags(command.Flags())
	command.MarkFlagsMutuallyExclusive("seed", "seeds")
	command.MarkFlagsMutuallyExclusive("suite", "faults")
	return command
}

func (o *sweepOptions) flags(flags *pflag.FlagSet) {
	flags.StringVar(&o.seeds, "seeds", "1-1000", "which seeds, first and last")
	flags.StringVar(&o.suite, "suite", o.suite, "a suite of faults, instead of --faults (see: cleave list --suites)")
	flags.BoolVar(&o.collect, "collect", o.collect, "go on after the first failure, to the last seed")
	flags.StringVar(&o.shard, "shard", o.shard, "run only a part of the seeds, such as 2/4 (see: cleave merge)")
	flags.BoolVar(&o.shrink, "shrink", o.shrink, "at the end make the first run of each kind of broken promise small; the page then tells its story")
	flags.IntVar(&o.audit, "audit", o.audit, "percent of the runs that are run twice and compared, event by event; one at least, if it is not 0")
	flags.IntVar(&o.unknown, "unknown", o.unknown, "percent of the runs that may be unknown in a valid sweep")
	flags.StringVar(&o.resume, "resume", o.resume, "go on with the sweep in this folder")
	flags.DurationVar(&o.bounds.Time, "time", o.bounds.Time, "begin no more runs after this time (0s: no bound)")
	flags.StringVar(&o.memory, "memory", o.memory, "begin no more runs when the process holds this much, such as 2GB (0: no bound)")
	flags.DurationVar(&o.bounds.RunTime, "run-time", o.bounds.RunTime, "wall time after which a run is given up")
	flags.StringVar(&o.store, "store", o.store, "where the sweep's folder goes")
}

// bytesOf reads "2GB", "512MB" or a number of bytes.
func bytesOf(text string) (uint64, error) {
	number, unit := text, uint64(1)
	for i, name := range []string{"kB", "MB", "GB"} {
		if rest, found := strings.CutSuffix(text, name); found {
			number = rest
			for range i + 1 {
				unit *= 1000
			}
		}
	}
	count, err := strconv.ParseUint(number, 10, 64)
	if err != nil || count > 1<<50/unit {
		return 0, fmt.Errorf("--memory: a size is written 2GB or 512MB, not %.40q", text)
	}
	return count * unit, nil
}

// newSweep begins a sweep in a folder of its own.
func (s screen) newSweep(ctx context.Context, plan harness.Plan, options sweepOptions) error {
	first, last, err := seedRange(options.seeds)
	if err != nil {
		return bad(err)
	}
	shard, err := options.part()
	if err != nil {
		return bad(err)
	}
	switch {
	case options.audit < 0 || options.audit > 100:
		return bad(fmt.Errorf("--audit: %d percent", options.audit))
	case options.unknown < 0 || options.unknown > 100:
		return bad(fmt.Errorf("--unknown: %d percent", options.unknown))
	case plan.World != harness.Simulation:
		return bad(fmt.Errorf("--world: a sweep needs runs that can be run again to the byte, and %s has none", plan.World))
	}
	if err := check(plan); err != nil {
		return bad(err)
	}
	record, err := sweep.New(plan, first, last, shard)
	if err != nil {
		return bad(err)
	}
	record.Collect, record.Audit, record.Tolerance = options.collect, options.audit, options.unknown
	name := plan.Name()
	if shard != nil {
		name += fmt.Sprintf("-shard-%d-of-%d", shard.Index, shard.Of)
	}
	return s.sweep(ctx, record, newPath(filepath.Join(options.store, "sweeps"), name, first), options)
}

// part is the shard that is asked for, by flag or by the environment.
func (o *sweepOptions) part() (*sweep.Shard, error) {
	if o.shard == "" {
		return sweep.ShardFrom(os.LookupEnv)
	}
	shard, err := sweep.ParseShard(o.shard)
	if err != nil {
		return nil, fmt.Errorf("--shard: %w", err)
	}
	return shard, nil
}

// resumeSweep goes on with one. Its folder says what it is of: only bounds may be given anew.
func (s screen) resumeSweep(command *cobra.Command, options sweepOptions) error {
	var wrong error
	command.Flags().Visit(func(flag *pflag.Flag) {
		switch flag.Name {
		case "resume", "time", "memory", "run-time", "shrink", "junit":
		default:
			wrong = fmt.Errorf("--%s: a sweep is resumed as it was begun; only --time, --memory, --run-time, --shrink and --junit may be given", flag.Name)
		}
	})
	if wrong != nil {
		return bad(wrong)
	}
	folder := filepath.Clean(options.resume)
	record, err := sweep.Load(folder)
	if err != nil {
		return bad(fmt.Errorf("--resume: %w", err))
	}
	if record.Plan.Version != version() {
		return bad(fmt.Errorf("--resume: %s was begun by version %s, this is %s: its runs would be others", folder, record.Plan.Version, version()))
	}
	if err := check(record.Plan); err != nil {
		return bad(err)
	}
	return s.sweep(command.Context(), record, folder, options)
}

func (s screen) sweep(ctx context.Context, record *sweep.Record, folder string, options sweepOptions) error {
	s.first(record.Plan)
	fmt.Fprintf(s.out, "seeds=%d-%d", record.First, record.Last)
	if record.Shard != nil {
		fmt.Fprintf(s.out, " shard=%s", *record.Shard)
	}
	fmt.Fprintf(s.out, " collect=%t audit=%d%% unknown=%d%%\n", record.Collect, record.Audit, record.Tolerance)
	err := sweep.Run(ctx, wiring, record, folder, options.bounds, s.sweepWatch(record))
	s.wipe()
	switch {
	case errors.Is(err, sweep.ErrBusy):
		return bad(fmt.Errorf("%w: %s", err, folder))
	case err != nil:
		return broken(fmt.Errorf("%w; what was done is in %s", err, folder))
	}
	if options.shrink && !record.Interrupted() {
		if err := s.shrinkFinds(ctx, record, folder); err != nil {
			return err
		}
	}
	return s.swept(record, folder)
}

// swept prints what a sweep has shown, and why it is not more.
func (s screen) swept(record *sweep.Record, folder string) error {
	if err := record.Summary(s.out, folder); err != nil {
		return broken(err)
	}
	verdict, reasons := record.Judge()
	for _, reason := range reasons {
		fmt.Fprintln(s.out, reason)
	}
	for i := range record.Diverged {
		one := &record.Diverged[i]
		fmt.Fprintf(s.out, "seed %d is not the same twice: %s\n", one.Seed, one.String())
	}
	next := "complete"
	switch {
	case record.Times.Ended != "":
		next = "cleave sweep --resume " + folder
		fmt.Fprintf(s.out, "not complete: %s, after %d of %d seeds\n", record.Times.Ended, record.Runs(), record.Wanted())
	case !record.Complete(): // merged, and a shard is not there
		next = "cleave merge, with the shards that are missing"
		verdict = verdict.Worse(checker.Unknown)
		fmt.Fprintf(s.out, "not complete: shards are missing, %d of %d seeds are here\n", record.Runs(), record.Wanted())
	}
	s.last(string(verdict), folder, next)
	report, err := record.Report(folder)
	if err = errors.Join(err, s.ci.sweep(report)); err != nil {
		return broken(err)
	}
	switch {
	case len(record.Diverged) > 0:
		return broken(errors.New("runs were not the same twice: nothing that they show can be trusted"))
	case record.Interrupted():
		return broken(fmt.Errorf("interrupted after %d seeds", record.Runs()))
	}
	return judged(verdict)
}

// sweepWatch shows how a sweep goes on: on a terminal, one line drawn again and again; elsewhere a line every
// ten seconds.
func (s screen) sweepWatch(record *sweep.Record) sweep.Watch {
	already := record.Runs()
	var told time.Duration
	return sweep.Watch{
		Every: 250 * time.Millisecond,
		Found: func(found sweep.Found) {
			s.wipe()
			fmt.Fprintf(s.out, "seed %d: %s · %s · %s · cleave replay %s\n", found.Seed, checker.Invalid, found.Violation.Checker, found.Reason, found.Folder)
		},
		Progress: func(record *sweep.Record, elapsed time.Duration) {
			live := terminal(s.err)
			if !live && elapsed-told < 10*time.Second {
				return
			}
			told = elapsed
			text := record.Progress(float64(record.Runs()-already) / elapsed.Seconds()).Line(columns(s.err) - 1)
			if live {
				fmt.Fprintf(s.err, "\r\x1b[K%s", text)
			} else {
				fmt.Fprintln(s.err, text)
			}
		},
	}
}

// wipe clears the line that is drawn again and again.
func (s screen) wipe() {
	if terminal(s.err) {
		fmt.Fprint(s.err, "\r\x1b[K")
	}
}
