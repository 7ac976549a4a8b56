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

// TerminalComparison writes tables of faults by systems as text of at most 80 columns. It errors
// only if out does.
func TerminalComparison(out io.Writer, comparison Comparison, color bool) error {
	s := &screen{out: out, color: color}
	v := newComparisonView(comparison)
	s.line(s.paint("bold", strings.TrimRight(fit(v.Title, comparisonWidth), " ")))
	s.wrapped(v.Verdicts, 0, comparisonWidth)
	s.wrapped(v.Worlds, 0, comparisonWidth)
	for _, t := range v.Tables {
		for from := 0; from < len(t.Columns); {
			until := together(t.Columns, from)
			s.table(t, from, until)
			from = until
		}
	}
	s.line("")
	s.line(s.paint("bold", "In short: what clients on the minority side saw, during the faults"))
	for _, line := range v.Summary {
		s.wrapped(line.System+" ("+line.Workload+"): "+line.Text, 2, comparisonWidth)
	}
	s.divergence(v.Differ)
	s.changes(v.Changes)
	return s.err
}

// TerminalChanges writes what has changed since an earlier comparison, and nothing else, as text of at most 80 columns; nothing
// if there is none. It errors only if out does.
func TerminalChanges(out io.Writer, comparison Comparison, color bool) error {
	s := &screen{out: out, color: color}
	s.changes(changesOf(comparison))
	return s.err
}

// together is the end of the columns that stand beside each other from a position: as many as fit, but
// the worlds of a system are not torn apart.
func together(columns []column, from int) int {
	until := min(from+mostColumns, len(columns))
	if until == len(columns) || columns[until-1].system != columns[until].system {
		return until
	}
	for cut := until - 1; cut > from; cut-- {
		if columns[cut-1].system != columns[cut].system {
			return cut
		}
	}
	return until
}

// table writes a table for some of its columns.
func (s *screen) table(t comparisonTable, from, until int) {
	s.line("")
	width := min((comparisonWidth-labelColumn)/(until-from), widestColumn)
	head, places := fit(t.Workload.Name+", during the faults", labelColumn), ""
	for _, column := range t.Columns[from:until] {
		head += " " + columnOf(column.Name, width-1)
		places += " " + columnOf(column.Place, width-1)
	}
	s.line(s.paint("bold", head))
	if strings.TrimSpace(places) != "" {
		s.line(strings.Repeat(" ", labelColumn) + places)
	}
	for _, group := range t.Groups {
		title, whole := "-- "+group.Fault.Name+" ", labelColumn+width*(until-from)
		s.line(s.paint("bold", fit(title+strings.Repeat("-", max(whole-cells(title), 0)), whole)))
		for _, row := range group.Rows {
			line := fit("  "+row.Label, labelColumn)
			for _, value := range row.Values[from:until] {
				text := value.Text
				if value.More != "" {
					text += ", " + value.More
				}
				line += " " + s.paint(value.Class, columnOf(text, width-1))
			}
			s.line(line)
		}
	}
}

// The columns of what differs between worlds, on a terminal.
const (
	differColumn = 36
	worldColumn  = 14
	apartColumn  = 16
)

// divergence writes what differs between worlds; what is alike is only counted.
func (s *screen) divergence(d *divergence) {
	if d == nil {
		return
	}
	s.line("")
	s.line(s.paint("bold", "Where the worlds differ"))
	s.wrapped(d.Lead, 2, comparisonWidth)
	s.wrapped(d.Rule, 2, comparisonWidth)
	for _, part := range d.Parts {
		s.line("")
		s.wrapped(part.Title+", "+part.Worlds[0]+" and "+part.Worlds[1]+": "+part.Text, 2, comparisonWidth)
		if len(part.Differing) == 0 {
			continue
		}
		s.line(s.paint("bold", strings.Repeat(" ", differColumn)+" "+columnOf(part.Worlds[0], worldColumn-1)+
			" "+columnOf(part.Worlds[1], worldColumn-1)+" "+columnOf("difference", apartColumn-1)))
		for i, row := range part.Differing {
			if i == mostDiffering {
				s.line("    " + plural(len(part.Differing)-i, "further difference is", "further differences are") + " on the page.")
				break
			}
			s.differing(row)
		}
	}
	s.wrapped(d.Cut, 2, comparisonWidth)
}

// mostDiffering is how many differences of one system and workload a terminal shows.
const mostDiffering = 24

func (s *screen) differing(row divergingRow) {
	if row.First {
		s.line("  " + strings.TrimSpace(fit(row.Fault, comparisonWidth-2)))
	}
	line := fit("    "+row.Label, differColumn)
	for _, v := range row.Values {
		line += " " + s.paint(v.Class, columnOf(v.Text, worldColumn-1))
	}
	s.line(line + " " + columnOf(row.Difference, apartColumn-1))
}

// changes writes what has changed since an earlier comparison, regressions first.
func (s *screen) changes(c *changes) {
	if c == nil {
		return
	}
	s.line("")
	s.line(s.paint("bold", "What has changed"))
	s.wrapped(c.Lead, 2, comparisonWidth)
	s.wrapped(c.Rule, 2, comparisonWidth)
	left := 0
	for _, direction := range []direction{worse, moved, better} {
		shown := 0
		for _, run := range c.Runs {
			for _, row := range run.Rows {
				switch {
				case row.direction != direction:
				case shown == mostDiffering:
					left++
				default:
					shown++
					s.changed(run, row)
				}
			}
		}
	}
	if left > 0 {
		s.line("    " + plural(left, "further change is", "further changes are") + " on the page.")
	}
	for _, note := range append(c.Notes, c.Cut) {
		s.wrapped(note, 2, comparisonWidth)
	}
}

func (s *screen) changed(run changedRun, row changedRow) {
	s.line("  " + s.paint(row.Class, fit(row.Icon+" "+row.Word, 13)) + strings.TrimSpace(fit(run.Title+": "+row.Label, comparisonWidth-15)))
	s.line(strings.Repeat(" ", 17) + strings.TrimSpace(fit(row.Before.Text+" -> "+row.Now.Text+", "+row.Difference, comparisonWidth-17)))
}
