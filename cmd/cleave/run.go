package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/world/docker"
)

// runOptions are run's flags besides those of the plan.
type runOptions struct {
	store    string
	schedule string
	seeds    string
	first    bool
	brought  bringing
}

func runCommand(s screen) *cobra.Command {
	plan := harness.DefaultPlan()
	plan.Version = version()
	var options runOptions
	command := &cobra.Command{
		Use:   "run",
		Short: "Run one plan, judge it, and leave a run folder with a report",
		Example: "  cleave run --system cpstore --workload register --faults isolate-leader --seed 7\n" +
			"  cleave run --system apregistry --workload discovery --faults random --seeds 1-500",
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			if err := s.ci.begin(options.store); err != nil {
				return bad(err)
			}
			if options.schedule != "" {
				plan.Faults = harness.FileFaults
			}
			if err := options.brought.into(&plan, command); err != nil {
				return bad(err)
			}
			if err := check(plan); err != nil {
				return bad(err)
			}
			if options.first && options.seeds == "" {
				return bad(errors.New("--first: there is only one seed; give many with --seeds"))
			}
			if err := checkMachine(command.Context(), plan); err != nil {
				return bad(err)
			}
			if options.seeds != "" && plan.World != harness.Simulation {
				return s.runSeedsKept(command.Context(), plan, options)
			}
			if options.seeds != "" {
				return s.runSeeds(command.Context(), plan, options)
			}
			return s.runOne(command.Context(), plan, options)
		},
	}
	planFlags(command.Flags(), &plan, true)
	options.brought.flags(command.Flags())
	s.ci.flags(command.Flags())
	command.Flags().StringVar(&options.store, "store", "store", "where run folders go")
	command.Flags().StringVar(&options.schedule, "schedule", "", "take faults and operations from a schedule file instead of --faults")
	command.Flags().StringVar(&options.seeds, "seeds", "", "run many seeds, such as 1-500, and keep the folders of those that are not valid")
	command.Flags().BoolVar(&options.first, "first", false, "of many seeds, stop at the first that is invalid, and show it")
	command.MarkFlagsMutuallyExclusive("seed", "seeds")
	command.MarkFlagsMutuallyExclusive("schedule", "seeds")
	command.MarkFlagsMutuallyExclusive("schedule", "faults")
	return command
}

// check looks at a plan before anything is done.
func check(plan harness.Plan) error {
	if err := plan.Validate(); err != nil {
		return err
	}
	_, err := wiring.System(plan)
	return err
}

func (s screen) runOne(ctx context.Context, plan harness.Plan, options runOptions) error {
	schedule, err := scheduleOf(plan, options.schedule)
	if err != nil {
		return bad(err)
	}
	s.first(plan)
	s.misplaced(plan)
	return s.execute(ctx, plan, schedule, options.store)
}

// misplaced says when a planted bug is not expected to show under the plan's workload, whose clients may never come to it.
func (s screen) misplaced(plan harness.Plan) {
	system, err := wiring.System(plan)
	if err != nil {
		return // it is told elsewhere
	}
	for _, bug := range system.Bugs {
		if bug.Name == plan.Bug && bug.Workload != plan.Workload {
			fmt.Fprintf(s.err, "cleave: the bug %s shows under the workload %s; under %s nothing may come of it\n", bug.Name, bug.Workload, plan.Workload)
		}
	}
}

func scheduleOf(plan harness.Plan, file string) (harness.Schedule, error) {
	system, err := wiring.System(plan)
	if err != nil {
		return harness.Schedule{}, err
	}
	if file != "" {
		schedule, err := harness.LoadSchedule(file, plan, system)
		if err == nil {
			err = schedule.Validate(plan)
		}
		if err != nil {
			return schedule, fmt.Errorf("--schedule: %w", err)
		}
		return schedule, nil
	}
	return wiring.Generate(plan, system)
}

// execute runs a schedule into a new folder of the store and prints the result.
func (s screen) execute(ctx context.Context, plan harness.Plan, schedule harness.Schedule, store string) error {
	if err := wiring.Check(plan, schedule); err != nil {
		return bad(err)
	}
	path := newPath(store, plan.Name(), plan.Seed)
	finished, err := wiring.Run(ctx, plan, schedule, path, s.progress(plan))
	switch {
	case errors.Is(err, context.Canceled):
		return broken(fmt.Errorf("interrupted; the history so far is in %s", path))
	case errors.Is(err, harness.ErrPlan), errors.Is(err, docker.ErrMachine):
		return bad(err)
	case err != nil:
		return broken(fmt.Errorf("%w; what there is of the run is in %s", err, path))
	}
	latest(store, path)
	if err := shrink.Around(ctx, wiring, &finished); err != nil {
		return broken(fmt.Errorf("its messages: %w; what there is of the run is in %s", err, path))
	}
	return s.result(finished)
}

