package checker

import "cleave/history"

// LastAnswer measures for how long clients were still served after a fault had begun: what answers on the wrong
// side of a partition are those servers that have not noticed yet.
//
//	fault     ^cut                                             ^healed
//	c1          |--read--| ok   |--read--| ok   |--read--| fail ...
//	          |-- last answer after cut ---|
//
// Measured, by side and function: "last answer after cut", from the start of a fault to the completion of the last
// operation that was asked during it, answered before anything else changed, and asked by a client that stood on
// that side throughout; the longest over all faults. A side or function that was asked and not answered has 0. It
// judges nothing: Valid means that something was measured.
type LastAnswer struct{}

// Name is "last-answer".
func (LastAnswer) Name() string { return "last-answer" }

// Check measures.
func (LastAnswer) Check(h *history.History, budget Budget) Result {
	sides, concerned := budget.Facts.sidesOf(h), Availability{}
	var last table[history.Time]
	measured := 0
	for i := range h.Operations {
		operation := &h.Operations[i]
		during := sides.stretchAt(operation.Invoked)
		side := sides.During(*operation)
		if during.from <= 0 || during.until == history.Forever || side == Changing || !concerned.concerns(operation) {
			continue
		}
		measured++
		for _, c := range []cell{{side: side}, {side: side, function: operation.Function}} {
			longest := last.at(c)
			if answered(operation) && operation.GaveUp < during.until {
				*longest = max(*longest, operation.GaveUp-during.from)
			}
		}
	}
	if measured == 0 {
		return Result{Verdict: Unknown, Reason: "nothing was asked during a fault that changed who reaches whom"}
	}
	result := Result{Verdict: Valid, Reason: "measured on " + counted(measured, "operation")}
	for _, c := range last.sorted() {
		result.Measures = append(result.Measures, c.measure("last answer after cut", milliseconds(*last.at(c)), Milliseconds))
	}
	return result
}
