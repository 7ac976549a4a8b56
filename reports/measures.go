package reports

import (
	"cmp"
	"slices"

	"cleave/checker"
	"cleave/history"
)

// measureTable sets what one checker measured out by phase and side.
type measureTable struct {
	Title  string
	Phases []span // the first row of the head
	Sides  []string
	Rows   []measureRow
	Cut    string
}

// span is a heading over several columns.
type span struct {
	Text    string
	Columns int
}

type measureRow struct {
	Name, Function string
	First          bool // the first of its name
	Cells          []string
}

type measureColumn struct{ phase, side string }

// measureTables makes a table for each checker that measured something, in order.
func measureTables(groups ...[]checker.Result) []measureTable {
	var names []string
	measures := map[string][]checker.Measure{}
	for _, results := range groups {
		for _, result := range results {
			if _, known := measures[result.Checker]; !known && len(result.Measures) > 0 {
				names = append(names, result.Checker)
			}
			measures[result.Checker] = append(measures[result.Checker], result.Measures...)
		}
	}
	tables := make([]measureTable, 0, len(names))
	for _, checkerName := range names {
		if t := newMeasureTable(name(checkerName), measures[checkerName]); len(t.Rows) > 0 { // none of what it measured may be of a column
			tables = append(tables, t)
		}
	}
	return tables
}

func newMeasureTable(title string, measures []checker.Measure) measureTable {
	t := measureTable{Title: title}
	columns := columnsOf(measures)
	for _, column := range columns {
		words := phaseWords(column.phase)
		if n := len(t.Phases); n > 0 && t.Phases[n-1].Text == words {
			t.Phases[n-1].Columns++
		} else {
			t.Phases = append(t.Phases, span{words, 1})
		}
		t.Sides = append(t.Sides, cmp.Or(name(column.side), "all"))
	}
	t.fill(columns, measures)
	if extra := len(t.Rows) - mostRows; extra > 0 {
		t.Rows = t.Rows[:mostRows]
		t.Cut = plural(extra, "further row is", "further rows are") + " not shown; measures.json has them all."
	}
	return t
}

func phaseWords(phase string) string {
	switch phase {
	case "":
		return "whole run"
	case string(history.Faults):
		return "during the faults"
	case string(history.Quiet):
		return "quiet phase"
	}
	return name(phase)
}

// columnsOf are the columns that say something: each phase by side, and the whole run. A sum over
// sides is left out where there is only one.
func columnsOf(measures []checker.Measure) []measureColumn {
	var columns []measureColumn
	for _, m := range measures {
		column := measureColumn{m.Phase, m.Side}
		if (m.Phase != "" || m.Side == "") && !slices.Contains(columns, column) && len(columns) < 40 {
			columns = append(columns, column)
		}
	}
	slices.SortFunc(columns, func(a, b measureColumn) int {
		return cmp.Or(comparePhases(a.phase, b.phase), compareSides(a.side, b.side))
	})
	sidesOf := map[string]int{}
	for _, column := range columns {
		if column.side != "" {
			sidesOf[column.phase]++
		}
	}
	return slices.DeleteFunc(columns, func(c measureColumn) bool { return c.side == "" && sidesOf[c.phase] == 1 })
}

func (t *measureTable) fill(columns []measureColumn, measures []checker.Measure) {
	sorted := slices.Clone(measures)
	slices.SortStableFunc(sorted, func(a, b checker.Measure) int {
		return cmp.Or(compareMeasures(a.Name, b.Name), compareFunctions(a.Function, b.Function))
	})
	for i, m := range sorted {
		if i == 0 || sorted[i-1].Name != m.Name || sorted[i-1].Function != m.Function {
			words := "all functions"
			if m.Function != "" {
				words = name(string(m.Function))
			}
			t.Rows = append(t.Rows, measureRow{Name: name(m.Name), Function: words,
				First: i == 0 || sorted[i-1].Name != m.Name, Cells: make([]string, len(columns))})
		}
		at := slices.Index(columns, measureColumn{m.Phase, m.Side})
		if row := &t.Rows[len(t.Rows)-1]; at >= 0 && row.Cells[at] == "" {
			row.Cells[at] = valueWords(m)
		}
	}
	t.Rows = slices.DeleteFunc(t.Rows, func(row measureRow) bool {
		return !slices.ContainsFunc(row.Cells, func(cell string) bool { return cell != "" })
	})
	for i := range t.Rows {
		t.Rows[i].First = i == 0 || t.Rows[i-1].Name != t.Rows[i].Name
	}
}
