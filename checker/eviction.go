package checker

import (
	"fmt"
	"slices"
	"time"

	"cleave/history"
)

// NoEviction judges whether a node that preserves itself drops nobody. An instance that a node lists
// stays in the lists of that node as long as the node notes no end of its self-preservation, whether the
// instance lives or has died, unless it was taken out or its status was overridden. A node's list may be
// as old as Notice: the node must have preserved itself for that long before the first of the two lookups.
//
//	n1      entered           |..Notice..|                              left
//	c2 from n1                           |--lookup--| [a b]  |--lookup--| [b]     invalid, also if a is dead
//
// It is also broken if another node's eviction is told to the one that preserves itself.
type NoEviction struct {
	Service string // the key of the lookups; "" for all
	Notice  time.Duration
}

// Name is "no-eviction".
func (NoEviction) Name() string { return "no-eviction" }

// Check judges. It is Unknown if no two lookups were answered by a node that preserved itself meanwhile.
func (n NoEviction) Check(h *history.History, budget Budget) Result {
	protection, err := protectionOf(h)
	if err != nil {
		return Result{Verdict: Unknown, Reason: err.Error()}
	}
	registry, overridden, judged := budget.Facts.registryOf(h), overriddenIn(h), 0
	for _, pair := range succession(budget.Facts.inquiries(h, n.Service, history.Lookup)) {
		since, preserved := protection.through(pair.later.Node, pair.earlier.Invoked-history.Time(n.Notice), pair.later.Completed)
		if !preserved {
			continue
		}
		judged++
		for _, instance := range pair.earlier.listed {
			if !pair.later.lists(instance) && !slices.Contains(overridden, instance) && registry.stays(instance, &pair) {
				return n.evicted(&registry, instance, &pair, since)
			}
		}
	}
	if judged == 0 {
		return Result{Verdict: Unknown, Reason: "no node was asked twice while it preserved itself"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s: nobody was dropped by a node that preserved itself",
		counted(judged, "list"))}
}

// stays tells whether nobody tries to have an instance taken out between two lookups; it may well die.
func (r *registry) stays(instance string, pair *consecutive) bool {
	current, next := r.lifeAt(instance, pair.earlier.Completed)
	if current == nil || next <= pair.later.Completed {
		return false
	}
	return current.end == nil || current.end.Function == history.Die && current.leaving == current.end.Invoked || current.leaving > pair.later.Completed
}

// consecutive are two lookups of one service that one node answered, one after the other.
type consecutive struct{ earlier, later *inquiry }

// succession pairs every lookup with the last one that its node had answered before it was asked.
func succession(lookups []inquiry) []consecutive {
	var pairs []consecutive
	answered := map[[2]string][]*inquiry{} // by node and service, in order of completion
	for i := range lookups {
		list := &lookups[i]
		if list.Node == "" {
			continue
		}
		place := [2]string{list.Node, list.Key}
		for before := len(answered[place]) - 1; before >= 0; before-- {
			if earlier := answered[place][before]; earlier.Completed < list.Invoked {
				pairs = append(pairs, consecutive{earlier, list})
				break
			}
		}
		answered[place] = append(answered[place], list)
	}
	return pairs
}

// overriddenIn are the instances whose status anybody tried to override.
func overriddenIn(h *history.History) []string {
	var found []string
	for i := range h.Operations {
		if operation := &h.Operations[i]; operation.Function == history.SetStatus || operation.Function == history.ClearStatus {
			found = append(found, operation.Key)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func (n NoEviction) evicted(registry *registry, instance string, pair *consecutive, since turn) Result {
	current, _ := registry.lifeAt(instance, pair.earlier.Completed)
	fate := "was up"
	if current.end != nil && current.leaving <= pair.later.Completed {
		fate = "had died at " + second(current.leaving) + ", which is no reason,"
	}
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s preserved itself and dropped %s", pair.later.Node, instance),
		Witness: &Witness{Key: pair.later.Key, Operations: []history.Operation{*pair.earlier.Operation, *pair.later.Operation}, Explanation: []string{
			fmt.Sprintf("%s entered self-preservation at %s, %s, and had not left it by %s", pair.later.Node, second(since.at), since.figures,
				second(pair.later.Completed)),
			fmt.Sprintf("%s was shown %s by %s at %s", pair.earlier.Client, shownList(pair.earlier.listed), pair.earlier.Node, during(*pair.earlier.Operation)),
			fmt.Sprintf("%s was shown %s by it at %s, without %s, which %s and was not taken out", pair.later.Client, shownList(pair.later.listed),
				during(*pair.later.Operation), instance, fate),
		}}}
}
