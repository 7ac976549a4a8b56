package reports

import (
	"io"
	"strings"
)

// The columns of the table of a comparison on a terminal.
const (
	labelColumn  = 37
	systemColumn = 21 // at least
	widestColumn = 30
	mostColumns  = (comparisonWidth - labelColumn) / systemColumn
)

// TerminalComparison writes tables of faults by systems as text of at most 100 columns. It errors
// only if out does.
func TerminalComparison(out io.Writer, comparison Comparison, color bool) error {
	s := &screen{out: out, color: color}
	v := newComparisonView(comparison)
	s.line(s.paint("bold", strings.TrimRight(fit(v.Title, comparisonWidth), " ")))
	s.wrapped(v.Verdicts, 0, comparisonWidth)
	for _, t := range v.Tables {
		for from := 0; from < len(t.Systems); from += mostColumns {
			s.table(t, from, min(from+mostColumns, len(t.Systems)))
		}
	}
	s.line("")
	s.line(s.paint("bold", "In short, during the faults"))
	for _, line := range v.Summary {
		s.wrapped(line.System+" ("+line.Workload+"): "+line.Text, 2, comparisonWidth)
	}
	return s.err
}

// table writes a table for some of its systems.
func (s *screen) table(t comparisonTable, from, until int) {
	s.line("")
	column := min((comparisonWidth-labelColumn)/(until-from), widestColumn)
	head := fit(t.Workload.Name+", during the faults", labelColumn)
	for _, system := range t.Systems[from:until] {
		head += " " + columnOf(system, column-1)
	}
	s.line(s.paint("bold", head))
	for _, group := range t.Groups {
		title, width := "-- "+group.Fault.Name+" ", labelColumn+column*(until-from)
		s.line(s.paint("bold", fit(title+strings.Repeat("-", max(width-cells(title), 0)), width)))
		for _, row := range group.Rows {
			line := fit("  "+row.Label, labelColumn)
			for _, value := range row.Values[from:until] {
				text := value.Text
				if value.More != "" {
					text += ", " + value.More
				}
				line += " " + s.paint(value.Class, columnOf(text, column-1))
			}
			s.line(line)
		}
	}
}