// runSeedsKept runs many seeds in a world where no run is ever the same again, one after the other, and
// keeps them all.
func (s screen) runSeedsKept(ctx context.Context, plan harness.Plan, options runOptions) error {
	first, last, err := seedRange(options.seeds)
	if err != nil {
		return bad(err)
	}
	verdict := checker.Valid
	for seed := first; ; seed++ {
		plan.Seed = seed
		err := s.runOne(ctx, plan, options)
		var ended exit
		if errors.As(err, &ended) && ended.err != nil {
			return err
		}
		verdict = verdict.Worse(verdictOf(ended.code))
		if seed == last || options.first && verdict == checker.Invalid {
			return judged(verdict)
		}
	}
}

// verdictOf is the verdict that an exit code stands for.
func verdictOf(code int) checker.Verdict {
	switch code {
	case exitValid:
		return checker.Valid
	case exitInvalid:
		return checker.Invalid
	}
	return checker.Unknown
}

// runSeeds runs many seeds and tells of those that are not valid, which it runs again to keep them.
func (s screen) runSeeds(ctx context.Context, plan harness.Plan, options runOptions) error {
	first, last, err := seedRange(options.seeds)
	if err != nil {
		return bad(err)
	}
	plan.Seed = first
	s.first(plan)
	verdict := checker.Valid
	count := map[checker.Verdict]int{}
	var found *harness.Finished
	err = wiring.Seeds(ctx, plan, first, last, func(finished harness.Finished) bool {
		count[finished.Judgement.Verdict]++
		verdict = verdict.Worse(finished.Judgement.Verdict)
		if options.first && finished.Judgement.Verdict == checker.Invalid {
			found = &finished
			return false
		}
		if finished.Judgement.Verdict != checker.Valid {
			s.keep(ctx, finished, options.store)
		}
		if terminal(s.err) {
			fmt.Fprintf(s.err, "\r\x1b[Kseed %d of %d-%d", finished.Plan.Seed, first, last)
		}
		return true
	})
	if terminal(s.err) {
		fmt.Fprint(s.err, "\r\x1b[K")
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		return broken(err)
	}
	if found != nil {
		fmt.Fprintf(s.out, "the first invalid seed is %d\n", found.Plan.Seed)
		return s.execute(ctx, found.Plan, found.Schedule, options.store)
	}
	total := count[checker.Valid] + count[checker.Unknown] + count[checker.Invalid]
	if err := s.ci.seeds(plan, first, last, count[checker.Valid]); err != nil {
		return broken(err)
	}
	fmt.Fprintf(s.out, "%s · %d seeds: %d valid, %d unknown, %d invalid\n", verdict, total,
		count[checker.Valid], count[checker.Unknown], count[checker.Invalid])
	if err != nil {
		return broken(fmt.Errorf("interrupted after %d seeds", total))
	}
	return judged(verdict)
}

// keep runs a seed again into a folder, so that the thousands that are valid cost no disk.
func (s screen) keep(ctx context.Context, found harness.Finished, store string) {
	kept, err := wiring.Run(ctx, found.Plan, found.Schedule, newPath(store, found.Plan.Name(), found.Plan.Seed), nil)
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(s.out, "seed %d: %s · interrupted before it was kept · %s\n", found.Plan.Seed, found.Judgement.Verdict, found.Plan.Command())
		return
	}
	if err != nil {
		fmt.Fprintf(s.err, "cleave: seed %d could not be kept: %v\n", found.Plan.Seed, err)
		return
	}
	if err := shrink.Around(ctx, wiring, &kept); err != nil {
		fmt.Fprintf(s.err, "cleave: the messages of seed %d could not be kept: %v\n", found.Plan.Seed, err)
	}
	if err := s.ci.run(kept); err != nil {
		fmt.Fprintf(s.err, "cleave: %v\n", err)
	}
	reason := ""
	for _, result := range kept.Judgement.Promises {
		if result.Verdict == kept.Judgement.Verdict {
			reason = result.Checker + ": " + result.Reason
			break
		}
	}
	fmt.Fprintf(s.out, "seed %d: %s · %s · %s\n", found.Plan.Seed, kept.Judgement.Verdict, reason, kept.Replay())
}
