package claims

import "cleave/history"

// Claim is a sentence of the literature as an experiment: what runs must show for it to be true as it is worded,
// what we found it to be, and a wording under which it is true, which is put to the test as well.
type Claim struct {
	ID     string // in flags and links, words joined by hyphens
	Says   string // the sentence, in our words
	Source Source
	// Worded is what every finding must show if the sentence is true as it is worded.
	Worded []Finding
	// Found is the verdict that runs are expected to end with.
	Found Verdict
	// Because tells why the verdict is not "supported", in a sentence; "" if it is.
	Because string
	// Precisely is the wording under which it is true, and Bounds what must then be found.
	Precisely string
	Bounds    []Finding
	// Real tells that it is put to the real systems in containers too.
	Real bool
	// Differs explains what those do otherwise; "" if nothing.
	Differs string
}

// Source is a document, and what it says.
type Source struct {
	Document string
	Says     string
}

// Verdict is what becomes of a sentence.
type Verdict string

// The verdicts.
const (
	Supported    Verdict = "supported"
	Refuted      Verdict = "refuted"
	Inconclusive Verdict = "inconclusive"
)

// Finding is a number that each run of an experiment gives, and what it has to be.
type Finding struct {
	Shows  string // what the number is, in words
	Of     Experiment
	Number Number
	// Minus is subtracted, of the run of the same seed; its Experiment is Of if it is the zero value.
	Minus *Subtrahend
	Must  Bound
	In    Rule
}

// Subtrahend is what is subtracted from a number.
type Subtrahend struct {
	Of     Experiment
	Number Number
}

// Number is where a number stands among a run's results.
type Number struct {
	Checker string // its name, as in results
	Title   string // of the result, if several are by the same checker; "" for any
	Name    string // of the measure; "" for the verdict: kept or broken
	Side    string // "majority", "minority", "cut off"; "" for all
	Phase   history.Phase
	F       history.Function
}

// Bound is what a number must be: from Least to Most, in the units of Value.
type Bound struct{ Least, Most Value }

// Rule is in how many of the runs that say something a number must be within its bound.
type Rule string

// The rules.
const (
	InEvery Rule = ""     // in every one: a single other run refutes
	InMost  Rule = "most" // in three of four; what holds in one of four or fewer is refuted
	InSome  Rule = "some" // in one at least: it can happen
)
