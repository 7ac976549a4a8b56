package reports

import (
	"fmt"
	"slices"
	"strings"

	"cleave/checker"
)

// Suite is a run, or a whole sweep, as a machine for continuous integration takes it: some cases that went well or did
// not.
type Suite struct {
	Name       string
	Seconds    float64  // how long it took, of simulated or real time
	Properties []Option // seed, replay and the options
	Cases      []Case
}

// Case is a promise of a run, or a kind of find of a sweep.
type Case struct {
	Class   string // what was tested: system.workload.fault
	Name    string // what was promised
	Verdict checker.Verdict
	Excused bool     // it is not valid, and that is put up with
	Checker string   // what found it
	Message string   // in a sentence
	Text    []string // the evidence, in words and as bars
	Replay  string   // the command line that shows it
}

// RunSuite is a run as a suite: a case for each promise.
func RunSuite(run Run) Suite {
	suite := Suite{Name: strings.Join([]string{run.System, run.Workload, run.Fault}, ", ") + fmt.Sprintf(", seed %d", run.Seed)}
	if run.History != nil {
		suite.Seconds = run.History.End().Seconds()
	}
	suite.Properties = append([]Option{{"seed", fmt.Sprint(run.Seed)}, {"replay", run.Replay}, {"folder", run.Folder}, {"version", run.Version}},
		slices.DeleteFunc(slices.Clone(run.Options), func(o Option) bool { return o.Name == "seed" })...)
	suite.Cases = casesOf(run.Promises, strings.Join([]string{run.System, run.Workload, run.Fault}, "."), run.Replay)
	if run.Story != nil && !run.Story.Excerpt {
		for i := range suite.Cases {
			if suite.Cases[i].Verdict == checker.Invalid {
				suite.Cases[i].Text = append(storyLines(*run.Story), suite.Cases[i].Text...)
				break
			}
		}
	}
	return suite
}

func casesOf(results []checker.Result, class, replay string) []Case {
	var cases []Case
	for _, result := range results {
		c := Case{Class: class, Name: promiseWords(result), Verdict: result.Verdict, Checker: result.Checker, Message: result.Reason, Replay: replay}
		if result.Witness != nil {
			c.Text = append(slices.Clone(result.Witness.Explanation), append([]string{""}, Bars(result.Witness)...)...)
			if order := WitnessOrder(result.Witness); len(order) > 0 {
				c.Text = append(append(c.Text, "", "Why no order explains these answers:"), order...)
			}
		}
		cases = append(cases, c)
	}
	return cases
}

// storyLines are the sentences of a story, numbered, and an empty line.
func storyLines(story Story) []string {
	lines := []string{story.Title}
	for i, sentence := range story.Sentences {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, sentence))
	}
	return append(lines, "")
}

// ComparisonSuites are the runs of a comparison, a suite each, and one more with a case for each regression if there is an
// earlier comparison.
func ComparisonSuites(comparison Comparison) []Suite {
	var suites []Suite
	for _, cell := range comparison.Cells {
		class := []string{cell.System, cell.Workload, cell.Fault}
		if isReal(cell.World) {
			class = append(class, cell.World)
		}
		suites = append(suites, Suite{Name: strings.Join(class, ", ") + fmt.Sprintf(", seed %d", cell.Seed),
			Properties: []Option{{"seed", fmt.Sprint(cell.Seed)}, {"replay", cell.Replay}, {"report", cell.Link}, {"version", comparison.Version}},
			Cases:      casesOf(cell.Promises, strings.Join(class, "."), cell.Replay)})
	}
	if changed := changesOf(comparison); changed != nil {
		suites = append(suites, changed.suite(comparison))
	}
	return suites
}

