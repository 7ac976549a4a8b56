package checker

import (
	"fmt"
	"time"

	"cleave/history"
)

// NoGhostForever judges whether, when all is healed, nothing is listed that has surely been dead for
// longer than is allowed. The final lookups are judged, as by NoLostRegistration.
//
//	a  register |--|   die ||                 quiet
//	c1                                          |--lookup--| [a]     invalid if that is longer than Allowed
type NoGhostForever struct {
	Service string // the key of the lookups; "" for all
	Settle  time.Duration
	Allowed time.Duration
}

// Name is "no-ghost".
func (NoGhostForever) Name() string { return "no-ghost" }

// Check judges. It is Unknown without a final lookup, or an instance that had been dead for long enough.
func (n NoGhostForever) Check(h *history.History, budget Budget) Result {
	finals, _, _ := budget.Facts.finalInquiries(h, n.Service, history.Time(n.Settle))
	if len(finals) == 0 {
		return noFinals(n.Settle)
	}
	registry, dead := budget.Facts.registryOf(h), 0
	for i := range finals {
		lookup := &finals[i]
		for number, instance := range registry.instances {
			ended, surely := registry.lives[number].deadDuring(lookup.Invoked, lookup.Completed)
			if !surely || lookup.Invoked-ended.left <= history.Time(n.Allowed) {
				continue
			}
			dead++
			if lookup.shows(number) {
				return n.ghost(instance, *ended, lookup)
			}
		}
	}
	if dead == 0 {
		return Result{Verdict: Unknown, Reason: fmt.Sprintf("no instance had been dead for more than %s in a final lookup", brief(n.Allowed))}
	}
	return Result{Verdict: Valid, Reason: counted(len(finals), "final lookup") + ": none of the dead is listed"}
}

func (n NoGhostForever) ghost(instance string, ended life, lookup *inquiry) Result {
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s is long dead and is listed", instance),
		Witness: &Witness{Key: lookup.Key, Operations: []history.Operation{*ended.end, *lookup.Operation}, Explanation: []string{
			fmt.Sprintf("%s was gone at %s (%s)", instance, second(ended.left), ended.end.Function),
			fmt.Sprintf("%s was shown %s%s at %s, %s after that, more than the %s allowed", lookup.Client, shownList(lookup.listed), by(lookup.Node),
				during(*lookup.Operation), brief((lookup.Invoked - ended.left).Duration()), brief(n.Allowed)),
		}}}
}
