package reports

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// truth is what clients were told, answer by answer, set against what was so.
type truth struct {
	ages      []checker.ReadAge  // of reads, if staleness was measured
	sightings []checker.Sighting // of lookups, if there are any
}

// truthOf works it out for a run whose checkers measured it: a staleness that could not be told is not drawn either.
func truthOf(run Run) truth {
	var t truth
	if run.History == nil {
		return t
	}
	for _, result := range run.Measured {
		switch {
		case result.Verdict != checker.Valid:
		case result.Checker == checker.Staleness{}.Name():
			measured := checker.Staleness{Functions: measuredFunctions(result.Measures), Writes: []history.Function{history.Write, history.CAS}}
			if ages, err := measured.Ages(run.History); err == nil {
				t.ages = ages
			}
		case result.Checker == checker.Discovery{}.Name():
			t.sightings = checker.Discovery{}.Sightings(run.History)
		}
	}
	return t
}

// measuredFunctions are the functions that were measured, each once.
func measuredFunctions(measures []checker.Measure) []history.Function {
	var functions []history.Function
	for _, m := range measures {
		if m.Function != "" && !slices.Contains(functions, m.Function) {
			functions = append(functions, m.Function)
		}
	}
	return functions
}

// stale are the reads whose answer had been replaced.
func (t truth) stale() []checker.ReadAge {
	return slices.DeleteFunc(slices.Clone(t.ages), func(read checker.ReadAge) bool { return read.Age <= 0 })
}

// charts are those for which there is something to draw.
func (t truth) charts(a axis) []*drawing {
	var charts []*drawing
	if stale := t.stale(); len(stale) > 0 {
		charts = append(charts, staleChart(t.ages, stale, a))
	}
	if len(t.sightings) > 0 {
		charts = append(charts, registryChart(registryRows(t.sightings, a), a))
	}
	return charts
}

// staleChart shows every stale answer as a mark: when it was asked for, and for how long it had been out of date.
func staleChart(ages, stale []checker.ReadAge, a axis) *drawing {
	const height, top = 120.0, 8.0
	highest := 10.0
	for _, read := range stale {
		highest = max(highest, float64(read.Age)/1e6)
	}
	highest = min(math.Pow(10, math.Ceil(math.Log10(highest))), 1e9)
	scale := (height - top - 6) / math.Log10(highest/lowestLatency)
	place := func(age float64) float64 { return top + scale*math.Log10(highest/max(age, lowestLatency)) }
	d := a.begin("stale", "How out of date answers were",
		"Each ok read whose answer had been replaced when it was asked, by for how long, on a logarithmic scale.", height)
	for age := lowestLatency; age <= highest*1.01; age *= 10 {
		d.line("grid", chartLeft, place(age), chartWidth-chartLeft-chartRight, 0)
		d.text("label", "end", chartLeft-8, place(age)+4, decade(age))
	}
	var path strings.Builder
	seen := map[[2]int]bool{}
	for _, read := range stale {
		at := [2]int{int(a.x(read.Operation.Invoked)), int(place(float64(read.Age) / 1e6))}
		if !seen[at] {
			seen[at] = true
			fmt.Fprintf(&path, "M%d %dl4 4l-4 4l-4 -4z", at[0], at[1]-4)
		}
	}
	d.path("mark-stale", &path)
	d.Notes = append(d.Notes, fmt.Sprintf("%s of %s out of date; the others had certainly not been, or nobody can tell.",
		thousands(len(stale)), plural(len(ages), "ok read was", "ok reads were")))
	d.Table = staleTable(stale)
	return d
}

func staleTable(stale []checker.ReadAge) table {
	t := table{Caption: "Answers that were out of date, the oldest first",
		Head: []string{"operation", "client", "what", "key", "asked", "out of date by", "writes behind"}}
	oldest := slices.Clone(stale)
	slices.SortStableFunc(oldest, func(a, b checker.ReadAge) int { return int(b.Age/1000) - int(a.Age/1000) })
	for _, read := range oldest[:min(len(oldest), mostRows+1)] {
		o := read.Operation
		t.add(fmt.Sprintf("#%d", o.ID), name(o.Client), name(label(o)), name(o.Key), clock(o.Invoked), duration(float64(read.Age)/1e6), thousands(read.Behind))
	}
	if extra := len(oldest) - mostRows; extra > 0 {
		t.Rows = t.Rows[:mostRows]
		t.Cut = plural(extra, "younger one is", "younger ones are") + " not shown."
	}
	return t
}

// portion is a share in each column of time: so many of so many.
type portion struct {
	name      string
	some, all []int
}

// registryRows count, of each way to look, the dead that were listed of all that was, and the live that were missing of
// all that were due.
func registryRows(sightings []checker.Sighting, a axis) []portion {
	var rows []portion
	at := map[string]int{}
	row := func(words string) *portion {
		if _, known := at[words]; !known {
			at[words] = len(rows)
			rows = append(rows, portion{words, make([]int, a.bins()), make([]int, a.bins())})
		}
		return &rows[at[words]]
	}
	for _, one := range sightings {
		column, in := a.at(one.Operation.Invoked), ""
		if one.Operation.Function == history.CacheLookup {
			in = " in caches"
		}
		for _, count := range []struct {
			words     string
			some, all int
		}{{"dead, listed", one.Ghosts, one.Listed}, {"alive, missing", one.Missing, one.Due}} {
			r := row(count.words + in)
			r.some[column] += count.some
			r.all[column] += count.all
		}
	}
	return rows
}

// registryChart shows ghosts and misses, a row each.
func registryChart(rows []portion, a axis) *drawing {
	const rowHeight, gap = 34.0, 8.0
	d := a.begin("registry", "Ghosts and misses",
		"The share of listed instances that were dead, and of live instances that were not listed, by the time of the lookup; each column is "+
			columnWords(a)+".", 8+(rowHeight+gap)*float64(len(rows)))
	for i, row := range rows {
		y := 6 + (rowHeight+gap)*float64(i)
		for j, word := range strings.SplitN(row.name, ", ", 2) {
			d.text("label", "end", chartLeft-8, y+14+14*float64(j), word)
		}
		d.line("grid", chartLeft, y, chartWidth-chartLeft-chartRight, 0)
		d.line("grid", chartLeft, y+rowHeight, chartWidth-chartLeft-chartRight, 0)
		var path strings.Builder
		for column, some := range row.some {
			if some > 0 {
				x, width := a.column(column)
				filled := max(rowHeight*float64(some)/float64(row.all[column]), 1.5)
				box(&path, x, y+rowHeight-filled, width, filled)
			}
		}
		d.path("wrong", &path)
	}
	d.Table = portionTable("Wrong entries in answers, of all that could be", rows, a)
	return d
}

func portionTable(caption string, rows []portion, a axis) table {
	t := table{Caption: caption, Head: []string{"from second"}}
	for _, row := range rows {
		t.Head = append(t.Head, row.name)
	}
	for column := range a.bins() {
		cells := []string{fmt.Sprintf("%g", (history.Time(column) * a.bin()).Seconds())}
		for _, row := range rows {
			cell := ""
			if row.all[column] > 0 {
				cell = fmt.Sprintf("%d of %d", row.some[column], row.all[column])
			}
			cells = append(cells, cell)
		}
		t.add(cells...)
	}
	t.bound()
	return t
}
