package checker

import (
	"fmt"
	"strings"
	"time"

	"cleave/history"
)

// OnePlace judges whether, when all is healed, no client has two places in a queue: of the names that a final listing shows
// (children, invoked Settle or more after the quiet phase began), "c3.2-w-0000000007" and its like, at most one begins with
// each client. A second one is an orphan: whoever made it does not know of it, and nobody comes before it is gone.
//
//	c1 |--children--| [c2.4-w-0000000007 c2.5-w-0000000008]      invalid: c2 is in it twice
type OnePlace struct {
	Settle time.Duration
}

// Name is "one-place".
func (OnePlace) Name() string { return "one-place" }

// Check judges. It is Unknown without a final listing that shows anybody.
func (p OnePlace) Check(h *history.History, _ Budget) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	listings := 0
	for i := range h.Operations {
		o := &h.Operations[i]
		names, isList := o.Result.AsList()
		if !isQuiet || o.Function != history.Children || o.Outcome != history.Ok || !isList || len(names) == 0 || o.Invoked < quiet+history.Time(p.Settle) {
			continue
		}
		listings++
		first := map[string]string{}
		for _, value := range names {
			name, _ := value.AsText()
			client, _, _ := strings.Cut(name, ".")
			before, twice := first[client]
			if first[client] = name; !twice {
				continue
			}
			text := fmt.Sprintf("%s has two places in %s, %s and %s, as %s was shown %s", client, o.Key, before, name, o.Client, during(*o))
			return Result{Verdict: Invalid, Reason: text, Witness: &Witness{Key: o.Key, Operations: []history.Operation{*o}, Explanation: []string{text}}}
		}
	}
	if listings == 0 {
		return Result{Verdict: Unknown,
			Reason: fmt.Sprintf("no ok listing that shows anybody was invoked %s or more after the quiet phase began", brief(p.Settle))}
	}
	return Result{Verdict: Valid, Reason: counted(listings, "final listing") + ", no client in one twice"}
}
