package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"cleave/checker/verify"
	"cleave/harness"
	"cleave/models"
	"cleave/nemesis"
	"cleave/workloads"
	"cleave/world"
)

// listed says which tables to print.
type listed struct{ systems, workloads, faults, suites, bugs, models bool }

func listCommand(s screen) *cobra.Command {
	var what listed
	command := &cobra.Command{
		Use:   "list",
		Short: "List systems, workloads, faults, planted bugs, and models of objects",
		Args:  cobra.NoArgs,
		Run: func(*cobra.Command, []string) {
			if what == (listed{}) {
				what = listed{true, true, true, true, true, true}
			}
			s.list(what)
		},
	}
	command.Flags().BoolVar(&what.systems, "systems", false, "only systems")
	command.Flags().BoolVar(&what.workloads, "workloads", false, "only workloads")
	command.Flags().BoolVar(&what.faults, "faults", false, "only faults, with a picture of who sees whom")
	command.Flags().BoolVar(&what.suites, "suites", false, "only suites of faults")
	command.Flags().BoolVar(&what.bugs, "bugs", false, "only planted bugs")
	command.Flags().BoolVar(&what.models, "models", false, "only models of objects, with the operations that each understands (see: cleave check)")
	return command
}

func (s screen) list(what listed) {
	all := systems(harness.DefaultPlan())
	if what.systems {
		fmt.Fprintln(s.out, "systems")
		for _, system := range all {
			fmt.Fprintf(s.out, "  %-17s %-8s  %-10s  %s\n", system.Name, system.Guarantee, strings.Join(worldsOf(system), ","), system.Summary)
		}
	}
	if what.workloads {
		fmt.Fprintln(s.out, "workloads")
		for _, workload := range workloads.All() {
			fmt.Fprintf(s.out, "  %-16s %s\n", workload.Name, workload.Summary)
		}
	}
	if what.faults {
		s.listFaults()
	}
	if what.suites {
		s.listSuites()
	}
	if what.bugs {
		s.listBugs(all)
	}
	if what.models {
		s.listModels()
	}
}

func (s screen) listModels() {
	fmt.Fprintln(s.out, "models (function: argument -> result: what it does)")
	for _, name := range models.Names() {
		model, _ := models.Named(name) // it is one of them
		fmt.Fprintf(s.out, "  %-15s %s\n", model.Name, model.Summary)
		for _, shape := range model.Shapes {
			fmt.Fprintf(s.out, "    %-17s %s -> %s: %s\n", shape.Function, shape.Argument, shape.Result, shape.Effect)
		}
	}
	const transactions = "  %-15s %s by key, in transactions\n    %-17s a list of [%s key value] and [r key nothing] -> the same with what was read\n"
	fmt.Fprintf(s.out, transactions, verify.ListAppend, "lists", "txn", "append")
	fmt.Fprintf(s.out, transactions, verify.RWRegister, "variables", "txn", "w")
	for _, object := range verify.Objects {
		fmt.Fprintf(s.out, "  %-15s %s\n    judged by %s alone\n", object.Name, object.Summary, object.Invariant)
	}
}

func (s screen) listFaults() {
	fmt.Fprintln(s.out, "faults")
	for _, kind := range nemesis.Catalogue {
		aim := ""
		if kind.Aim != "" {
			aim = "   (target: " + string(kind.Aim) + ")"
		}
		fmt.Fprintf(s.out, "  %-24s %s\n  %-24s   %s%s\n", kind.Name, kind.Summary, "", kind.Picture, aim)
	}
	fmt.Fprintf(s.out, "  %-24s %s\n", harness.RandomFaults,
		"one to four partitions, kills, pauses and jumps of the clock, drawn from the seed; they may overlap")
	roles := make([]string, len(nemesis.Roles))
	for i, role := range nemesis.Roles {
		roles[i] = string(role)
	}
	fmt.Fprintf(s.out, "  A schedule may aim a fault that has a target at another: %s, or nodes by name.\n", strings.Join(roles, ", "))
}

func (s screen) listSuites() {
	fmt.Fprintln(s.out, "suites (--faults NAME: one to four faults of these kinds, half of which each seed switches off)")
	for _, suite := range nemesis.Suites {
		fmt.Fprintf(s.out, "  %-12s %s\n  %-12s   %s\n", suite.Name, suite.Summary, "", strings.Join(suite.Kinds, ", "))
	}
}

// worldsOf are the worlds that a system runs in.
func worldsOf(system world.System) []string {
	var all []string
	if system.Node != nil {
		all = append(all, harness.Simulation)
	}
	if system.Deployment != nil {
		all = append(all, inContainers)
	}
	return all
}

func (s screen) listBugs(all []world.System) {
	fmt.Fprintln(s.out, "bugs (planted with --bug NAME, off by default)")
	var real []string
	for _, system := range all {
		if system.Node == nil && len(system.Bugs) > 0 { // those of its clients, which cpstore's are too
			real = append(real, system.Name)
			continue
		}
		for _, bug := range system.Bugs {
			fmt.Fprintf(s.out, "  %-12s %-22s %s\n%16sfound by %s: %s\n", system.Name, bug.Name, bug.Breaks, "",
				bug.Checker, strings.Replace(harness.BugPlan(system, bug).Command(), "--seed 1", "--seeds 1-50", 1))
		}
	}
	fmt.Fprintf(s.out, "  those of cpstore's recipes can be planted in clients of %s too, with --world docker\n", strings.Join(real, " and "))
}

func names(all []world.System) []string {
	list := make([]string, len(all))
	for i, system := range all {
		list[i] = system.Name
	}
	return list
}
