package checker

import (
	"fmt"
	"slices"
	"strings"

	"cleave/history"
)

// Vacuity judges whether a run can show anything: it is Unknown, never Invalid, if no read or lookup
// was ok, or if a fault that ended hit nobody: it cut links on which no message was lost, or disturbed
// links and did nothing to a message, or filled disks on which nobody wanted to write (no such node noted
// "no-space", "halt" or "exit"), or none of these, nor hit a node. A fault of kind "none" hits nobody on purpose.
type Vacuity struct{}

// Name is "vacuity".
func (Vacuity) Name() string { return "vacuity" }

// Check judges.
func (Vacuity) Check(h *history.History, _ Budget) Result {
	var causes []string
	observations := 0
	for i := range h.Operations {
		if operation := &h.Operations[i]; operation.Outcome == history.Ok && !operation.Function.Mutates() && operation.Function != history.Home {
			observations++
		}
	}
	if observations == 0 {
		causes = append(causes, "no read or lookup was ok")
	}
	faults := 0
	for _, fault := range faultsOf(h) {
		if !fault.ended || fault.kind == "none" {
			continue
		}
		faults++
		if cause := missed(h, &fault); cause != "" {
			causes = append(causes, fmt.Sprintf("fault %d (%s) %s", fault.id, fault.kind, cause))
		}
	}
	if len(causes) > 0 {
		return Result{Verdict: Unknown, Reason: strings.Join(causes, "; ")}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s, and %s that hit somebody", counted(observations, "ok read or lookup"), counted(faults, "fault"))}
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
	case len(fault.full) > 0 && !ranOutOfSpace(h, fault):
		return fmt.Sprintf("filled the disk of %s, which wanted to write nothing", strings.Join(fault.full, ", "))
	}
	return ""
}

// ranOutOfSpace tells whether a node with a full disk noted that it missed the room.
func ranOutOfSpace(h *history.History, fault *disturbance) bool {
	return slices.ContainsFunc(h.Notes(), func(event history.Event) bool {
		return event.Time >= fault.start && event.Time <= fault.end && slices.Contains(fault.full, event.Note.Node) &&
			slices.Contains([]string{"no-space", "halt", "exit"}, event.Note.Kind)
	})
}
