package reports

import (
	"fmt"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// summary says in plain words what clients on the minority side saw of one system.
type summary struct {
	Workload, System, Text string
}

// extremes are the lowest and highest of something, where the highest was, and all of it.
type extremes struct {
	low, high float64
	all       []float64
	fault     string
	found     bool
}

func (e *extremes) add(v float64, fault string) {
	if !e.found || v > e.high {
		e.high, e.fault = v, fault
	}
	if !e.found || v < e.low {
		e.low = v
	}
	e.found = true
	e.all = append(e.all, v)
}

// median is the lower median: half of the faults were as low, or lower.
func (e extremes) median() float64 {
	sorted := slices.Sorted(slices.Values(e.all))
	return sorted[(len(sorted)-1)/2]
}

// minorityView gathers what clients on the minority side saw of a system, over all faults that made
// such a side.
type minorityView struct {
	functions            []history.Function
	answered, gap        map[history.Function]*extremes
	outage, stale, ghost extremes
	missing, absence     extremes
	faults               int
	told                 string // the fault last named, so as not to name it again and again
}

func summaryOf(c Comparison) []summary {
	var lines []summary
	for _, workload := range c.Workloads {
		for _, column := range c.columns(workload.Name) {
			view := minorityView{answered: map[history.Function]*extremes{}, gap: map[history.Function]*extremes{}}
			for i := range c.Cells {
				if cell := &c.Cells[i]; cell.Workload == workload.Name && cell.System == column.system && c.world(cell) == column.world {
					view.add(cell)
				}
			}
			lines = append(lines, summary{name(workload.Name), column.Title(), view.words()})
		}
	}
	return lines
}

func (v *minorityView) add(cell *Cell) {
	side, n := string(checker.Minority), numbersOf(cell)
	functions := functionsOf([]numbers{n}, side)
	if len(functions) == 0 {
		return
	}
	v.faults++
	for _, f := range functions {
		if v.answered[f] == nil {
			v.answered[f], v.gap[f] = &extremes{}, &extremes{}
			v.functions = append(v.functions, f)
		}
		m, _ := n.get("success", side, f)
		v.answered[f].add(m.Value, cell.Fault)
		if gap, found := n.get("longest outage", side, f); found {
			v.gap[f].add(gap.Value, cell.Fault)
		}
	}
	for _, one := range []struct {
		to   *extremes
		name string
	}{{&v.outage, "longest outage"}, {&v.stale, "staleness max"}, {&v.ghost, "ghost age max"}, {&v.absence, "missing longest"}} {
		if m, found := n.get(one.name, side, ""); found {
			one.to.add(m.Value, cell.Fault)
		}
	}
	if m, found := n.get("missing", side, ""); found {
		v.missing.add(m.Value, cell.Fault)
	}
}

// words is what was gathered, as sentences.
func (v *minorityView) words() string {
	if v.faults == 0 {
		return "No client was on a minority side."
	}
	slices.SortFunc(v.functions, compareFunctions)
	parts, gaps := make([]string, 0, len(v.functions)), false
	for _, f := range v.functions {
		part := v.answered[f].ratio() + " of " + functionWords(f)
		if gap := v.gap[f]; gap.found && gap.high > 0 {
			gaps = true
			part += " [nothing for up to " + duration(gap.high) + "]"
		}
		parts = append(parts, part)
	}
	where := fmt.Sprintf("In the median of the %d faults with a minority side", v.faults)
	if v.faults == 1 {
		where = "In the one fault with a minority side"
	}
	text := where + ", clients there were answered " + list(parts)
	if v.outage.found && v.outage.high > 0 && !gaps {
		text += fmt.Sprintf("; the longest time without any answer was %s%s", duration(v.outage.high), v.where(v.outage))
	}
	text += "."
	if v.stale.found {
		text += v.sentence(v.stale, "No answer was out of date.", "Answers were up to %s out of date%s.")
	}
	if v.ghost.found {
		text += v.sentence(v.ghost, "Nobody dead was listed.", "Instances were listed up to %s after they had died%s.")
	}
	if v.missing.found && v.missing.high > 0 {
		text += fmt.Sprintf(" Up to %s of live instances were missing, the longest for %s%s.",
			percent(v.missing.high), duration(v.absence.high), v.where(v.missing))
	}
	return text
}

// sentence is one for nothing, or one with the length and where it was.
func (v *minorityView) sentence(e extremes, none, some string) string {
	if e.high == 0 {
		return " " + none
	}
	return " " + fmt.Sprintf(some, duration(e.high), v.where(e))
}

func (v *minorityView) where(e extremes) string {
	if e.fault == "" || e.fault == v.told {
		return ""
	}
	v.told = e.fault
	return " (" + name(e.fault) + ")"
}

// ratio is "84.0%", or "0% (up to 3.1%)" where faults differ: the median, and how far it goes from
// there.
func (e extremes) ratio() string {
	low, high, median := percent(e.low), percent(e.high), percent(e.median())
	switch {
	case low == high:
		return low
	case median == low:
		return median + " (up to " + high + ")"
	case median == high:
		return median + " (down to " + low + ")"
	}
	return median + " (" + low + " to " + high + ")"
}

// list joins parts as a sentence does.
func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}
