package serve

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"cleave/checker"
	"cleave/reports"
)

// kind is what a folder of the store is.
type kind string

const (
	aRun        kind = "run"
	aComparison kind = "comparison"
	aSweep      kind = "sweep"
)

// entry is a run, a comparison or a sweep, as the list has it. All texts in it are clean.
type entry struct {
	Path   string // in the store, with slashes
	Kind   kind
	Inside string // the comparison, sweep or run that it is a part of

	Systems, Workloads, Faults []string // of a comparison many
	Bug                        string
	Seed                       uint64
	Seeds                      string // of a sweep
	Verdict                    checker.Verdict
	Finding                    string // what was found, in a sentence
	Damaged                    string // the file of it that cannot be read, if one is there and cannot
	Began                      time.Time
	Page                       string // its report, in the store; "" if there is none

	ended    bool             // it came to its end
	alive    time.Time        // when it last gave a sign of life
	progress reports.Progress // while it runs
	runs     map[checker.Verdict]int
	text     string // what a search looks in
}

// silence is how long something under way may be silent until it is taken for dead; judging a long history may take
// much longer.
const (
	silence        = 15 * time.Second
	silentJudgment = 5 * time.Minute
)

// damaged is the state of what has a file that cannot be read: what it came to is not known.
const damaged = "damaged"

// Running tells whether it is under way.
func (e *entry) Running() bool {
	limit := silence
	if e.progress.Phase == reports.PhaseJudging {
		limit = silentJudgment
	}
	return !e.ended && time.Since(e.alive) < limit
}

// State is the verdict, or why there is none.
func (e *entry) State() string {
	switch {
	case e.Damaged != "":
		return damaged
	case e.Running():
		return "running"
	case !e.ended && e.Verdict != checker.Invalid: // that no more is known to be broken says nothing
		return "not ended"
	case e.Verdict == "":
		return string(checker.Unknown)
	}
	return string(e.Verdict)
}

// Mark is the state as it is shown.
func (e *entry) Mark() mark {
	if e.Damaged != "" {
		return mark{"unsure", "?", damaged + ": " + e.Damaged}
	}
	if state := e.State(); state == "running" || state == "not ended" {
		return mark{"plain", map[string]string{"running": "▸", "not ended": "∅"}[state], state}
	}
	return markOf(e.Verdict)
}

// mark is a verdict for the eye: a class of the style, a sign, a word.
type mark struct{ Class, Icon, Word string }

func markOf(verdict checker.Verdict) mark {
	switch verdict {
	case checker.Valid:
		return mark{"good", "✓", "valid"}
	case checker.Invalid:
		return mark{"bad", "✗", "invalid"}
	}
	return mark{"unsure", "?", "unknown"}
}

// gravity orders states: what broke first, what is well last.
func (e *entry) gravity() int {
	return slices.Index([]string{"running", "invalid", damaged, "unknown", "not ended", "valid"}, e.State())
}

// Line says how far it is, if it is under way.
func (e *entry) Line() string {
	switch {
	case e.progress.Phase == "" && e.Finding != "":
		return e.Finding
	case e.progress.Phase == "":
		return "begun"
	}
	return e.progress.Line(100)
}

// Percent is how much is done.
func (e *entry) Percent() int { return int(100 * e.progress.Ratio()) }

// Measured tells whether it is known how much that is.
func (e *entry) Measured() bool { return e.progress.Of > 0 }

// Clock is when it began.
func (e *entry) Clock() string { return e.Began.Format("2006-01-02 15:04:05") }

// What is done to what, in a few words.
func (e *entry) What() string {
	if len(e.Systems) == 0 {
		return e.Name()
	}
	what := several(e.Systems) + " · " + several(e.Workloads) + " · " + several(e.Faults)
	if e.Bug != "" {
		what += " · bug " + e.Bug
	}
	return what
}

// Name is the last part of the path.
func (e *entry) Name() string { return reports.Plain(path.Base(e.Path)) }

// Open is where its page is, or else the list of its files.
func (e *entry) Open() string {
	if e.Page != "" {
		return at("store", e.Page)
	}
	return at("folder", e.Path)
}

// Numbers are the seed or the seeds.
func (e *entry) Numbers() string {
	switch {
	case e.Seeds != "":
		return e.Seeds
	case len(e.Systems) == 0:
		return "–" // it is not known
	}
	return fmt.Sprint(e.Seed)
}

func several(names []string) string {
	const most = 3
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// contain takes in a part, of a comparison that has no file to say what it is of.
func (e *entry) contain(part *entry) {
	if e.Kind != aComparison || part.Kind != aRun {
		return
	}
	e.Systems, e.Workloads, e.Faults = with(e.Systems, part.Systems), with(e.Workloads, part.Workloads), with(e.Faults, part.Faults)
	e.Seed = part.Seed
	if e.runs == nil {
		e.runs = map[checker.Verdict]int{}
	}
	e.alive = later(e.alive, part.alive)
	if !part.Running() {
		e.runs[cmp.Or(part.Verdict, checker.Unknown)]++
	}
}

// sum says what a comparison's parts came to.
func (e *entry) sum() {
	if e.Kind != aComparison {
		return
	}
	total := 0
	for _, verdict := range []checker.Verdict{checker.Valid, checker.Unknown, checker.Invalid} {
		if total += e.runs[verdict]; e.runs[verdict] > 0 && e.ended {
			e.Verdict = verdict // the gravest comes last
		}
	}
	e.Finding = fmt.Sprintf("%d runs: %d valid, %d unknown, %d invalid", total, e.runs[checker.Valid], e.runs[checker.Unknown], e.runs[checker.Invalid])
}

// index makes the text that a search looks in.
func (e *entry) index() {
	parts := append(slices.Concat(e.Systems, e.Workloads, e.Faults), e.Path, e.Bug, e.Finding, e.Numbers(), string(e.Kind))
	e.text = strings.ToLower(strings.Join(parts, "\n"))
}

func with(list, more []string) []string {
	for _, one := range more {
		if !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	return list
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
