package reports

import (
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"cleave/checker"
	"cleave/history"
)

// Sweep is all that the page of a sweep shows: what one plan under many seeds gave together.
type Sweep struct {
	System, Workload, Faults, Version string
	Bug                               string   // that was planted, "" for none
	Options                           []Option // of the plan, but its seed
	First, Last                       uint64   // the seeds that were asked for
	Done                              []Seeds  // those that were run, in order
	Ended                             string   // why not all were, "" if all were
	Folder                            string   // shown as text
	Command                           string   // the command line that makes such a sweep again
	Resume                            string   // the command line that goes on with this one, "" if there is nothing left
	Verdict                           checker.Verdict
	Reasons                           []string // why it is not valid, besides broken promises
	Valid, Unknown, Invalid           int      // runs
	Broken, Runaway                   int      // runs that came to nothing; of all these, those that were ended early
	Audited, Differing                int      // runs made twice, and those of them that were not the same
	Events                            uint64
	Seconds                           float64 // of wall time
	Finds, Doubts, Failures           []Find  // broken promises; why runs were unknown; why they came to nothing
	Curve                             []int   // invalid runs in stretches of First to Last, all as long but the last
	States                            []State
	Never                             []string // states that must be reached sometimes, and never were
	Situations                        []Situation
}

// Seeds is a run of seeds, both ends included.
type Seeds struct{ First, Last uint64 }

// Find is all runs of a sweep that failed in one way.
type Find struct {
	Checker, Promise, Kind string
	Reason                 string // of the lowest seed
	Runs                   int
	Seeds                  []uint64 // the lowest few
	Kept                   []Kept   // runs that have a folder
	Smallest               *Smallest
}

// Kept is a run of a sweep that has a folder of its own, or the line that makes it.
type Kept struct {
	Seed           uint64
	Link           string // relative link to its page, "" if there is none
	Replay, Shrink string // command lines; "" for none
}

// Smallest is the smallest run that fails as those of a Find do, as shrinking left it.
type Smallest struct {
	Story         Story
	History       *history.History // nil if it cannot be read: then there is no picture
	Link          string           // relative link to its page
	Before, After int              // faults and operations
	Replay        string
}

// State is something that a system reached in some runs of a sweep.
type State struct {
	Name              string
	Runs, Count, Most int    // in how many runs, how often in all, and at most in one
	First             uint64 // the lowest seed
}

// Situation is what faults of a sweep met as they began: the kind of fault, the role of whom it hit, the phase
// of the protocol there, a type of message on its way.
type Situation struct {
	Fault, Role, Phase, Message string
	Count                       int
	First                       uint64 // the lowest seed
}

// WriteSweep writes the page of a sweep: a single HTML file without script or outside reference. It errors only
// if out does.
func WriteSweep(out io.Writer, sweep Sweep) error {
	return write(out, "sweep.html", newSweepView(sweep))
}

// sweepView is the page as data; every text in it is clean.
type sweepView struct {
	Style           template.CSS
	Title, Tested   string
	Banner          banner
	Command, Resume string
	Folder          string
	Bug             string
	Counts          []Option
	Finds           []findView
	FindsCut        string
	Causes          []causes
	Curve           *drawing // nil if nothing ran
	Lately          string
	States          []stateRow
	Coverage        *coverage // nil if no fault met anything
	Options, Footer []Option
}

// findView is one kind of broken promise.
type findView struct {
	ID, Title, Promise, Reason, Often, Seeds string
	Kept                                     []Kept
	Story                                    *storyView
	Link, Replay, Smaller                    string
}

// causes are why runs were unknown, or came to nothing.
type causes struct {
	Title string
	Rows  []findView
	Cut   string
}

// stateRow is one state; Bar is in how many percent of the runs it was reached.
type stateRow struct {
	Name, Runs, Count, Most, First string
	Bar                            int
	Never                          bool
}

// The most that the page of a sweep shows.
const (
	mostFinds   = 60
	mostStories = 20 // of them told
	mostStates  = 200
)

func newSweepView(s Sweep) sweepView {
	v := sweepView{Style: style() + sheet("sweep.css"), Banner: sweepBanner(s), Folder: sentence(s.Folder), Command: clean(s.Command, 4000),
		Resume: clean(s.Resume, 4000), Bug: name(s.Bug), Counts: sweepCounts(s), Curve: curveChart(s), Lately: lately(s), States: stateRows(s),
		Coverage: coverageOf(s.Situations), Options: optionsOf(s.Options), Footer: []Option{{"cleave", name(s.Version)}},
		Title: fmt.Sprintf("Sweep of %s, %s, %s, seeds %d-%d", name(s.System), name(s.Workload), name(s.Faults), s.First, s.Last)}
	v.Tested = fmt.Sprintf("Tested: %s with the workload %s and the faults %s, in simulation; %s of the seeds %s to %s, in %s.", name(s.System),
		name(s.Workload), name(s.Faults), plural(s.runs(), "run", "runs"), grouped(s.First), grouped(s.Last), duration(1000*s.Seconds))
	v.Finds, v.FindsCut = findViews("find", s, s.Finds)
	for _, group := range []struct {
		title string
		all   []Find
	}{{"Why runs were unknown", s.Doubts}, {"Why runs came to nothing", s.Failures}} {
		rows, cut := findViews("cause", s, group.all)
		if len(rows) > 0 {
			v.Causes = append(v.Causes, causes{group.title, rows, cut})
		}
	}
	return v
}

// runs is how many there were.
func (s Sweep) runs() int { return s.Valid + s.Unknown + s.Invalid + s.Broken }

