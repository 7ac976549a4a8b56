package reports

import (
	"fmt"
	"slices"

	"cleave/checker"
	"cleave/history"
)

// comparisonTable sets the systems of one workload side by side.
type comparisonTable struct {
	ID       string // on the page, made here
	Workload Subject
	Columns  []column
	Groups   []comparisonGroup
}

// fewColumns is how many columns fit beside two columns of headings; a table with more scrolls sideways,
// and has each fault as a heading of its own.
const fewColumns = 4

// Wide tells whether the table has more columns than fit.
func (t comparisonTable) Wide() bool { return len(t.Columns) > fewColumns }

// Span is the number of all columns.
func (t comparisonTable) Span() int { return len(t.Columns) + 1 }

// comparisonGroup is the rows of one fault.
type comparisonGroup struct {
	Fault   Subject
	Picture *drawing
	Cells   []*Cell // by column; nil where nothing ran
	Rows    []comparisonRow
}

// comparisonRow is one number, by column.
type comparisonRow struct {
	Label   string
	Values  []value
	Verdict bool // the row of verdicts, whose values link to the runs
}

// value is a number as it is shown.
type value struct {
	Text  string
	More  string // beside the number, less important
	Of    string // what it is of, where there is room
	Class string
	Bar   int // percent, for a ratio; -1 for none
	Link  string
	Ill   bool // the bar grows with what is bad
}

var nothingRan = value{Text: "not run", Class: "none", Bar: -1}
var notMeasured = value{Text: "–", Class: "none", Bar: -1}

// tablesOf makes the table of each workload in which anything ran.
func tablesOf(c Comparison) []comparisonTable {
	var tables []comparisonTable
	for _, workload := range c.Workloads {
		columns := c.columns(workload.Name)
		if len(columns) == 0 {
			continue
		}
		t := comparisonTable{ID: fmt.Sprintf("workload-%d", len(tables)+1), Columns: columns,
			Workload: Subject{Name: name(workload.Name), Text: sentence(workload.Text)}}
		for _, fault := range c.Faults {
			if group, found := c.group(workload.Name, fault, columns); found {
				t.Groups = append(t.Groups, group)
			}
		}
		tables = append(tables, t)
	}
	return tables
}

func (c Comparison) group(workload string, fault Subject, columns []column) (comparisonGroup, bool) {
	g := comparisonGroup{Fault: Subject{Name: name(fault.Name), Text: sentence(fault.Text), Picture: name(fault.Picture)}}
	found := false
	for _, column := range columns {
		cell := c.cell(workload, fault.Name, column.system, column.world)
		found = found || cell != nil
		g.Cells = append(g.Cells, cell)
	}
	g.Picture = pictogram(fault.Picture)
	g.Rows = append([]comparisonRow{verdictRow(g.Cells)}, numberRows(g.Cells)...)
	return g, found
}

func verdictRow(cells []*Cell) comparisonRow {
	row := comparisonRow{Label: "promises", Verdict: true}
	for _, cell := range cells {
		if cell == nil {
			row.Values = append(row.Values, nothingRan)
			continue
		}
		row.Values = append(row.Values, value{Text: count(cell.Promises).short(), Class: kept(cell.Verdict).Class, Bar: -1, Link: relative(cell.Link)})
	}
	return row
}

// numbers is the measures of one cell.
type numbers []checker.Measure

func numbersOf(cell *Cell) numbers {
	var all numbers
	if cell != nil {
		for _, results := range [][]checker.Result{cell.Promises, cell.Measured} {
			for _, result := range results {
				all = append(all, result.Measures...)
			}
		}
	}
	return all
}

// get is the measure of a name, side and function during the faults, or of the whole run where the
// phases were not told apart.
func (n numbers) get(name, side string, f history.Function) (checker.Measure, bool) {
	for _, phase := range []string{string(history.Faults), ""} {
		for _, m := range n {
			if m.Name == name && m.Side == side && m.Phase == phase && m.Function == f {
				return m, true
			}
		}
	}
	return checker.Measure{}, false
}

// worst is the highest of a measure on any side during the faults.
func (n numbers) worst(name string) (checker.Measure, bool) {
	var worst checker.Measure
	found := false
	for _, m := range n {
		if m.Name == name && m.Phase == string(history.Faults) && (!found || m.Value > worst.Value) {
			worst, found = m, true
		}
	}
	if found {
		return worst, true
	}
	return n.get(name, "", "")
}

