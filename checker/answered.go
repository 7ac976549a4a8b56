package checker

import (
	"fmt"

	"cleave/history"
)

// Answered judges whether enough of all operations were answered, whatever was done to the system and wherever its clients stood:
// ok, or failed by a definite refusal of a server that was able to serve (see Refusal). It is Unknown if nobody asked for anything.
type Answered struct {
	Least int // of a thousand
}

// Name is "answered".
func (Answered) Name() string { return "answered" }

// Check judges. The witness is the first operation that was not answered.
func (a Answered) Check(h *history.History, _ Budget) Result {
	asked, served := 0, 0
	var first *history.Operation
	for i := range h.Operations {
		operation := &h.Operations[i]
		if !(Availability{}).concerns(operation) {
			continue
		}
		asked++
		if answered(operation) {
			served++
		} else if first == nil {
			first = operation
		}
	}
	text := fmt.Sprintf("%d of %s were answered", served, counted(asked, "operation"))
	switch {
	case asked == 0:
		return Result{Verdict: Unknown, Reason: "nobody asked for anything"}
	case served*1000 >= asked*a.Least:
		return Result{Verdict: Valid, Reason: text}
	}
	return Result{Verdict: Invalid, Reason: text, Witness: &Witness{Key: first.Key, Operations: []history.Operation{*first},
		Explanation: []string{fmt.Sprintf("%s; at least %d of a thousand were to be. The first that was not: %s", text, a.Least, first)}}}
}
