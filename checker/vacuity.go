package checker

import (
	"fmt"
	"strings"

	"cleave/history"
)

// Vacuity judges whether a run can show anything: it is Unknown, never Invalid, if no read or lookup
// was ok, or if a fault that ended hit nobody, because it cut links on which no message was lost, or
// neither a link nor a node. A fault of kind "none" hits nobody on purpose.
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
		switch {
		case fault.links > 0 && fault.dropped == 0 && fault.nodes == 0:
			causes = append(causes, fmt.Sprintf("fault %d (%s) cut %s and no message was lost", fault.id, fault.kind, counted(fault.links, "link")))
		case fault.links > 0 && fault.dropped == 0:
			causes = append(causes, fmt.Sprintf("fault %d (%s) cut %s around %s and no message was lost", fault.id, fault.kind,
				counted(fault.links, "link"), counted(fault.nodes, "node")))
		case fault.links == 0 && fault.nodes == 0:
			causes = append(causes, fmt.Sprintf("fault %d (%s) hit no node and no link", fault.id, fault.kind))
		}
	}
	if len(causes) > 0 {
		return Result{Verdict: Unknown, Reason: strings.Join(causes, "; ")}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s, and %s that hit somebody", counted(observations, "ok read or lookup"), counted(faults, "fault"))}
}
