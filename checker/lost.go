package checker

import (
	"fmt"
	"time"

	"cleave/history"
)

// NoLostRegistration judges whether, when all is healed, every instance is listed whose register was
// invoked before the quiet phase, whether acknowledged or of unknown outcome (its client keeps
// trying), and that has not begun to leave. The final lookups are judged: the last one of every client
// and of every answering node, among those invoked Settle or more after the quiet phase began.
//
//	a  register |--|                          quiet
//	c1                                          |--lookup--| []     invalid: a is lost
type NoLostRegistration struct {
	Service string // the key of the lookups; "" for all
	Settle  time.Duration
}

// Name is "no-lost-registration".
func (NoLostRegistration) Name() string { return "no-lost-registration" }

// Check judges. It is Unknown without a final lookup, or an instance that is due in one.
func (n NoLostRegistration) Check(h *history.History, budget Budget) Result {
	finals, quiet, _ := budget.Facts.finalInquiries(h, n.Service, history.Time(n.Settle))
	if len(finals) == 0 {
		return noFinals(n.Settle)
	}
	registry, due := budget.Facts.registryOf(h), 0
	for i := range finals {
		lookup := &finals[i]
		for number, instance := range registry.instances {
			current, _ := registry.lives[number].at(quiet)
			if current == nil || current.leaving <= lookup.Completed || current.register.Outcome == history.Fail && current.ok == history.Forever {
				continue
			}
			due++
			if !lookup.shows(number) {
				return lost(instance, *current, lookup)
			}
		}
	}
	if due == 0 {
		return Result{Verdict: Unknown, Reason: "no instance is due in a final lookup"}
	}
	return Result{Verdict: Valid, Reason: counted(len(finals), "final lookup") + ": every instance that is up is listed"}
}

func lost(instance string, current life, lookup *inquiry) Result {
	outcome := "acknowledged at " + second(current.ok)
	if current.ok == history.Forever {
		outcome = "of unknown outcome"
	}
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s is up and is not listed", instance),
		Witness: &Witness{Key: lookup.Key, Operations: []history.Operation{*current.register, *lookup.Operation}, Explanation: []string{
			fmt.Sprintf("%s asked at %s to register %s, %s, and never took it down",
				current.register.Client, second(current.register.Invoked), instance, outcome),
			fmt.Sprintf("%s was shown %s%s at %s, without %s", lookup.Client, shownList(lookup.listed), by(lookup.Node),
				during(*lookup.Operation), instance),
		}}}
}

func noFinals(settle time.Duration) Result {
	return Result{Verdict: Unknown, Reason: fmt.Sprintf("no ok lookup was invoked %s or more after the quiet phase began", brief(settle))}
}

// by names the node that answered, if one did.
func by(node string) string {
	if node == "" {
		return ""
	}
	return " by " + node
}
