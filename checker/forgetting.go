package checker

import (
	"fmt"
	"slices"
	"time"

	"cleave/history"
)

// NoForgetting judges what a registry with self-preservation promises: while a fault lasts, it does
// not drop an instance that is alive. An instance is judged for a client if the client's last ok
// lookup that completed before the fault began listed it; then every ok lookup (function lookup) of
// that client that lies wholly within the fault must list it, as long as it has not begun to leave.
//
//	c1 |--lookup--| [a b]    fault starts |   |--lookup--| [a]   | fault ends
//	                                          invalid: b is alive and was dropped
//
// It is for faults under which the system promises this, such as a cut between the registry and its
// instances, not for one that kills the servers that knew. From when another fault ends, the rest of one is not
// judged, nor is one that begins less than Calm after another's end: heartbeats that a cut has held up arrive
// together after it, count as if they were as many of now, and so make up for those that are missing.
//
//	heartbeats of c   | | | x x x x x x x x x    cut off by this fault
//	heartbeats of d   | | | x x x ||||| | | |    and by another that ends: with the late ones of d none seem to be missing
//
// Nor is a node judged that has noted since the fault began that it left self-preservation with more heartbeats than its
// threshold: they can fall unevenly into the buckets in which it counts them, so that a client that sends all of its
// own at once adds them to a bucket once more.
type NoForgetting struct {
	Service string   // the key of the lookups; "" for all
	Kinds   []string // the faults that are judged, by kind; empty for all
	Calm    time.Duration
}

// Name is "no-forgetting".
func (NoForgetting) Name() string { return "no-forgetting" }

// Check judges. It is Unknown if no entry of a lookup was judged.
func (n NoForgetting) Check(h *history.History, budget Budget) Result {
	registry, lookups, judged := budget.Facts.registryOf(h), budget.Facts.inquiries(h, n.Service, history.Lookup), 0
	faults := faultsOf(h)
	protection, err := protectionOf(h)
	if err != nil {
		return Result{Verdict: Unknown, Reason: err.Error()}
	}
	for _, fault := range faults {
		if len(n.Kinds) > 0 && !slices.Contains(n.Kinds, fault.kind) {
			continue
		}
		until := n.alone(fault, faults)
		before := map[asker]inquiry{}
		for _, lookup := range lookups {
			who := asker{lookup.Client, lookup.Function, lookup.Key}
			if lookup.Completed < fault.start {
				before[who] = lookup
			}
			known, looked := before[who]
			if !looked || lookup.Invoked < fault.start || lookup.Completed > until {
				continue
			}
			for _, instance := range known.listed {
				current, _ := registry.lifeAt(instance, known.Completed)
				if current == nil || current.leaving <= lookup.Completed {
					continue
				}
				listed := lookup.lists(instance)
				if !listed && protection.outnumbered(lookup.Node, fault.start, lookup.Completed) {
					continue
				}
				judged++
				if !listed {
					return forgotten(instance, fault, known, lookup)
				}
			}
		}
	}
	if judged == 0 {
		return Result{Verdict: Unknown, Reason: "no lookup during a fault was due to list an instance known before"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s due: every instance known before a fault and alive was listed during it", counted(judged, "listing"))}
}

// alone is until when no other fault has ended since shortly before one, or that has.
func (n NoForgetting) alone(fault disturbance, faults []disturbance) history.Time {
	until := fault.end
	for _, other := range faults {
		if other.id != fault.id && other.end > fault.start-history.Time(n.Calm) {
			until = min(until, other.end)
		}
	}
	return until
}

func forgotten(instance string, fault disturbance, before, lookup inquiry) Result {
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s is alive and was dropped during fault %d (%s)", instance, fault.id, fault.kind),
		Witness: &Witness{Key: lookup.Key, Operations: []history.Operation{*before.Operation, *lookup.Operation}, Explanation: []string{
			fmt.Sprintf("%s was shown %s%s at %s", before.Client, shownList(before.listed), by(before.Node), during(*before.Operation)),
			fmt.Sprintf("fault %d (%s) began at %s", fault.id, fault.kind, second(fault.start)),
			fmt.Sprintf("%s was shown %s%s at %s, without %s, which was alive", lookup.Client, shownList(lookup.listed),
				by(lookup.Node), during(*lookup.Operation), instance),
		}}}
}

// disturbance is a fault from its start to its end.
type disturbance struct {
	id         int
	kind       string
	start, end history.Time // end is Forever if it was not seen
	ended      bool
	nodes      int      // nodes that it hit, at most at any of its stages
	links      int      // links that it held cut, likewise
	dropped    int64    // messages lost to it
	disturbed  int      // links that it made worse, likewise
	touched    int64    // messages that it did something to
	idle       []string // the nodes it hit that show it only if they want to write
}

// faultsOf joins the events of each fault, in order of their start.
func faultsOf(h *history.History) []disturbance {
	var faults []disturbance
	place := map[int]int{}
	var before history.Connectivity
	for _, event := range h.Faults() {
		at, known := place[event.Fault.ID]
		if !known {
			at = len(faults)
			place[event.Fault.ID] = at
			faults = append(faults, disturbance{id: event.Fault.ID, kind: event.Fault.Kind, start: event.Time, end: history.Forever})
		}
		fault := &faults[at]
		fault.nodes = max(fault.nodes, len(event.Fault.Nodes))
		fault.links = max(fault.links, event.Fault.Links)
		fault.dropped = max(fault.dropped, event.Fault.Dropped)
		fault.disturbed = max(fault.disturbed, event.Fault.Disturbed)
		fault.touched = max(fault.touched, event.Fault.Touched)
		fault.lieInWait(event.Fault, &before)
		before = event.Fault.After
		if event.Fault.Stage == history.FaultEnd {
			fault.end, fault.ended = event.Time, true
		}
	}
	return faults
}
