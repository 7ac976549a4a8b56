package reports

import (
	"cleave/checker"
	"cleave/history"
)

// glance is a workload at a glance: faults by systems, with the verdict on the promises and the two numbers that decide between
// consistency and availability.
type glance struct {
	Workload string
	Columns  []column
	Truth    string // what the second number is
	Rows     []glanceRow
}

// glanceRow is one fault.
type glanceRow struct {
	Fault string
	Cells []glanceCell
}

// glanceCell is one run.
type glanceCell struct {
	Ran             bool
	Verdict         value
	Answered, Wrong value
}

// glancesOf are the workloads of which anything ran.
func glancesOf(tables []comparisonTable) []glance {
	var all []glance
	for _, t := range tables {
		g := glance{Workload: t.Workload.Name, Columns: t.Columns, Truth: "out of date by"}
		for _, group := range t.Groups {
			row := glanceRow{Fault: group.Fault.Name}
			for _, cell := range group.Cells {
				one := glanceCell{Ran: cell != nil}
				if cell != nil {
					n := numbersOf(cell)
					one.Verdict = verdictRow([]*Cell{cell}).Values[0]
					one.Answered = ratio(n.get("success", string(checker.Minority), ""))
					one.Wrong = plain(n.worst("staleness max"))
					if ghosts, found := n.worst("ghosts"); found {
						g.Truth = "dead of those listed"
						one.Wrong = ratio(ghosts, true)
						one.Wrong.Ill = true
					}
				}
				row.Cells = append(row.Cells, one)
			}
			g.Rows = append(g.Rows, row)
		}
		all = append(all, g)
	}
	return all
}

// callers says of a workload which calls would have reached a live instance.
type callers struct {
	Workload string
	Columns  []column
	Rows     []callersRow
}

// callersRow is where consumers stood, and when.
type callersRow struct {
	Fault  string
	Span   int // rows of the same fault from here; 0 for all but the first
	Where  string
	Shares []callersShare // by column
}

// callersShare is of the calls of one system; First and Retry are percents for the bar.
type callersShare struct {
	Found        bool
	First, Retry int
	Text, Most   string // Text is at the first try / with a retry; Most is what nobody could do better than, "" if it is all
}

// The places and times of which calls are told.
var callersPlaces = []struct {
	words, side string
	phase       history.Phase
}{
	{"majority, during the faults", string(checker.Majority), history.Faults},
	{"minority, during the faults", string(checker.Minority), history.Faults},
	{"cut off, during the faults", string(checker.CutOff), history.Faults},
	{"all, after the heal", "", history.Quiet},
}

// callersOf are the workloads of which calls were measured.
func callersOf(tables []comparisonTable) []callers {
	var all []callers
	for _, t := range tables {
		c := callers{Workload: t.Workload.Name, Columns: t.Columns}
		for _, group := range t.Groups {
			first := len(c.Rows)
			for _, place := range callersPlaces {
				row, found := callersRow{Where: place.words}, false
				for _, cell := range group.Cells {
					share := shareOf(numbersOf(cell), place.side, place.phase)
					found = found || share.Found
					row.Shares = append(row.Shares, share)
				}
				if found {
					c.Rows = append(c.Rows, row)
				}
			}
			if len(c.Rows) > first {
				c.Rows[first].Fault, c.Rows[first].Span = group.Fault.Name, len(c.Rows)-first
			}
		}
		if len(c.Rows) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// shareOf is the part of calls that reached a live instance, of those by consumers that look into their cache when no server
// answers; of those that only ask, where there is no cache.
func shareOf(n numbers, side string, phase history.Phase) callersShare {
	for _, f := range []history.Function{"", history.Lookup} {
		first, found := n.at("calls reached", side, phase, f)
		if !found {
			continue
		}
		share := callersShare{Found: true, First: ratio(first, true).Bar, Text: percent(first.Value)}
		share.Retry = share.First
		if retried, measured := n.at("calls reached with a retry", side, phase, f); measured {
			share.Retry = max(ratio(retried, true).Bar, share.First)
			share.Text += " / " + percent(retried.Value)
		}
		if possible, measured := n.at("calls that could reach", side, phase, f); measured && possible.Value < 1 {
			share.Most = "of " + percent(possible.Value) + " that could"
		}
		return share
	}
	return callersShare{}
}

// at is a measure in one phase.
func (n numbers) at(name, side string, phase history.Phase, f history.Function) (checker.Measure, bool) {
	for _, m := range n {
		if m.Name == name && m.Side == side && m.Phase == string(phase) && m.Function == f {
			return m, true
		}
	}
	return checker.Measure{}, false
}
