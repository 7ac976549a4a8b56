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
	kept, gone, dead := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range finals.lists {
		list := &finals.lists[i]
		since, open := protection.openSince(finals.source(list), list.Completed)
		for _, instance := range finals.registry.instances {
			ended, next := finals.registry.lifeAt(instance, list.Invoked)
			if ended == nil || ended.gone() >= list.Invoked || next <= list.Completed {
				continue
			}
			dead[instance] = true
			judged := open && finals.source(list) != "" && list.Invoked > max(since, ended.gone(), finals.quiet)+history.Time(d.Allowed)
			switch {
			case judged && list.lists(instance):
				return d.ghost(instance, ended, list, finals.source(list), since)
			case judged:
				gone[instance] = true
			case list.lists(instance):
				kept[instance] = true
			}
		}
	}
	if len(dead) == 0 {
		return Result{Verdict: Unknown, Reason: "nobody had died or left"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf(
		"%s: of %d that died or left, %d had to be gone and are; %d are kept by self-preservation, or not yet due",
		counted(len(finals.lists), "final list"), len(dead), len(gone), len(kept)),
		Measures: []Measure{cell{}.measure("ghosts kept", float64(len(kept)), Count), cell{}.measure("dead gone", float64(len(gone)), Count)}}
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
				shownBy(list), during(*list.Operation), d.Allowed),
		}}}
}
