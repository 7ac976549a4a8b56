package sweep

import (
	"fmt"
	"strings"

	"cleave/harness"
)

// markdown is sweep.md: the record for people.
func (r *Record) markdown() []byte {
	verdict, reasons := r.Judge()
	page := &strings.Builder{}
	fmt.Fprintf(page, "# Sweep of %s under %s, faults %s: %s\n\n", r.Plan.System, r.Plan.Workload, r.Plan.Faults, verdict)
	for _, reason := range reasons {
		fmt.Fprintf(page, "- %s\n", reason)
	}
	if r.Times.Ended != "" {
		fmt.Fprintf(page, "- it is not complete: %s\n", r.Times.Ended)
	}
	fmt.Fprintf(page, "\n%s of seeds %s-%s, %s seeds a second. A run again: `%s`, with its own seed.\n\n", runs(r.Runs()),
		thousands(r.First), thousands(r.Last), rate(r.Runs(), r.Times.Seconds), r.Plan.Command())
	table(page, []string{"valid", "unknown", "invalid", "came to nothing", "of these ran away", "run twice", "differing", "events"}, [][]string{{
		thousands(r.Valid), thousands(r.Unknown), thousands(r.Invalid), thousands(r.Broken), thousands(r.Runaway), thousands(r.Audited),
		thousands(len(r.Diverged)), thousands(r.Events)}})
	groupTable(page, "Broken promises", r.Violations, r.Plan)
	groupTable(page, "Unknown because", r.Doubts, r.Plan)
	groupTable(page, "Came to nothing because", r.Failures, r.Plan)
	for _, one := range r.Diverged {
		fmt.Fprintf(page, "## Seed %d is not the same twice\n\n```\n%s\n```\n\n", one.Seed, one.String())
	}
	statesTable(page, r)
	coverageTable(page, r.Situations)
	return []byte(page.String())
}

func groupTable(page *strings.Builder, title string, groups []Group, plan harness.Plan) {
	if len(groups) == 0 {
		return
	}
	var rows [][]string
	for _, group := range groups {
		plan.Seed = group.Seeds[0]
		replay := "`" + plan.Command() + "`"
		if len(group.Kept) > 0 {
			replay = fmt.Sprintf("`%s/%d`", runsFolder, group.Kept[0])
		}
		rows = append(rows, []string{thousands(group.Runs), group.Checker, group.Promise, group.Reason, seedsOf(group), replay})
	}
	fmt.Fprintf(page, "## %s\n\n", title)
	table(page, []string{"runs", "checker", "promise", "found in the first", "seeds", "to see it"}, rows)
}

func statesTable(page *strings.Builder, r *Record) {
	var rows [][]string
	for _, state := range byRuns(r.States) {
		rows = append(rows, []string{state.Name, thousands(state.Runs), thousands(state.Count), thousands(state.Most)})
	}
	for _, never := range r.Never() {
		rows = append(rows, []string{never.State + " (it must, sometimes)", "**never**", "0", "0"})
	}
	fmt.Fprint(page, "## States reached\n\n")
	table(page, []string{"state", "in runs", "times", "most in one run"}, rows)
}

func coverageTable(page *strings.Builder, situations []Situation) {
	fmt.Fprintf(page, "## Coverage: %s situations\n\nA situation is a kind of fault, the role of whom it hit, the phase of the protocol that "+
		"this one was in, and a type of message that was on its way from or to it. All of them, with counts, are in `%s`.\n\n",
		thousands(len(situations)), recordFile)
	var rows [][]string
	for _, kind := range kindsOf(situations) {
		rows = append(rows, []string{kind.fault, thousands(kind.situations), strings.Join(kind.roles, ", "), strings.Join(kind.phases, ", "),
			thousands(len(kind.messages))})
	}
	table(page, []string{"fault", "situations", "roles", "phases", "types of messages"}, rows)
}

// table writes a Markdown table.
func table(page *strings.Builder, head []string, rows [][]string) {
	write := func(cells []string) {
		for _, cell := range cells {
			page.WriteString("| " + strings.ReplaceAll(strings.ReplaceAll(cell, "|", "\\|"), "\n", " ") + " ")
		}
		page.WriteString("|\n")
	}
	write(head)
	page.WriteString(strings.Repeat("|---", len(head)) + "|\n")
	for _, row := range rows {
		write(row)
	}
	page.WriteString("\n")
}
