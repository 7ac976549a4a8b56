package reports

import (
	"fmt"
	"slices"

	"cleave/checker"
)

// Against is an earlier comparison, or a single run, that a Comparison is set beside.
type Against struct {
	Folder  string
	Version string // that made it, "" if several did
	Cells   []Cell
	Margin  Margin
}

// Margin is what numbers may move by without being told of.
type Margin struct {
	Points float64 // of shares, in hundredths
	Factor float64 // of lengths of time and of counts, from 1
}

// What a length of time or a count must have moved by besides, so that small ones are not told of.
const (
	smallestMilliseconds = 100
	smallestCount        = 2
)

func (m Margin) limits() limits {
	return limits{points: m.Points / 100, factor: m.Factor, milliseconds: smallestMilliseconds, count: smallestCount}
}

// words say what the margin is.
func (m Margin) words() string {
	return fmt.Sprintf("A promise has changed if its verdict has. Of numbers, those are shown that have moved by more than the margin: shares by more than "+
		"%g points; lengths of time by more than a factor of %g and by more than %d ms; counts by more than a factor of %g and by more than %d. "+
		"A change for the worse is a regression. These are plain limits, not a test of significance: each is one run beside one run.",
		m.Points, m.Factor, smallestMilliseconds, m.Factor, smallestCount)
}

// Regressions is how much has become worse since the earlier comparison: verdicts of promises, and numbers by more than the
// margin. It is 0 where there is none to set it beside.
func Regressions(comparison Comparison) int {
	c := changesOf(comparison)
	if c == nil {
		return 0
	}
	return c.regressions
}

// direction is whether a change is for the better.
type direction int

const (
	moved direction = iota // nobody can say
	better
	worse
)

// mark is how a direction is shown.
func (d direction) mark() mark {
	return []mark{{"unsure", "≠", "moved"}, {"good", "✓", "better"}, {"bad", "✗", "REGRESSION"}}[d]
}

// changes are what differs from an earlier comparison.
type changes struct {
	Lead, Rule  string
	Runs        []changedRun
	Notes       []string // which runs have nothing to be set beside
	Cut         string
	regressions int
}

// changedRun is one run in which something has changed.
type changedRun struct {
	Title, Link string
	Rows        []changedRow
}

// changedRow is a promise or a number, before and now.
type changedRow struct {
	mark
	Label       string
	Before, Now value
	Difference  string
	direction   direction
}

// The most that a page shows of changes.
const (
	mostChangedRuns = 200
	mostChangedRows = 60 // of one run
)

// changesOf sets a comparison beside the earlier one; nil if there is none.
func changesOf(c Comparison) *changes {
	if c.Against == nil {
		return nil
	}
	all := &changes{Rule: c.Against.Margin.words()}
	var counts [3]int
	compared, same, fresh, hidden, unknown := 0, 0, 0, 0, 0
	for i := range c.Cells {
		now := &c.Cells[i]
		before := c.Against.cell(now, c)
		if before == nil {
			fresh++
			continue
		}
		compared++
		numbers, added := changedNumbers(before, now, c.Against.Margin.limits())
		unknown += added
		rows := append(changedPromises(before, now), numbers...)
		for _, row := range rows {
			counts[row.direction]++
		}
		switch {
		case len(rows) == 0:
			same++
		case len(all.Runs) == mostChangedRuns:
			hidden++
		default:
			all.Runs = append(all.Runs, changedRun{Title: c.title(now), Link: relative(now.Link), Rows: rows[:min(len(rows), mostChangedRows)]})
			if extra := len(rows) - mostChangedRows; extra > 0 {
				all.Notes = append(all.Notes, fmt.Sprintf("%s: %s not shown.", c.title(now), plural(extra, "further change is", "further changes are")))
			}
		}
	}
	all.regressions = counts[worse]
	parts := []string{plural(counts[worse], "regression", "regressions"), plural(counts[better], "change", "changes") + " for the better"}
	if counts[moved] > 0 {
		parts = append(parts, plural(counts[moved], "thing", "things")+" that moved without being either")
	}
	all.Lead = fmt.Sprintf("Set beside %s%s: %s; %s of %s as before.", sentence(c.Against.Folder), c.Against.made(), list(parts), counted(same),
		plural(compared, "run is", "runs are"))
	if fresh > 0 {
		all.Notes = append(all.Notes, plural(fresh, "run has", "runs have")+
			" nothing to be set beside: the earlier comparison has no run of the same plan that ended.")
	}
	if unknown > 0 {
		all.Notes = append(all.Notes, plural(unknown, "number was", "numbers were")+" not measured before, and can be set beside nothing.")
	}
	if gone := c.Against.gone(c); gone > 0 {
		all.Notes = append(all.Notes, plural(gone, "run of the earlier comparison was", "runs of the earlier comparison were")+" not made now.")
	}
	if hidden > 0 {
		all.Cut = plural(hidden, "further run has", "further runs have") + " changed and are not shown, but counted above."
	}
	return all
}

