package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"cleave/harness"
	"cleave/world"
)

func scheduleCommand(s screen) *cobra.Command {
	command := &cobra.Command{
		Use:   "schedule",
		Short: "Write schedules of faults by hand: their schema, a check, and stored ones to start from",
		Args:  cobra.NoArgs,
		RunE:  helped,
	}
	command.AddCommand(scheduleSchema(s), scheduleCheck(s), scheduleShow(s))
	return command
}

func scheduleSchema(s screen) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of schedules, for editors",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			text, err := harness.SchemaOfSchedules()
			if err == nil {
				_, err = s.out.Write(text)
			}
			return broken(err)
		},
	}
}

func scheduleCheck(s screen) *cobra.Command {
	plan := harness.DefaultPlan()
	command := &cobra.Command{
		Use:     "check FILE",
		Short:   "Say whether a schedule can be run, with the sizes and times of a plan",
		Example: "  cleave schedule check cut.yaml --nodes 3",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			plan.Faults = harness.FileFaults
			if err := check(plan); err != nil {
				return bad(err)
			}
			schedule, err := shown(plan, arguments[0], harness.LoadSchedule)
			if err == nil {
				err = schedule.Validate(plan)
			}
			if err != nil {
				return bad(err)
			}
			fmt.Fprintf(s.out, "%s can be run: seed %d, %s, %s\n", arguments[0], schedule.Seed,
				counted(len(schedule.Faults), "fault"), counted(len(schedule.Operations), "operation"))
			return nil
		},
	}
	planFlags(command.Flags(), &plan, true)
	return command
}

func scheduleShow(s screen) *cobra.Command {
	plan, operations := harness.DefaultPlan(), false
	command := &cobra.Command{
		Use:     "show FILE|FOLDER",
		Short:   "Print a schedule as YAML, to read it or to change it",
		Example: "  cleave schedule show store/latest > mine.yaml\n  cleave run --schedule mine.yaml",
		Args:    cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			schedule, err := shown(plan, arguments[0], harness.ReadSchedule)
			if err != nil {
				return bad(err)
			}
			text, err := schedule.YAML(operations)
			if err == nil {
				_, err = s.out.Write(text)
			}
			return broken(err)
		},
	}
	command.Flags().BoolVar(&operations, "operations", false, "with its operations, which a run otherwise makes from its plan")
	planFlags(command.Flags(), &plan, true)
	return command
}

// shown is the schedule of a run folder, or of a file, read in one of two ways.
func shown(plan harness.Plan, path string, read func(string, harness.Plan, world.System) (harness.Schedule, error)) (harness.Schedule, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		stored, err := harness.LoadSetup(path)
		return stored.Schedule, err
	}
	system, err := wiring.System(plan)
	if err != nil {
		return harness.Schedule{}, err
	}
	return read(path, plan, system)
}
