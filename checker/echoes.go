package checker

import (
	"fmt"

	"cleave/checker/evidence"
	"cleave/history"
)

// Echoes judges whether every ok echo says what was said.
//
//	c1 |--echo e "a" = "b"--|     invalid
type Echoes struct{}

// Name is "echoes".
func (Echoes) Name() string { return "echoes" }

// Check judges. It is Unknown if there was no ok echo.
func (Echoes) Check(h *history.History, _ Budget) Result {
	heard := 0
	for i := range h.Operations {
		o := &h.Operations[i]
		if o.Function != history.Echo || o.Outcome != history.Ok {
			continue
		}
		if heard++; !o.Result.Equal(o.Argument) {
			return resultOf(evidence.Against("an echo says something else", []history.Operation{*o}, o.ID, fmt.Sprintf("%s was said", o.Argument)))
		}
	}
	if heard == 0 {
		return Result{Verdict: Unknown, Reason: "nothing was echoed"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%d echoed, all as said", heard)}
}