// made says by which version.
func (a *Against) made() string {
	if a.Version == "" {
		return ""
	}
	return ", made by version " + name(a.Version)
}

// title names a run.
func (c Comparison) title(cell *Cell) string {
	text := name(cell.System) + ", " + name(cell.Workload) + ", " + name(cell.Fault)
	if len(c.worlds()) > 1 {
		text += " " + worldPlace(c.world(cell))
	}
	return text
}

// cell is the earlier run of the same plan, nil if there is none.
func (a *Against) cell(now *Cell, c Comparison) *Cell {
	at := slices.IndexFunc(a.Cells, func(before Cell) bool { return samePlace(&before, now, c) })
	if at < 0 {
		return nil
	}
	return &a.Cells[at]
}

// gone is how many earlier runs have no counterpart.
func (a *Against) gone(c Comparison) int {
	gone := 0
	for i := range a.Cells {
		if !slices.ContainsFunc(c.Cells, func(now Cell) bool { return samePlace(&a.Cells[i], &now, c) }) {
			gone++
		}
	}
	return gone
}

func samePlace(before, now *Cell, c Comparison) bool {
	return before.System == now.System && before.Workload == now.Workload && before.Fault == now.Fault && c.world(before) == c.world(now)
}

// changedPromises are the promises whose verdicts are others than they were.
func changedPromises(before, now *Cell) []changedRow {
	var rows []changedRow
	for _, pair := range pairedPromises(before, now) {
		was, is := pair[0], pair[1]
		row := changedRow{Difference: "another verdict", Before: verdictValue(was), Now: verdictValue(is)}
		switch {
		case was == nil:
			row.Label, row.Difference, row.direction = promiseWords(*is), "judged for the first time", moved
			if is.Verdict == checker.Invalid {
				row.direction = worse
			}
		case is == nil:
			row.Label, row.Difference, row.direction = promiseWords(*was), "not judged any more", worse
			if was.Verdict != checker.Valid {
				row.direction = moved
			}
		case kept(was.Verdict) == kept(is.Verdict):
			continue
		default:
			row.Label, row.direction = promiseWords(*is), better
			if is.Verdict.Worse(was.Verdict) == is.Verdict {
				row.direction = worse
			}
		}
		row.mark = row.direction.mark()
		rows = append(rows, row)
	}
	return rows
}

// pairedPromises are all promises of two runs, the same ones together; nil where one has none.
func pairedPromises(before, now *Cell) [][2]*checker.Result {
	type key struct{ checker, promise string }
	place := map[key]int{}
	var pairs [][2]*checker.Result
	for side, results := range [][]checker.Result{before.Promises, now.Promises} {
		for i := range results {
			k := key{results[i].Checker, results[i].Promise}
			at, known := place[k]
			if !known {
				at = len(pairs)
				place[k] = at
				pairs = append(pairs, [2]*checker.Result{})
			}
			if pairs[at][side] == nil {
				pairs[at][side] = &results[i]
			}
		}
	}
	return pairs
}

// higherIsBetter are the measures of which that is so; of the other main measures less is better.
var higherIsBetter = []string{"success", "calls reached", "calls reached with a retry"}

// neutralMeasures are neither better nor worse when they move.
var neutralMeasures = []string{"protections entered", "protections left", "ghosts kept", "calls that could reach"}

// changedNumbers are the main measures that have moved by more than the margin, or that are not measured any more; and how many
// are new.
func changedNumbers(before, now *Cell, margin limits) (rows []changedRow, added int) {
	for _, p := range pairings(numbersOf(before), numbersOf(now)) {
		row := changedRow{Label: p.Label, Before: plain(p.one, p.inOne), Now: plain(p.other, p.inOther)}
		switch {
		case !p.inOther:
			row.Difference = "not measured any more"
		case !p.inOne:
			added++
			continue
		default:
			far := false
			if row.Difference, far = margin.difference(p.one, p.other); !far {
				continue
			}
			row.direction = p.direction()
		}
		row.mark = row.direction.mark()
		rows = append(rows, row)
	}
	return rows, added
}

// direction is whether a number that has moved is better than it was.
func (p pairing) direction() direction {
	switch {
	case slices.Contains(neutralMeasures, p.name):
		return moved
	case (p.other.Value > p.one.Value) == slices.Contains(higherIsBetter, p.name):
		return better
	}
	return worse
}