// functions are the functions of which a side's success was measured.
func functionsOf(all []numbers, side string) []history.Function {
	var functions []history.Function
	for _, n := range all {
		for _, m := range n {
			if m.Name == "success" && m.Side == side && m.Phase == string(history.Faults) && m.Function != "" &&
				!slices.Contains(functions, m.Function) && len(functions) < 16 {
				functions = append(functions, m.Function)
			}
		}
	}
	slices.SortFunc(functions, compareFunctions)
	return functions
}

// numberRows are the rows that tell what clients saw, weaker sides first; a row that says nothing of
// any system is left out.
func numberRows(cells []*Cell) []comparisonRow {
	var all []numbers
	for _, cell := range cells {
		all = append(all, numbersOf(cell))
	}
	var rows []comparisonRow
	for _, side := range []string{string(checker.Minority), string(checker.CutOff)} {
		for _, f := range functionsOf(all, side) {
			rows = append(rows, rowOf(side+": "+functionWords(f)+" answered", cells, func(n numbers) value { return answered(n, side, f) }))
		}
		if !detailed(all, side) {
			rows = append(rows, rowOf(side+": longest outage", cells, func(n numbers) value { return plain(n.get("longest outage", side, "")) }))
		}
	}
	rows = append(rows,
		rowOf("majority: what is answered least", cells, leastAnswered),
		rowOf("stale answers", cells, func(n numbers) value { return withAge(n, "stale reads", "", "") }),
		rowOf("most out-of-date answer", cells, func(n numbers) value { return plain(n.worst("staleness max")) }),
		rowOf("ghosts listed", cells, func(n numbers) value { return withAge(n, "ghosts", "ghost age max", "oldest") }),
		rowOf("live instances missing", cells, func(n numbers) value { return withAge(n, "missing", "missing longest", "for") }))
	return slices.DeleteFunc(rows, func(row comparisonRow) bool {
		return !slices.ContainsFunc(row.Values, func(v value) bool { return v.Class != "none" })
	})
}

func rowOf(label string, cells []*Cell, read func(numbers) value) comparisonRow {
	row := comparisonRow{Label: label}
	for _, cell := range cells {
		if cell == nil {
			row.Values = append(row.Values, nothingRan)
			continue
		}
		row.Values = append(row.Values, read(numbersOf(cell)))
	}
	return row
}

func plain(m checker.Measure, found bool) value {
	if !found {
		return notMeasured
	}
	return value{Text: valueWords(m), Bar: -1}
}

func ratio(m checker.Measure, found bool) value {
	v := plain(m, found)
	if found && m.Unit == checker.Ratio {
		v.Bar = min(max(int(100*m.Value+0.5), 0), 100)
	}
	return v
}

// answered is the success of a function on a side, and for how long nothing was answered.
func answered(n numbers, side string, f history.Function) value {
	v := ratio(n.get("success", side, f))
	if m, found := n.get("longest outage", side, f); found && v.Class != "none" && m.Value > 0 {
		v.More = "out " + valueWords(m)
	}
	return v
}

// detailed tells whether outages on a side were told apart by function everywhere.
func detailed(all []numbers, side string) bool {
	for _, n := range all {
		for _, f := range functionsOf([]numbers{n}, side) {
			if _, found := n.get("longest outage", side, f); !found {
				return false
			}
		}
	}
	return true
}

// leastAnswered is the function that clients of the majority side were answered least.
func leastAnswered(n numbers) value {
	side := string(checker.Majority)
	least, found := n.get("success", side, "")
	for _, f := range functionsOf([]numbers{n}, side) {
		if m, measured := n.get("success", side, f); measured && (!found || m.Value < least.Value) {
			least, found = m, true
		}
	}
	if !found {
		return notMeasured
	}
	v := answered(n, side, least.Function)
	if least.Function != "" && least.Value < 1 {
		v.Of = functionWords(least.Function)
	}
	return v
}

// withAge is a part and how old its oldest was.
func withAge(n numbers, part, age, words string) value {
	m, found := n.worst(part)
	v := ratio(m, found)
	v.Ill = true
	if longest, measured := n.worst(age); found && measured && longest.Value > 0 {
		v.More = words + " " + valueWords(longest)
	}
	return v
}
