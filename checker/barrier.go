package checker

import (
	"fmt"

	"cleave/history"
)

// Barrier judges double barriers, one per key: nobody is through "enter" before as many as its argument says have come, who have
// asked to enter, were not refused, and have not left again before; and nobody is through "leave" while somebody who is in
// has not asked to leave, unless that one's session has ended, or it has died.
//
//	c1 |--enter 2--| ok                   invalid: c2 had not come
//	c2                |--enter 2--|
type Barrier struct{}

// Name is "barrier".
func (Barrier) Name() string { return "barrier" }

// Check judges. It is Unknown if nobody got through.
func (Barrier) Check(h *history.History, _ Budget) Result {
	ends := sessionEnds(h)
	entered, left := 0, 0
	for _, key := range h.Keys() {
		operations := h.ByKey(key)
		for i := range operations {
			o := &operations[i]
			if o.Outcome != history.Ok {
				continue
			}
			switch o.Function {
			case history.Enter:
				entered++
				if found := tooEarly(operations, o); found != nil {
					return *found
				}
			case history.Leave:
				left++
				if found := leftBehind(operations, o, ends); found != nil {
					return *found
				}
			}
		}
	}
	if entered == 0 {
		return Result{Verdict: Unknown, Reason: "nobody got through a barrier"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%d entered and %d left, all together", entered, left),
		Measures: []Measure{cell{}.measure("entered", float64(entered), Count), cell{}.measure("left", float64(left), Count)}}
}

// tooEarly is the result if fewer had come than an enter says.
func tooEarly(operations []history.Operation, o *history.Operation) *Result {
	expected, _ := o.Argument.AsInteger()
	came := map[string]bool{}
	for i := range operations {
		switch other := &operations[i]; {
		case other.Function == history.Enter && other.Invoked < o.Completed && other.Outcome != history.Fail:
			came[other.Client] = true
		case other.Function == history.Leave && other.Outcome == history.Ok && other.Completed < o.Invoked:
			delete(came, other.Client)
		}
	}
	if int64(len(came)) >= expected {
		return nil
	}
	text := fmt.Sprintf("%s entered %s %s, when %d of %d had come", o.Client, o.Key, during(*o), len(came), expected)
	return &Result{Verdict: Invalid, Reason: text, Witness: &Witness{Key: o.Key, Operations: []history.Operation{*o}, Explanation: []string{text}}}
}

// leftBehind is the result if somebody was in who had not asked to leave.
func leftBehind(operations []history.Operation, o *history.Operation, ends map[string][]history.Time) *Result {
	last := map[string]*history.Operation{} // of each other client, before o ended
	for i := range operations {
		if other := &operations[i]; other.Client != o.Client && other.Invoked < o.Completed && other.Function != history.Children {
			last[other.Client] = other
		}
	}
	for i := range operations { // in order, so that the witness is the same each time
		other := &operations[i]
		if last[other.Client] != other || other.Function != history.Enter || other.Outcome != history.Ok || other.Completed >= o.Invoked ||
			endedAfter(ends[other.Client], other.Invoked) {
			continue
		}
		text := fmt.Sprintf("%s left %s %s, and %s, which had entered %s, had not asked to leave", o.Client, o.Key, during(*o), other.Client, during(*other))
		return &Result{Verdict: Invalid, Reason: text,
			Witness: &Witness{Key: o.Key, Operations: []history.Operation{*other, *o}, Explanation: []string{text}}}
	}
	return nil
}

// sessionEnds lists when each client died, or was told that its session had expired: the session may have ended long before.
func sessionEnds(h *history.History) map[string][]history.Time {
	ends := map[string][]history.Time{}
	for _, event := range h.Notes() {
		if event.Note.Kind == noteExpired {
			ends[event.Note.Node] = append(ends[event.Note.Node], event.Time)
		}
	}
	for i := range h.Operations {
		if o := &h.Operations[i]; o.Function == history.Die || o.Function == history.Close {
			ends[o.Client] = append(ends[o.Client], o.Completed)
		}
	}
	return ends
}

func endedAfter(ends []history.Time, at history.Time) bool {
	for _, end := range ends {
		if end >= at {
			return true
		}
	}
	return false
}