// suite is what has become worse since an earlier comparison.
func (c *changes) suite(comparison Comparison) Suite {
	suite := Suite{Name: "against " + comparison.Against.Folder, Properties: []Option{{"replay", comparison.Command}, {"folder", comparison.Against.Folder}}}
	suite.Cases = append(suite.Cases, Case{Class: "regressions", Name: c.Lead, Verdict: checker.Valid})
	for _, run := range c.Runs {
		for _, row := range run.Rows {
			if row.direction == worse {
				suite.Cases = append(suite.Cases, Case{Class: "regressions", Name: run.Title + ": " + row.Label, Verdict: checker.Invalid,
					Checker: "regression", Message: row.Before.Text + " -> " + row.Now.Text + ", " + row.Difference, Replay: comparison.Command})
			}
		}
	}
	return suite
}

// SweepSuite is a sweep as a suite: a case for each kind of find, one for each cause of doubt, and one for the seeds
// that kept every promise. Doubts are excused in a sweep that is valid all the same.
func SweepSuite(sweep Sweep) Suite {
	class := strings.Join([]string{sweep.System, sweep.Workload, sweep.Faults}, ".")
	suite := Suite{Name: "sweep of " + strings.ReplaceAll(class, ".", ", "), Seconds: sweep.Seconds,
		Properties: append([]Option{{"seeds", fmt.Sprintf("%d-%d", sweep.First, sweep.Last)}, {"replay", sweep.Command}, {"folder", sweep.Folder},
			{"version", sweep.Version}}, sweep.Options...)}
	runs := sweep.Valid + sweep.Unknown + sweep.Invalid + sweep.Broken
	suite.Cases = append(suite.Cases, Case{Class: class, Verdict: checker.Valid,
		Name: fmt.Sprintf("every promise was kept in %s of %s", thousands(sweep.Valid), plural(runs, "run", "runs"))})
	for _, find := range sweep.Finds {
		suite.Cases = append(suite.Cases, find.suiteCase(class, checker.Invalid))
	}
	for _, find := range slices.Concat(sweep.Doubts, sweep.Failures) {
		c := find.suiteCase(class, checker.Unknown)
		c.Excused = sweep.Verdict == checker.Valid
		suite.Cases = append(suite.Cases, c)
	}
	for _, state := range sweep.Never {
		suite.Cases = append(suite.Cases, Case{Class: class, Name: "sometimes: " + state, Verdict: checker.Unknown, Checker: "sometimes",
			Message: "this must happen in so many runs, and never did", Replay: sweep.Command})
	}
	if sweep.Differing > 0 {
		suite.Cases = append(suite.Cases, Case{Class: class, Name: "runs are the same twice", Verdict: checker.Unknown, Checker: "audit",
			Message: plural(sweep.Differing, "run was", "runs were") + " not: nothing that they show can be trusted", Replay: sweep.Command})
	}
	if sweep.Verdict != checker.Valid && len(sweep.Finds) == 0 {
		suite.Cases = append(suite.Cases, Case{Class: class, Name: "the sweep as a whole", Verdict: checker.Unknown, Checker: "sweep",
			Message: strings.Join(append(slices.Clone(sweep.Reasons), sweep.Ended), "; "), Replay: sweep.Command})
	}
	return suite
}

// suiteCase is a find as a case.
func (f Find) suiteCase(class string, verdict checker.Verdict) Case {
	c := Case{Class: class, Name: f.Promise, Verdict: verdict, Checker: f.Checker, Message: fmt.Sprintf("%s: %s", plural(f.Runs, "run", "runs"), f.Reason)}
	if c.Name == "" {
		c.Name = f.Checker
	}
	if f.Kind != "" {
		c.Name += " (" + f.Kind + ")"
	}
	if f.Smallest != nil {
		c.Text, c.Replay = storyLines(f.Smallest.Story), f.Smallest.Replay
	}
	for _, seed := range f.Seeds {
		c.Text = append(c.Text, fmt.Sprintf("seed %d", seed))
	}
	for _, kept := range f.Kept {
		c.Text = append(c.Text, kept.Replay)
		if c.Replay == "" {
			c.Replay = kept.Replay
		}
	}
	return c
}
