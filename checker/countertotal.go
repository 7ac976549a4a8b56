package checker

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"cleave/checker/invariants"
	"cleave/history"
)

// CounterTotal judges counters, one per key, of systems that owe no read the latest: no read is beyond all that had been asked
// for, and of every node the last ok read, if it was invoked Settle or more after the quiet phase began, is the sum of all adds
// that were acknowledged Settle or more before, with any of those whose outcome is unknown. See invariants.Total. If it
// is that only of what was acknowledged Recovery or more before, which may be longer, it is Unknown.
type CounterTotal struct {
	Settle, Recovery time.Duration
}

// Name is "counter-total".
func (CounterTotal) Name() string { return "counter-total" }

// Check judges. It is Unknown if of a key not every node beside which a client lives answered in the end.
func (c CounterTotal) Check(h *history.History, _ Budget) Result {
	return recovered(c.Settle, c.Recovery, func(settle history.Time) Result { return c.check(h, settle) })
}

func (c CounterTotal) check(h *history.History, settle history.Time) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	if !isQuiet {
		return Result{Verdict: Unknown, Reason: "there was no quiet phase"}
	}
	silent := ""
	result := eachKey(h, func(operations []history.Operation) invariants.Report {
		reads := Convergence{Functions: []history.Function{history.Read}}.readsOf(operations, quiet)
		finals := finalReads(reads, quiet+settle)
		silent = cmp.Or(silent, unheard(h.Run.Clients, finals))
		return invariants.Total(operations, func(read history.Operation) bool {
			return slices.ContainsFunc(finals, func(final history.Operation) bool { return final.ID == read.ID })
		}, settle)
	}, history.Add, history.Read)
	if result.Verdict == Valid && silent != "" {
		return Result{Verdict: Unknown, Reason: fmt.Sprintf("%s answered no read once all had settled", silent)}
	}
	return result
}
