package checker

import (
	"fmt"
	"time"

	"cleave/history"
)

// Verdict is a judgement: Valid, Unknown or Invalid, from best to worst.
type Verdict string

// The verdicts.
const (
	Valid   Verdict = "valid"
	Unknown Verdict = "unknown"
	Invalid Verdict = "invalid"
)

// Worse is the graver of two verdicts: Invalid outranks Unknown outranks Valid.
func (v Verdict) Worse(other Verdict) Verdict {
	if v.rank() >= other.rank() {
		return v
	}
	return other
}

func (v Verdict) rank() int {
	switch v {
	case Valid:
		return 0
	case Invalid:
		return 2
	}
	return 1
}

// Checker judges one property of a history.
type Checker interface {
	// Name is the property's name in flags, results and reports, e.g. "linearizable".
	Name() string
	// Check judges. It is deterministic, witness included, and keeps to its budget.
	Check(h *history.History, budget Budget) Result
}

// Budget bounds one check. A check that would pass it answers Unknown and says how far it got.
type Budget struct {
	Time   time.Duration // wall time; 0 is no bound
	Memory int64         // bytes, roughly; 0 is no bound
	// Unmeasured says that only verdict, reason and witness are wanted: measures may be left out.
	Unmeasured bool
	// Facts are what checkers of the same history share; nil for none.
	Facts *Facts
}

// Result is what a Checker found.
type Result struct {
	Checker  string    `json:"checker"`
	Title    string    `json:"title,omitempty"`   // what was judged, in words
	Promise  string    `json:"promise,omitempty"` // the promise it was run for, in words; "" if only measured
	Verdict  Verdict   `json:"verdict"`
	Reason   string    `json:"reason"` // one sentence: what was found, or why it is unknown
	Witness  *Witness  `json:"witness,omitempty"`
	Measures []Measure `json:"measures,omitempty"`
	Methods  []Method  `json:"-"` // how each key was judged, if the checker says so
	// Abandoned says that the checker went on beyond its bounds and was left alone. It still reads the history and the
	// budget's Facts, so these must not go to another checker.
	Abandoned bool `json:"-"`
}

// Method is how the operations on one key were judged.
type Method struct {
	Key        string
	Operations int
	Algorithm  string // in a few words
	Why        string // that one and no other
	Verdict    Verdict
	Took       time.Duration
}

// Witness is the evidence of an Invalid verdict: the fewest operations found that show it.
type Witness struct {
	Key        string              `json:"key,omitempty"`
	Operations []history.Operation `json:"operations"` // in order of invocation
	// Explanation tells, a sentence each, why the operations contradict the property.
	Explanation []string `json:"explanation"`
	// Order is why there is none: what must come before what, in a circle. It is empty where that is not worked out.
	Order []Relation `json:"order,omitempty"`
}

// Unit is the unit of a Measure.
type Unit string

// The units of measures.
const (
	Milliseconds Unit = "ms"
	Ratio        Unit = "ratio" // 0 to 1
	Count        Unit = "count"
)

// Measure is a named number. The empty Side, Phase and Function mean "all".
type Measure struct {
	Name     string           `json:"name"` // e.g. "success", "longest outage", "staleness p99"
	Side     string           `json:"side,omitempty"`
	Phase    string           `json:"phase,omitempty"`
	Function history.Function `json:"f,omitempty"`
	Value    float64          `json:"value"`
	Unit     Unit             `json:"unit"`
}

// Run judges, and holds nobody up: a checker that has not come to its end by a twentieth after its bound is given up, see
// Result.Abandoned.
func Run(c Checker, h *history.History, budget Budget) Result {
	return watched(c, h, budget)
}

// Judge is Run for somebody who looks after the bounds himself. A checker's panic is Unknown with its cause: it never brings
// a run down.
func Judge(c Checker, h *history.History, budget Budget) (result Result) {
	defer func() {
		if cause := recover(); cause != nil {
			result = Result{Verdict: Unknown, Reason: fmt.Sprintf("the checker panicked: %v", cause)}
		}
		result.Checker = c.Name()
	}()
	result = c.Check(h, budget)
	if _, judgesOrder := c.(Linearizable); judgesOrder && result.Witness != nil {
		result.Witness.Order = circle(result.Witness.Operations)
	}
	return result
}

// Merge is the gravest verdict of several results; of none it is Unknown.
func Merge(results []Result) Verdict {
	if len(results) == 0 {
		return Unknown
	}
	verdict := Valid
	for _, result := range results {
		verdict = verdict.Worse(result.Verdict)
	}
	return verdict
}
