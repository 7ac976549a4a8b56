package checker

import (
	"fmt"
	"slices"
	"strings"

	"cleave/history"
)

// Vacuity judges whether a run can show anything: it is Unknown, never Invalid, if the run was ended early, if no read or lookup
// was ok, if a fault never began or never ended, or if one that ended hit nobody: it cut links on which no message was lost, or disturbed
// links and did nothing to a message, or was there for nodes that write, and nobody wrote (none of those with full
// disks noted "no-space", "halt" or "exit", and so on), or none of these, nor hit a node. A fault of kind "none" hits nobody on purpose.
type Vacuity struct {
	Planned int // faults that the run was to have; 0 if nobody knows
}

// Name is "vacuity".
func (Vacuity) Name() string { return "vacuity" }

// Check judges.
func (v Vacuity) Check(h *history.History, _ Budget) Result {
	var causes []string
	if _, why, early := h.EndedEarly(); early {
		causes = append(causes, "the run ended early: "+why)
	}
	observations := 0
	for i := range h.Operations {
		if operation := &h.Operations[i]; operation.Outcome == history.Ok && observes(operation.Function) {
			observations++
		}
	}
	if observations == 0 {
		causes = append(causes, "no read or lookup was ok")
	}
	faults, begun := 0, faultsOf(h)
	if never := v.Planned - len(begun); never > 0 {
		causes = append(causes, fmt.Sprintf("of %s %d never began", counted(v.Planned, "planned fault"), never))
	}
	for _, fault := range begun {
		cause := "never ended"
		switch {
		case fault.ended && fault.kind == "none":
			continue
		case fault.ended:
			faults++
			cause = missed(h, &fault)
		}
		if cause != "" {
			causes = append(causes, fmt.Sprintf("fault %d (%s) %s", fault.id, fault.kind, cause))
		}
	}
	if len(causes) > 0 {
		return Result{Verdict: Unknown, Reason: strings.Join(causes, "; ")}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s, and %s that hit somebody", counted(observations, "ok read or lookup"), counted(faults, "fault"))}
}

// observes tells whether a function has a client see something of a system.
func observes(function history.Function) bool {
	return function == history.Txn || !function.Mutates() && function != history.Home
}

// Idle gives the numbers of those faults that ended and hit nobody, in order: what makes a run Unknown to Vacuity.
func Idle(h *history.History) []int {
	var idle []int
	for _, fault := range faultsOf(h) {
		if fault.ended && fault.kind != "none" && missed(h, &fault) != "" {
			idle = append(idle, fault.id)
		}
	}
	return idle
}

// missed says why a fault hit nobody, "" if it hit somebody.
func missed(h *history.History, fault *disturbance) string {
	around := ""
	if fault.nodes > 0 {
		around = " around " + counted(fault.nodes, "node")
	}
	switch {
	case fault.dropped > 0 || fault.touched > 0:
		return ""
	case fault.links > 0:
		return fmt.Sprintf("cut %s%s and no message was lost", counted(fault.links, "link"), around)
	case fault.disturbed > 0:
		return fmt.Sprintf("disturbed %s and did nothing to a message", counted(fault.disturbed, "link"))
	case fault.nodes == 0:
		return "hit no node and no link"
	case len(fault.idle) > 0 && !fault.shown(h):
		return fmt.Sprintf("%s %s, which wanted to write nothing", trapOf(fault.kind).did, strings.Join(fault.idle, ", "))
	}
	return ""
}

// trap is a kind of fault that a node meets when it writes, and notes then.
type trap struct {
	kind, did string
	notes     []string
	state     func(*history.Connectivity) []string // the nodes that are in it
}

var traps = []trap{
	{"full-disk", "filled the disk of", []string{"no-space", "halt", "exit"}, func(c *history.Connectivity) []string { return c.Full }},
	{"failing-sync", "failed the syncs of", []string{"sync-failed", "halt", "exit"}, func(c *history.Connectivity) []string { return c.Ailing }},
	{"kill-during-write", "waited for a sync of", []string{"kill"}, func(c *history.Connectivity) []string { return c.Down }},
}

// trapOf is the trap that a kind of fault is, nil if it is none.
func trapOf(kind string) *trap {
	at := slices.IndexFunc(traps, func(t trap) bool { return t.kind == kind })
	if at < 0 {
		return nil
	}
	return &traps[at]
}

// lieInWait takes note of the nodes for which a fault becomes a trap: that run, and were in none such before.
func (d *disturbance) lieInWait(fault *history.Fault, before *history.Connectivity) {
	t := trapOf(fault.Kind)
	if t == nil || fault.Stage == history.FaultEnd {
		return
	}
	for _, node := range fault.Nodes {
		if slices.Contains(t.state(&fault.After), node) && !slices.Contains(t.state(before), node) && !slices.Contains(before.Down, node) &&
			!slices.Contains(d.idle, node) {
			d.idle = append(d.idle, node)
		}
	}
}

// shown tells whether a node noted that it met the trap.
func (d *disturbance) shown(h *history.History) bool {
	return slices.ContainsFunc(h.Notes(), func(event history.Event) bool {
		return event.Time >= d.start && event.Time <= d.end && slices.Contains(d.idle, event.Note.Node) &&
			slices.Contains(trapOf(d.kind).notes, event.Note.Kind)
	})
}
