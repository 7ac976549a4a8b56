package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cleave/checker"
)

// answer is for which failures which kind of system gives a service's callers more successful calls: in words, as a picture,
// and as tables.
type answer struct {
	Rule    string
	Sides   []string // where callers stood, in words; only where some did
	Faults  []answerFault
	Marks   []answerMark
	Picture *drawing
	Tables  []table
	File    string // with all tables, beside the page
	Command string

	sides []string // the same as Callers has them
}

// answerFault is the answer for one failure.
type answerFault struct {
	Fault   Subject
	Picture *drawing
	Cells   []answerCell // by side
}

// answerCell is the answer for the callers of one side; nobody was there if it is not found.
type answerCell struct {
	Found            bool
	Retried, Reached ranking
}

// ranking is which kinds give most, and what each gives at its best.
type ranking struct {
	Most    string // e.g. "hybrid", "CP and hybrid", "all alike"
	Numbers string // e.g. "hybrid 83, CP 80, AP 77"
}

// callersSides are the sides, and what they are in words.
var callersSides = []struct{ side, words string }{{"", "all callers"}, {string(checker.Majority), "majority side"},
	{string(checker.Minority), "minority side"}, {string(checker.CutOff), "cut off"}}

// answerOf answers for the failures of a comparison; what they are like is told by subjects, for those that have one.
func answerOf(c Callers, subjects []Subject) *answer {
	c.Columns = c.Columns[:min(len(c.Columns), 2*mostSystems)]
	a := &answer{File: CallersFile, Command: clean(c.Command, 4000), Rule: fmt.Sprintf("Who gives callers most, of 100 calls, with a retry at the next "+
		"address: medians over %s, each kind at its best. One is ahead of another if it gave more, by over a point, in at least three of four seeds; "+
		"those that are not behind the best are named together.", c.seeds())}
	for _, side := range callersSides {
		if slices.ContainsFunc(c.Rows, func(row CallersRow) bool { return row.Phase == amid && row.Side == side.side }) {
			a.sides, a.Sides = append(a.sides, side.side), append(a.Sides, side.words)
		}
	}
	for _, fault := range c.faults() {
		one := answerFault{Fault: Subject{Name: name(fault)}}
		if at := slices.IndexFunc(subjects, func(subject Subject) bool { return subject.Name == fault }); at >= 0 {
			one.Fault.Text, one.Picture = sentence(subjects[at].Text), pictogram(subjects[at].Picture)
		}
		for _, side := range a.sides {
			cell := answerCell{}
			if row := c.row(fault, side); row != nil {
				cell = answerCell{Found: true, Retried: c.rank(row, retried), Reached: c.rank(row, reached)}
			}
			one.Cells = append(one.Cells, cell)
		}
		a.Faults = append(a.Faults, one)
	}
	return a
}

// faults are those that anybody was put under, in order.
func (c *Callers) faults() (all []string) {
	for _, row := range c.Rows {
		if row.Phase == amid && !slices.Contains(all, row.Fault) && len(all) < mostFaults {
			all = append(all, row.Fault)
		}
	}
	return all
}

// row is that of the callers of a side amid a fault; nil if there is none.
func (c *Callers) row(fault, side string) *CallersRow {
	for i := range c.Rows {
		if row := &c.Rows[i]; row.Phase == amid && row.Fault == fault && row.Side == side {
			return row
		}
	}
	return nil
}

// kind is what a column is an example of, in words.
func (c CallersColumn) kind() string {
	switch c.Kind {
	case "CP+cache":
		return "hybrid"
	case "":
		return name(c.System)
	}
	return name(c.Kind)
}

// contender is one kind of system, in a ranking.
type contender struct {
	kind string
	best *CallersCell // that of its columns which gave most
	all  []*CallersCell
}

// rank finds out which kinds give most.
func (c *Callers) rank(row *CallersRow, of func(CallersSeed) float64) ranking {
	var kinds []contender
	for i, column := range c.Columns {
		if i >= len(row.Cells) || len(row.Cells[i].Seeds) == 0 {
			continue
		}
		cell := &row.Cells[i]
		at := slices.IndexFunc(kinds, func(one contender) bool { return one.kind == column.kind() })
		if at < 0 {
			at, kinds = len(kinds), append(kinds, contender{kind: column.kind(), best: cell})
		}
		kinds[at].all = append(kinds[at].all, cell)
		if cell.median(of) > kinds[at].best.median(of) {
			kinds[at].best = cell
		}
	}
	slices.SortStableFunc(kinds, func(one, other contender) int { return cmp.Compare(other.best.median(of), one.best.median(of)) })
	var most, numbers []string
	for _, one := range kinds {
		numbers = append(numbers, fmt.Sprintf("%s %.0f", one.kind, 100*one.best.median(of)))
		if slices.ContainsFunc(one.all, func(cell *CallersCell) bool { return !kinds[0].best.ahead(cell, of) }) {
			most = append(most, one.kind)
		}
	}
	r := ranking{Most: list(most), Numbers: strings.Join(numbers, ", ")}
	switch {
	case len(kinds) == 0:
	case kinds[0].best.median(of) == 0:
		r.Most = "none"
	case len(kinds) > 1 && len(most) == len(kinds):
		r.Most = "all alike"
	}
	return r
}

// ahead tells whether one gave more than another by over a point, of 100, in at least three of four of the seeds that both have:
// the schedules of a seed are the same for all.
func (c *CallersCell) ahead(other *CallersCell, of func(CallersSeed) float64) bool {
	both, more := 0, 0
	for i, j := 0, 0; i < len(c.Seeds) && j < len(other.Seeds); {
		one, another := c.Seeds[i], other.Seeds[j]
		switch {
		case one.Seed < another.Seed:
			i++
		case one.Seed > another.Seed:
			j++
		default:
			i, j, both = i+1, j+1, both+1
			if of(one)-of(another) > 0.01 {
				more++
			}
		}
	}
	return both > 0 && 4*more >= 3*both
}
