package reports

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// The columns of what callers get, on a terminal: a system, a bar of 100 calls, and numbers.
const (
	callersName = 28
	callersBar  = 30
)

// TerminalCallers writes what a service's callers would have got as bars of at most 80 columns, fault by fault and side by
// side, with who gave most. It errors only if out does.
//
//	minority side: AP (AP 57, hybrid 38, CP 4)
//	  cpstore                   |#.                            |   2 /   4  2–5
//	  apregistry                |#########++++++++.....        |  30 /  56  41–72
func TerminalCallers(out io.Writer, callers Callers, color bool) error {
	s := &screen{out: out, color: color}
	a := answerOf(callers, nil)
	s.line(s.paint("bold", "Which calls of a service would have reached a live instance"))
	s.wrapped(a.Rule, 0, comparisonWidth)
	s.wrapped("Bars: # at the first address, + with a retry, . in the best seed. Numbers: of 100, without / with a retry; worst and best seed.",
		0, comparisonWidth)
	for i, fault := range callers.faults() {
		s.line("")
		title := "-- " + a.Faults[i].Fault.Name + " "
		s.line(s.paint("bold", fit(title+strings.Repeat("-", max(comparisonWidth-cells(title), 0)), comparisonWidth)))
		for k, side := range a.sides {
			row := callers.row(fault, side)
			if row == nil || side != "" && !callers.divided(fault) {
				continue
			}
			best := a.Faults[i].Cells[k].Retried
			s.line(s.paint("bold", strings.TrimRight(fit(a.Sides[k]+": "+best.Most+" ("+best.Numbers+")", comparisonWidth), " ")))
			s.lanes(&callers, row)
		}
	}
	return s.err
}

// divided tells whether there were callers on more than one side.
func (c *Callers) divided(fault string) bool {
	sides := 0
	for _, row := range c.Rows {
		if row.Phase == amid && row.Fault == fault {
			sides++
		}
	}
	return sides > 2
}

// lanes writes a bar for each system.
func (s *screen) lanes(c *Callers, row *CallersRow) {
	for i, column := range c.Columns {
		if i >= len(row.Cells) || len(row.Cells[i].Seeds) == 0 {
			continue
		}
		cell := &row.Cells[i]
		first, again := cell.median(reached), cell.median(retried)
		_, most := cell.limits(retried)
		bar := strings.Repeat("#", length(first)) + strings.Repeat("+", max(length(again)-length(first), 0))
		bar += strings.Repeat(".", max(length(most)-len(bar), 0))
		s.line(fmt.Sprintf("  %s|%-*s| %3.0f / %3.0f  %s", fit(column.title(), callersName-2), callersBar, bar, 100*first, 100*again, cell.spread()))
	}
}

// length is that of a bar for a share.
func length(share float64) int { return int(math.Round(callersBar * min(max(share, 0), 1))) }
