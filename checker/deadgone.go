package checker

import (
	"fmt"
	"time"

	"cleave/history"
)

// DeadGone judges whether, when all is healed, the dead are gone from every list, by the rules of leases
// that end only while a node does not preserve itself. All lookups, of nodes and of caches, are judged
// that were invoked Settle or more after the quiet phase began. An instance must be gone from one if it
// had been on its way out for longer than Allowed, and all faults had been over for longer than that,
// and the node whose list it is had been free to evict for longer than that.
//
//	a  die ||                    quiet
//	n1     ... preserves ...  left  |...... Allowed ......|--lookup--| [a]     invalid
//	n2     ... preserves .................................|--lookup--| [a]     kept by self-preservation
//
// Measured: "ghosts kept", instances that are listed at the end by a node that preserves, or was not
// free for long enough; "dead gone", instances that every list had to lack, and lacked.
type DeadGone struct {
	Service string // the key of the lookups; "" for all
	Settle  time.Duration
	Allowed time.Duration
}

// Name is "dead-gone".
func (DeadGone) Name() string { return "dead-gone" }

// Check judges. It is Unknown without a final lookup, or if nobody had died.
func (d DeadGone) Check(h *history.History, budget Budget) Result {
	finals := budget.Facts.finalistsOf(h, d.Service, history.Time(d.Settle))
	if len(finals.lists) == 0 {
		return noFinals(d.Settle)
	}
	protection, err := protectionOf(h)
	if err != nil {
		return Result{Verdict: Unknown, Reason: err.Error()}
	}
	kept, gone, dead := finals.registry.none(), finals.registry.none(), finals.registry.none()
	for i := range finals.lists {
		list := &finals.lists[i]
		since, open := protection.openSince(finals.source(list), list.Completed)
		for number, its := range finals.registry.lives {
			ended, next := its.at(list.Invoked)
			if ended == nil || ended.gone() >= list.Invoked || next <= list.Completed {
				continue
			}
			dead.add(number)
			judged := open && finals.source(list) != "" && list.Invoked > max(since, ended.gone(), finals.quiet)+history.Time(d.Allowed)
			switch {
			case judged && list.shows(number):
				return d.ghost(finals.registry.instances[number], ended, list, finals.source(list), since)
			case judged:
				gone.add(number)
			case list.shows(number):
				kept.add(number)
			}
		}
	}
	if dead.size() == 0 {
		return Result{Verdict: Unknown, Reason: "nobody had died or left"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf(
		"%s: of %d that died or left, %d had to be gone and are; %d are kept by self-preservation, or not yet due",
		counted(len(finals.lists), "final list"), dead.size(), gone.size(), kept.size()),
		Measures: []Measure{cell{}.measure("ghosts kept", float64(kept.size()), Count), cell{}.measure("dead gone", float64(gone.size()), Count)}}
}

func (d DeadGone) ghost(instance string, ended *life, list *inquiry, source string, since history.Time) Result {
	free := fmt.Sprintf("%s never preserved anybody", source)
	if since > beginning {
		free = fmt.Sprintf("%s has been free to evict since %s", source, second(since))
	}
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s is long dead and %s shows it", instance, listName(list)),
		Witness: &Witness{Key: list.Key, Operations: []history.Operation{*ended.end, *list.Operation}, Explanation: []string{
			fmt.Sprintf("%s was kept up no longer from %s on (%s)", instance, second(ended.gone()), ended.end.Function),
			free,
			fmt.Sprintf("%s showed %s%s at %s, more than the %s allowed after that and after the heal", shownTo(list), shownList(list.listed),
				shownBy(list), during(*list.Operation), brief(d.Allowed)),
		}}}
}
