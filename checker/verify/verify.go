package verify

import (
	"fmt"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/history/foreign"
)

// Question is what a history is asked.
type Question struct {
	Model       string // the object that it is about, see Models; "" to tell it by the functions
	Consistency string // what it has to be, see Consistencies; "" for the strongest that the model has
	Budget      checker.Budget
}

// Answer is what was found.
type Answer struct {
	Model, Consistency string
	Told               string // how the model was told, "" if it was given
	Operations         int
	Keys               int
	Passes             int // how often the history was read
	Untimed            bool
	Verdict            checker.Verdict
	Reason             string            // one sentence
	Witness            *checker.Witness  // of the first key that is invalid
	Strongest          string            // with what holds instead, if it was worked out
	Methods            []checker.Method  // what was done to each key, in order
	Measures           []checker.Measure // numbers, if the checker has some
	Took               time.Duration     // judging, without reading
}

// Judge reads a history and judges it. An error is one of the history, with its place, or of the question; a history
// that could not be decided within the budget is an Answer, Unknown, with how far it got.
func Judge(source Source, options foreign.Options, question Question) (Answer, error) {
	answer := Answer{Passes: source.passes(question.Budget.Memory), Verdict: checker.Valid}
	var judge judge
	for pass := 0; pass < answer.Passes; pass++ {
		part, err := source.read(options, pass, answer.Passes, question.Budget.Memory)
		if err != nil {
			return Answer{}, err
		}
		if pass == 0 {
			answer.Untimed = part.untimed
			if judge, err = question.judge(part, &answer); err != nil {
				return Answer{}, err
			}
			if (judge.whole || part.oneKey) && answer.Passes > 1 { // its keys cannot be judged apart, or there is one alone
				answer.Passes = 1
				if part, err = source.read(options, 0, 1, question.Budget.Memory); err != nil {
					return Answer{}, err
				}
			}
		}
		if err := judge.accepts(part.operations); err != nil {
			return Answer{}, fmt.Errorf("%s: %w", source.Name, err)
		}
		if judge.timed && part.untimed {
			return Answer{}, fmt.Errorf("%s: it has no times, and a %s ends by time", source.Name, answer.Model)
		}
		if part.full {
			answer.Verdict, answer.Operations = checker.Unknown, len(part.operations)
			answer.Reason = fmt.Sprintf("reading was given up after %d operations that have to be judged together: %d MB were not enough",
				len(part.operations), question.Budget.Memory>>20)
			return answer, nil
		}
		if answer.take(judge, part, question.Budget); answer.Verdict == checker.Invalid {
			break
		}
	}
	if answer.Passes > 1 && answer.Verdict == checker.Valid {
		answer.Reason = fmt.Sprintf("%d keys, %d operations, judged in %d passes: every one of them holds", answer.Keys, answer.Operations, answer.Passes)
	}
	return answer, nil
}

// take judges what was read in a pass.
func (a *Answer) take(judge judge, part part, budget checker.Budget) {
	started := now()
	h := history.FromOperations(part.operations)
	a.Operations += len(h.Operations)
	a.Keys += len(h.Keys())
	if len(h.Operations) == 0 && a.Passes > 1 {
		return // no key fell into this pass
	}
	result := bounded(judge.checker, h, budget)
	a.Took += now().Sub(started)
	a.Methods = append(a.Methods, result.Methods...)
	a.Measures = append(a.Measures, result.Measures...)
	if a.Reason == "" || result.Verdict != a.Verdict && a.Verdict.Worse(result.Verdict) == result.Verdict {
		a.Reason, a.Witness = result.Reason, result.Witness
	}
	a.Verdict = a.Verdict.Worse(result.Verdict)
}

// now reads the wall clock, to say how long judging took.
func now() time.Time {
	// wall time: for people who wait
	return time.Now()
}