// sweepBanner is the verdict in words.
func sweepBanner(s Sweep) banner {
	b := banner{Class: "good", Icon: "✓", Word: "VALID", Headline: fmt.Sprintf("no promise was broken in %s", plural(s.runs(), "run", "runs"))}
	if s.Ended != "" {
		b.Headline += fmt.Sprintf(", of %s seeds", grouped(s.Last-s.First+1))
	}
	switch s.Verdict {
	case checker.Valid:
	case checker.Invalid:
		b = banner{Class: "bad", Icon: "✗", Word: "INVALID", Headline: fmt.Sprintf("a promise was BROKEN in %s of %s",
			thousands(s.Invalid), plural(s.runs(), "run", "runs"))}
		for _, find := range s.Finds[:min(len(s.Finds), mostBannerLines)] {
			b.Lines = append(b.Lines, fmt.Sprintf("%s: %s, in %s", promiseOf(find), sentence(find.Kind), plural(find.Runs, "run", "runs")))
		}
		if extra := len(s.Finds) - mostBannerLines; extra > 0 {
			b.Lines = append(b.Lines, fmt.Sprintf("and %d more", extra))
		}
	default:
		b = banner{Class: "unsure", Icon: "?", Word: "UNKNOWN", Headline: "no promise was broken, but that does not say enough"}
	}
	for _, reason := range s.Reasons[:min(len(s.Reasons), mostBannerLines)] {
		b.Lines = append(b.Lines, sentence(reason))
	}
	if s.Ended != "" {
		b.Lines = append(b.Lines, "It is not complete: "+sentence(s.Ended)+".")
	}
	return b
}

// promiseOf is the promise of a find, or its checker's name where it has no words.
func promiseOf(find Find) string {
	if find.Promise != "" {
		return sentence(find.Promise)
	}
	return name(find.Checker)
}

// sweepCounts are the numbers at the top.
func sweepCounts(s Sweep) []Option {
	rate := "–"
	if s.Seconds > 0 {
		rate = fmt.Sprintf("%.3g", float64(s.runs())/s.Seconds)
	}
	twice := thousands(s.Audited) + ", all the same"
	switch {
	case s.Differing > 0:
		twice = fmt.Sprintf("%s, of which %s NOT the same", thousands(s.Audited), thousands(s.Differing))
	case s.Audited == 0:
		twice = "none"
	}
	return []Option{{"valid", thousands(s.Valid)}, {"invalid", thousands(s.Invalid)}, {"unknown", thousands(s.Unknown)},
		{"came to nothing", thousands(s.Broken)}, {"of these ended early", thousands(s.Runaway)}, {"run twice", twice},
		{"seeds a second", rate}, {"simulated events", grouped(s.Events)}}
}

// grouped writes a number that may be larger than an int with commas.
func grouped(n uint64) string {
	if n <= 1<<62 {
		return thousands(int(n))
	}
	return strconv.FormatUint(n, 10)
}

func findViews(id string, s Sweep, finds []Find) ([]findView, string) {
	var views []findView
	for i, find := range finds {
		if i == mostFinds {
			return views, plural(len(finds)-i, "further kind is", "further kinds are") + " not shown; sweep.json has them all."
		}
		v := findView{ID: fmt.Sprintf("%s-%d", id, i+1), Title: name(find.Checker) + ": " + sentence(find.Kind), Promise: promiseOf(find),
			Reason: sentence(find.Reason), Seeds: seedList(find),
			Often: fmt.Sprintf("%s of %s", plural(find.Runs, "run", "runs"), thousands(s.runs()))}
		if s.runs() > 0 {
			v.Often += ", " + percent(float64(find.Runs)/float64(s.runs()))
		}
		for _, kept := range find.Kept[:min(len(find.Kept), 10)] {
			v.Kept = append(v.Kept, Kept{kept.Seed, relative(kept.Link), clean(kept.Replay, 1000), clean(kept.Shrink, 1000)})
		}
		if find.Smallest != nil && i < mostStories {
			v.tell(find.Smallest)
		}
		views = append(views, v)
	}
	return views, ""
}

// tell shows the smallest run of a find.
func (v *findView) tell(smallest *Smallest) {
	v.Story = storyOf(Run{Story: &smallest.Story, History: smallest.History})
	if v.Story.Picture != nil {
		v.Story.Picture.ID = v.ID + "-story"
	}
	v.Link, v.Replay = relative(smallest.Link), clean(smallest.Replay, 1000)
	v.Smaller = fmt.Sprintf("%s made %s by shrinking.", plural(smallest.Before, "fault or operation", "faults and operations"), thousands(smallest.After))
}

// seedList are the seeds of a find, an ellipsis for those that nobody listed.
func seedList(find Find) string {
	var words []string
	for _, seed := range find.Seeds[:min(len(find.Seeds), 20)] {
		words = append(words, strconv.FormatUint(seed, 10))
	}
	if find.Runs > len(words) {
		words = append(words, "…")
	}
	return strings.Join(words, " ")
}

// stateRows are the states, those never reached first, then those of the most runs.
func stateRows(s Sweep) []stateRow {
	var rows []stateRow
	for _, never := range s.Never[:min(len(s.Never), mostStates)] {
		rows = append(rows, stateRow{Name: sentence(never), Runs: "never", Count: "0", Most: "0", First: "–", Never: true})
	}
	sorted := slices.Clone(s.States)
	slices.SortStableFunc(sorted, func(a, b State) int { return b.Runs - a.Runs })
	for _, state := range sorted[:min(len(sorted), mostStates)] {
		row := stateRow{Name: sentence(state.Name), Runs: thousands(state.Runs), Count: thousands(state.Count), Most: thousands(state.Most),
			First: strconv.FormatUint(state.First, 10)}
		if s.runs() > 0 {
			row.Bar = min(max(100*state.Runs/s.runs(), 0), 100)
		}
		rows = append(rows, row)
	}
	return rows
}
