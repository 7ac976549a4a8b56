package claims

import (
	"fmt"
	"slices"
	"strings"

	"cleave/reports"
)

// Page is what there is to show of results.
func Page(results []Result, seeds Seeds, version, command string) reports.Claims {
	page := reports.Claims{Title: "What the literature claims, and what runs showed", Version: version, Command: command}
	chosen := make([]Claim, len(results))
	for i, result := range results {
		chosen[i] = result.Claim
	}
	needed := Experiments(chosen)
	page.Lead = []string{fmt.Sprintf("Each sentence was put to the test as it is worded, and then in a wording under which it is true: "+
		"%d experiments under %s (%d runs), in simulation, with five servers.", len(needed), seeds, len(needed)*seeds.Count())}
	for _, theme := range Themes() {
		shown := reports.ClaimTheme{Title: theme.Title}
		for _, result := range results {
			if slices.ContainsFunc(theme.Claims, func(c Claim) bool { return c.ID == result.Claim.ID }) {
				shown.Claims = append(shown.Claims, result.shown(seeds))
			}
		}
		if len(shown.Claims) > 0 {
			page.Themes = append(page.Themes, shown)
		}
	}
	return page
}

// String is "seeds 1 to 25", for people.
func (s Seeds) String() string {
	if s.First == s.Last {
		return fmt.Sprintf("seed %d", s.First)
	}
	return fmt.Sprintf("seeds %d to %d", s.First, s.Last)
}

func (r Result) shown(seeds Seeds) reports.Claim {
	c := r.Claim
	shown := reports.Claim{ID: c.ID, Says: c.Says, Document: c.Source.Document, Quote: c.Source.Says, Verdict: string(r.Verdict),
		Because: c.Because, Precisely: c.Precisely, Precise: string(r.Precise), Alarm: r.alarm()}
	if r.Verdict == Inconclusive && r.Claim.Found == Inconclusive {
		shown.Because += " Of the runs: " + r.Cause + "."
	}
	for _, e := range r.Worded {
		shown.Worded = append(shown.Worded, e.shown())
	}
	for _, e := range r.Bounds {
		shown.Bounds = append(shown.Bounds, e.shown())
	}
	for _, experiment := range Experiments([]Claim{c}) {
		plan := experiment.Plan(seeds.First)
		shown.Runs = append(shown.Runs, reports.ClaimRun{Name: experiment.String(), Replay: replays(plan.Command(), seeds)})
	}
	return shown
}

// alarm says what is not as the table has it.
func (r Result) alarm() string {
	text := ""
	if r.Verdict != r.Claim.Found {
		text = fmt.Sprintf("It was found to be %s so far.", r.Claim.Found)
		if r.Cause != "" {
			text += " " + r.Cause + "."
		}
	}
	if r.Precise != Supported {
		text += fmt.Sprintf(" The precise wording is %s.", r.Precise)
	}
	if r.PreciseCause != "" {
		text += " " + r.PreciseCause + "."
	}
	return text
}

func (e Evidence) shown() reports.ClaimEvidence {
	f := e.Finding
	shown := reports.ClaimEvidence{Shows: f.Shows, Where: f.where(), Must: f.Must.text(e.Unit) + f.In.words(), Verdict: string(e.Verdict),
		Held: fmt.Sprintf("%d of %d", e.Held, e.Said)}
	if e.Said == 0 {
		shown.Must, shown.Held = "", "no run says anything"
		return shown
	}
	if e.Unit == ofVerdict {
		kept := e.Held
		if f.Must == broken {
			kept = e.Said - e.Held
		}
		shown.Tally = fmt.Sprintf("kept in %d, broken in %d", kept, e.Said-kept)
	} else {
		shown.Least, shown.Mid, shown.Most = e.Min.text(e.Unit), e.Median.text(e.Unit), e.Max.text(e.Unit)
	}
	telling := e.MaxSeed
	if e.Held < e.Said {
		telling = e.Against
	}
	shown.Telling = fmt.Sprintf("most telling: seed %d", telling)
	e.picture(&shown)
	return shown
}

// where says which runs a number is of.
func (f Finding) where() string {
	if f.Minus == nil || f.Minus.Of == (Experiment{}) {
		return f.Of.String()
	}
	return f.Of.String() + ", less that of " + f.Minus.Of.String()
}

// words says of which runs something is to be true.
func (r Rule) words() string {
	switch r {
	case InMost:
		return ", in most runs"
	case InSome:
		return ", in some run"
	}
	return ""
}

// picture places the values from 0 to 1000, with what they are to be.
func (e Evidence) picture(shown *reports.ClaimEvidence) {
	if e.Unit == ofVerdict {
		return
	}
	low, high := min(e.Min, 0), e.Max
	for _, end := range []Value{e.Finding.Must.Least, e.Finding.Must.Most} {
		if end != least && end != most {
			low, high = min(low, end), max(high, end)
		}
	}
	if high == low {
		high = low + 1
	}
	place := func(v Value) int {
		v = min(max(v, low), high)
		return int((v - low) * 1000 / (high - low))
	}
	for _, v := range e.Values {
		shown.Dots = append(shown.Dots, place(v))
	}
	shown.Band = [2]int{place(e.Finding.Must.Least), place(e.Finding.Must.Most)}
}

// replays turns the line that runs a plan into one that runs all its seeds.
func replays(command string, seeds Seeds) string {
	return strings.Replace(command, fmt.Sprintf("--seed %d", seeds.First), fmt.Sprintf("--seeds %d-%d", seeds.First, seeds.Last), 1)
}
