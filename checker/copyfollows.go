package checker

import (
	"fmt"
	"sort"

	"cleave/history"
)

// CopyFollows judges whether clients' own copies of what a store holds come to be current once all is healed. Of a key it
// is known from an instant on that it has a version: from when a write of that version was acknowledged, or a server
// showed it to anybody. Each answer of a copy ("cache-read") that was asked for Within or more after that, and after the
// heal, is to be of that version, or a later one. A copy that has no answer though its client asked it Within before,
// when all was healed already, is of version 0.
//
//	c1 |--write x 9--| ok, version 40     quiet
//	c2                                      |.... Within ....|--cache-read x--| 8, version 31      invalid
//
// Measured, over all, by side, phase and both: "copies behind", the part of all answers of copies of which a later version was
// known when they were asked for; "copy age max", for how long it had been, at most.
type CopyFollows struct {
	Within history.Time
}

// Name is "copy-follows".
func (CopyFollows) Name() string { return "copy-follows" }

// Check judges. It is Unknown if no copy was to be current.
func (c CopyFollows) Check(h *history.History, budget Budget) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	if !isQuiet {
		return Result{Verdict: Unknown, Reason: "there was no quiet phase"}
	}
	survey := copies{sides: budget.Facts.sidesOf(h), phases: phasesOf(h)}
	judged := 0
	for _, key := range h.Keys() {
		operations := h.ByKey(key)
		known := knownVersions(operations)
		asked := map[string]history.Time{} // by client: when it first asked its copy in the quiet phase
		for i := range operations {
			o := &operations[i]
			if o.Function == history.Die {
				delete(asked, o.Client)
			}
			if o.Function != history.CacheRead || o.Outcome != history.Ok && o.Outcome != history.Fail {
				continue
			}
			first, again := asked[o.Client]
			if !again && o.Invoked >= quiet {
				asked[o.Client] = o.Invoked
			}
			if o.Outcome == history.Ok {
				survey.add(o, known)
			} else if !again || first+c.Within > o.Invoked {
				continue
			}
			due := known.at(o.Invoked - c.Within)
			if due == nil || o.Invoked < quiet+c.Within {
				continue
			}
			if judged++; o.Version < due.version {
				return c.behind(o, due)
			}
		}
	}
	if judged == 0 {
		return Result{Verdict: Unknown,
			Reason: fmt.Sprintf("no copy was asked %s or more after a version was known, and all was healed", brief(c.Within.Duration()))}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s of copies, %s after the heal: all current", counted(judged, "answer"), brief(c.Within.Duration())),
		Measures: survey.measures()}
}

func (c CopyFollows) behind(o *history.Operation, due *known) Result {
	answer := fmt.Sprintf("answered %s, version %d,", o.Result, o.Version)
	text := fmt.Sprintf("the copy of %s is of version %d, %s after version %d was known, and all was healed",
		o.Client, o.Version, brief(c.Within.Duration()), due.version)
	if o.Outcome != history.Ok {
		answer = "had no answer (" + o.Error + ")"
		text = fmt.Sprintf("%s has no copy, %s after version %d was known, and all was healed", o.Client, brief(c.Within.Duration()), due.version)
	}
	return Result{Verdict: Invalid, Reason: text, Witness: &Witness{Key: o.Key, Operations: []history.Operation{*due.by, *o}, Explanation: []string{
		fmt.Sprintf("%s was known at %s as version %d, by the %s of %s", due.value(), second(due.since), due.version, due.by.Function, due.by.Client),
		fmt.Sprintf("the copy of %s %s at %s", o.Client, answer, during(*o)),
	}}}
}

// known is a version of which it is known from an instant on that it was.
type known struct {
	since   history.Time
	version int64
	by      *history.Operation
}

func (k *known) value() history.Value {
	if k.by.Function.Mutates() {
		return k.by.Argument
	}
	return k.by.Result
}

// knowledge are versions, each higher than the one before and known later.
type knowledge []known

// knownVersions finds out what was known of a key, when.
func knownVersions(operations []history.Operation) knowledge {
	var all knowledge
	for i := range operations {
		if o := &operations[i]; o.Outcome == history.Ok && o.Version > 0 && (o.Function == history.Write || o.Function == history.Read) {
			all = append(all, known{o.Completed, o.Version, o})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].since < all[j].since })
	kept := all[:0]
	for _, one := range all {
		if len(kept) == 0 || one.version > kept[len(kept)-1].version {
			kept = append(kept, one)
		}
	}
	return kept
}

// at is the highest version known at an instant, nil if none was.
func (k knowledge) at(instant history.Time) *known {
	after := sort.Search(len(k), func(i int) bool { return k[i].since > instant })
	if after == 0 {
		return nil
	}
	return &k[after-1]
}

// overtaken is since when a version later than one was known, Forever if none is.
func (k knowledge) overtaken(version int64) history.Time {
	next := sort.Search(len(k), func(i int) bool { return k[i].version > version })
	if next == len(k) {
		return history.Forever
	}
	return k[next].since
}

// copies counts the answers of copies, and how old they were.
type copies struct {
	sides  *Sides
	phases phases
	found  table[agedCopies]
}

type agedCopies struct {
	answers, behind int
	oldest          history.Time
}

func (s *copies) add(o *history.Operation, known knowledge) {
	since := known.overtaken(o.Version)
	side, phase := s.sides.During(*o), s.phases.at(o.Invoked)
	for _, c := range []cell{{}, {side: side}, {phase: phase}, {side: side, phase: phase}} {
		aged := s.found.at(c)
		if aged.answers++; since < o.Invoked {
			aged.behind, aged.oldest = aged.behind+1, max(aged.oldest, o.Invoked-since)
		}
	}
}

func (s *copies) measures() (measures []Measure) {
	for _, c := range s.found.sorted() {
		aged := s.found.at(c)
		measures = append(measures, c.measure("copies behind", ratio(aged.behind, aged.answers), Ratio),
			c.measure("copy age max", milliseconds(aged.oldest), Milliseconds))
	}
	return measures
}
