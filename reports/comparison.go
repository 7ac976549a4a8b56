package reports

import (
	"fmt"
	"html/template"
	"io"

	"cleave/checker"
)

// Subject is a system, workload or fault of a Comparison.
type Subject struct {
	Name    string
	Text    string // one sentence that says what it is
	Picture string // of a fault: who sees whom, e.g. "n1 n2 | n3 n4 n5"; "" if there is no picture
}

// Cell is one run of a Comparison.
type Cell struct {
	System, Workload, Fault string // names of Subjects
	World                   string // "sim" or "docker"; the first of Worlds if it is ""
	Link                    string // relative link to the page of the run, "" if there is none
	Verdict                 checker.Verdict
	Promises, Measured      []checker.Result
	Seed                    uint64
	Replay                  string  // the command line that runs it again
	Course                  *Course // what it was like over time; nil if nobody kept that
}

// Comparison is all that the page comparing many runs shows. Tables, columns and rows come in the
// order of Workloads, Systems and Faults, and each system has a column for every world in which it ran;
// a cell that names none of them is not shown, and the page says so.
type Comparison struct {
	Title, Version, Command    string
	Seed                       uint64
	Systems, Workloads, Faults []Subject
	Worlds                     []string // in which the runs were, in order; none is simulation alone
	Cells                      []Cell
	Against                    *Against // an earlier comparison to be set beside; nil for none
	Calls                      *Callers // what a service's callers would have got over many seeds; nil if that is not known
}

// WriteComparison writes the page that sets systems side by side: a single HTML file without script
// or outside reference. It errors only if out does.
func WriteComparison(out io.Writer, comparison Comparison) error {
	v := newComparisonView(comparison)
	v.Glances, v.Callers = glancesOf(v.Tables), callersOf(v.Tables)
	v.Courses, v.NotDrawn = sidesOf(comparison.bounded())
	if comparison.Calls != nil {
		v.Answer = answerWithPicture(*comparison.Calls, comparison.bounded().Faults)
	}
	return write(out, "comparison.html", v)
}

// comparisonView is the page as data; every text in it is clean.
type comparisonView struct {
	Style    template.CSS
	Title    string
	Verdicts string
	Worlds   string // in which the runs were, "" for simulation alone
	Command  string
	Systems  []Subject
	Summary  []summary
	Tables   []comparisonTable
	Glances  []glance
	Callers  []callers // none unless calls were measured
	Answer   *answer   // nil unless calls were counted over many seeds
	Courses  []sideBySide
	NotDrawn string      // how many of them there is no room for
	Differ   *divergence // nil unless something ran in two worlds
	Changes  *changes    // nil unless it is set beside an earlier one
	Replays  []replayRow
	Footer   []Option
	Cut      string
}

// replayRow is a run in the list of all runs.
type replayRow struct {
	mark
	Run, Link, Replay string
	Seed              uint64
}

// The most subjects of each sort that a comparison shows.
const (
	mostSystems   = 12
	mostWorkloads = 20
	mostFaults    = 100
)

// bounded has no more subjects than are shown.
func (c Comparison) bounded() Comparison {
	c.Systems = c.Systems[:min(len(c.Systems), mostSystems)]
	c.Workloads = c.Workloads[:min(len(c.Workloads), mostWorkloads)]
	c.Faults = c.Faults[:min(len(c.Faults), mostFaults)]
	c.Worlds = c.Worlds[:min(len(c.Worlds), mostWorlds)]
	return c
}

func newComparisonView(c Comparison) comparisonView {
	c = c.bounded()
	v := comparisonView{Style: style() + sheet("comparison.css"), Title: name(c.Title), Command: clean(c.Command, 4000),
		Verdicts: verdictsOf(c), Worlds: worldsOf(c),
		Summary: summaryOf(c), Tables: tablesOf(c), Differ: divergenceOf(c), Changes: changesOf(c),
		Footer: []Option{{"cleave", name(c.Version)}, {"seed", fmt.Sprint(c.Seed)}}}
	for _, system := range c.Systems {
		v.Systems = append(v.Systems, Subject{Name: name(system.Name), Text: sentence(system.Text)})
	}
	shown := 0
	for _, t := range v.Tables {
		for _, group := range t.Groups {
			for i, cell := range group.Cells {
				if cell == nil {
					continue
				}
				shown++
				v.Replays = append(v.Replays, replayRow{mark: ofVerdict(cell.Verdict), Link: relative(cell.Link), Seed: cell.Seed,
					Run: t.Workload.Name + ", " + group.Fault.Name + ", " + t.Columns[i].Title(), Replay: clean(cell.Replay, 1000)})
			}
		}
	}
	if hidden := len(c.Cells) - shown; hidden > 0 {
		v.Cut = plural(hidden, "run is", "runs are") + " not shown, for want of room or because another run has the same place."
	}
	return v
}

// verdictsOf counts the runs by verdict, in words.
func verdictsOf(c Comparison) string {
	by := map[checker.Verdict]int{}
	for _, cell := range c.Cells {
		by[cell.Verdict]++
	}
	runs, besides := plural(len(c.Cells), "run", "runs"), ""
	if c.Calls != nil {
		runs += fmt.Sprintf(" of seed %d", c.Seed)
		besides = fmt.Sprintf(" All that is shown here is of these runs alone, but for who serves callers better, which is of %s.", c.Calls.seeds())
	}
	return fmt.Sprintf("%s: %d valid (every promise kept), %d invalid (a promise BROKEN), %d unknown.%s", runs,
		by[checker.Valid], by[checker.Invalid], len(c.Cells)-by[checker.Valid]-by[checker.Invalid], besides)
}

// ofVerdict is the verdict of a whole run.
func ofVerdict(v checker.Verdict) mark {
	m := kept(v)
	m.Word = map[string]string{"good": "valid", "bad": "INVALID", "unsure": "unknown"}[m.Class]
	return m
}
