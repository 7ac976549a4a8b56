package reports

import (
	"cmp"
	"fmt"
	"html/template"
	"io"
	"slices"
)

// Kills is the track record of planted bugs: which checker found which, in how many runs.
type Kills struct {
	Version string
	Seeds   int // that each bug was hunted with
	Bugs    []Kill
}

// Kill is one planted bug.
type Kill struct {
	System, Bug, Breaks, Workload, Faults string
	Expected                              string // the checker that is to find it
	Found                                 int    // runs in which that one did
	First, Median, Items                  string // the first seed, seeds from find to find, faults and operations before and after shrinking
	Seen                                  []Seen // all checkers that said invalid
}

// Seen is a checker, and in how many runs of a bug it said invalid.
type Seen struct {
	Checker string
	Runs    int
}

// WriteKills writes the page of the kill matrix: a single HTML file without script or outside reference. It errors only if out
// does.
func WriteKills(out io.Writer, kills Kills) error {
	return write(out, "kills.html", newKillsView(kills))
}

// killsView is the page as data; every text in it is clean.
type killsView struct {
	Style  template.CSS
	Title  string
	Banner banner
	Matrix heatMap
	Rows   []killRow
	Cut    string
	Footer []Option
}

// killRow is a bug in the list of all.
type killRow struct {
	mark
	Kill
	Often string
}

// mostKills is how many bugs the page shows.
const mostKills = 500

func newKillsView(kills Kills) killsView {
	v := killsView{Style: style() + sheet("sweep.css"), Title: "Planted bugs: the kill matrix", Footer: []Option{{"cleave", name(kills.Version)}}}
	found := 0
	for i, kill := range kills.Bugs {
		row := killRow{mark: mark{"bad", "✗", "survives"}, Often: fmt.Sprintf("%d of %d", kill.Found, kills.Seeds), Kill: Kill{System: name(kill.System),
			Bug: name(kill.Bug), Breaks: sentence(kill.Breaks), Workload: name(kill.Workload), Faults: name(kill.Faults), Expected: name(kill.Expected),
			First: name(kill.First), Median: name(kill.Median), Items: name(kill.Items)}}
		if kill.Found > 0 {
			found++
			row.mark = mark{"good", "✓", "found"}
		}
		if i < mostKills {
			v.Rows = append(v.Rows, row)
		}
	}
	if extra := len(kills.Bugs) - mostKills; extra > 0 {
		v.Cut = plural(extra, "further bug is", "further bugs are") + " not shown, but counted above."
	}
	all := plural(len(kills.Bugs), "planted bug", "planted bugs")
	v.Banner = banner{Class: "good", Icon: "✓", Word: "ALL FOUND", Headline: all + ", each by the checker that is to find it"}
	if found < len(kills.Bugs) || found == 0 {
		v.Banner = banner{Class: "bad", Icon: "✗", Word: "NOT ALL FOUND", Headline: counted(found) + " of " + all}
	}
	v.Matrix = killMatrix(kills)
	return v
}

// killMatrix has a row for each bug and a column for each checker that found any, the one that found most first.
func killMatrix(kills Kills) heatMap {
	finds := map[string]int{}
	var checkers []string
	for _, kill := range kills.Bugs {
		for _, seen := range kill.Seen {
			if finds[seen.Checker]++; finds[seen.Checker] == 1 {
				checkers = append(checkers, seen.Checker)
			}
		}
	}
	slices.SortFunc(checkers, func(a, b string) int { return cmp.Or(finds[b]-finds[a], cmp.Compare(a, b)) })
	m := heatMap{Title: fmt.Sprintf("In how many of %d runs each checker said invalid", kills.Seeds), Head: "system, bug"}
	if extra := len(checkers) - mostHeatColumns; extra > 0 {
		checkers = checkers[:mostHeatColumns]
		m.Cut = plural(extra, "further checker is", "further checkers are") + " not shown."
	}
	group := heatGroup{Title: "checker"}
	for _, checker := range checkers {
		group.Columns = append(group.Columns, name(checker))
	}
	m.Groups = []heatGroup{group}
	for _, kill := range kills.Bugs[:min(len(kills.Bugs), mostKills)] {
		row := heatRow{Title: name(kill.System) + ", " + name(kill.Bug)}
		for i, checker := range checkers {
			runs := 0
			if at := slices.IndexFunc(kill.Seen, func(seen Seen) bool { return seen.Checker == checker }); at >= 0 {
				runs = kill.Seen[at].Runs
			}
			row.Cells = append(row.Cells, heatCell{thousands(runs), min(shade(runs, kills.Seeds), hottest), i == 0})
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}
