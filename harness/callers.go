package harness

import (
	"context"
	"fmt"
	"math"

	"cleave/checker"
	"cleave/history"
	"cleave/reports"
)

// Callers runs the systems of a comparison under its faults with many seeds, all asked the same, and adds up what a
// service's callers would have got. It keeps nothing of the runs. What a system cannot be put under is left empty. done
// hears of each run.
func (w Wiring) Callers(ctx context.Context, c Comparison, first, last uint64, done func(Finished)) (reports.Callers, error) {
	callers := reports.Callers{Command: c.Command, First: first, Last: last}
	var all []ledger
	for _, fault := range c.Faults {
		for _, name := range c.Systems {
			plan := c.Base
			plan.Workload, plan.Faults, plan.System, plan.Alike = callersWorkload, fault, name, true
			l := ledger{system: name, fault: fault, entries: map[account]*reports.CallersCell{}}
			if w.impossible(plan) == "" {
				err := w.Seeds(ctx, plan, first, last, func(finished Finished) bool {
					l.enter(finished.Plan.Seed, finished.Judgement.Measured)
					done(finished)
					return true
				})
				if err != nil {
					return callers, fmt.Errorf("%s: %w", plan.Name(), err)
				}
			}
			all = append(all, l)
		}
	}
	for _, name := range c.Systems {
		plan := c.Base
		plan.System = name
		system, _ := w.named(plan) // its name was good enough to run
		callers.Columns = append(callers.Columns, reports.CallersColumn{System: name, Kind: system.Guarantee})
		if holds(all, name, account{way: history.CacheLookup}) {
			callers.Columns = append(callers.Columns, reports.CallersColumn{System: name, Kind: system.Guarantee, Cached: true})
		}
	}
	for _, phase := range []history.Phase{history.Warmup, history.Faults, history.Quiet} {
		for i, fault := range c.Faults {
			if i > 0 && phase == history.Warmup {
				break // before it, a fault makes no difference
			}
			callers.Rows = append(callers.Rows, rowsOf(all, callers.Columns, fault, phase)...)
		}
	}
	return callers, nil
}

// callersWorkload is the workload that measures calls.
const callersWorkload = "discovery"

// account is what calls are counted by: a side, a phase, and a way to look.
type account struct {
	side  string
	phase history.Phase
	way   history.Function
}

// ledger counts the calls of one system under one fault.
type ledger struct {
	system, fault string
	entries       map[account]*reports.CallersCell
}

// enter adds what the run of one seed measured.
func (l *ledger) enter(seed uint64, measured []checker.Result) {
	shares := map[account]map[string]float64{}
	var order []account
	for _, result := range measured {
		if result.Checker != (checker.Calls{}).Name() {
			continue
		}
		for _, m := range result.Measures {
			a := account{m.Side, history.Phase(m.Phase), m.Function}
			if shares[a] == nil {
				shares[a] = map[string]float64{}
				order = append(order, a)
			}
			shares[a][m.Name] = m.Value
		}
	}
	for _, a := range order {
		l.add(seed, a, shares[a])
	}
}

func (l *ledger) add(seed uint64, a account, shares map[string]float64) {
	entry := l.entries[a]
	if entry == nil {
		entry = &reports.CallersCell{}
		l.entries[a] = entry
	}
	calls := shares["calls"]
	count := func(name string) int { return int(math.Round(calls * shares[name])) }
	entry.Calls += int(calls)
	entry.Reached += count("calls reached")
	entry.Retried += count("calls reached with a retry")
	entry.Possible += count("calls that could reach")
	if calls > 0 {
		entry.Seeds = append(entry.Seeds, reports.CallersSeed{Seed: seed, Reached: shares["calls reached"], Retried: shares["calls reached with a retry"]})
	}
}

func holds(all []ledger, system string, a account) bool {
	for _, l := range all {
		if l.system == system && l.entries[a] != nil {
			return true
		}
	}
	return false
}

// rowsOf are the rows of a fault in a phase: of all, and of each side amid the faults.
func rowsOf(all []ledger, columns []reports.CallersColumn, fault string, phase history.Phase) (rows []reports.CallersRow) {
	for _, side := range []checker.Side{"", checker.Majority, checker.Minority, checker.CutOff} {
		row, some := rowOf(all, columns, fault, account{string(side), phase, ""})
		if some && (side == "" || phase == history.Faults) {
			rows = append(rows, row)
		}
	}
	return rows
}

// rowOf gathers a row, and whether anything is in it.
func rowOf(all []ledger, columns []reports.CallersColumn, fault string, a account) (row reports.CallersRow, some bool) {
	row = reports.CallersRow{Fault: fault, Side: a.side, Phase: string(a.phase), Cells: make([]reports.CallersCell, len(columns))}
	for i, column := range columns {
		a.way = ""
		if column.Cached {
			a.way = history.CacheLookup
		}
		for _, l := range all {
			if entry := l.entries[a]; l.system == column.System && l.fault == fault && entry != nil {
				row.Cells[i], some = *entry, true
			}
		}
	}
	return row, some
}
