package checker

import (
	"fmt"

	"cleave/history"
)

// SelfPreservation judges whether every node enters and leaves self-preservation when Eureka's formula
// says so, from the figures that it notes each time:
//
//	threshold = expected clients x Beats x Percent / 100, rounded down
//	leases may end if threshold > 0 and the heartbeats of the last bucket are more than the threshold
//
// More, not as many: at the threshold itself nobody goes. A note without figures says when, and cannot
// be held against the formula.
//
// Measured: "protections entered", "protections left", by all nodes together.
type SelfPreservation struct {
	Beats   int64 // heartbeats of one client in a bucket
	Percent int64 // the share of them that must be exceeded
}

// Name is "self-preservation".
func (SelfPreservation) Name() string { return "self-preservation" }

// Check judges. It is Unknown if no node noted anything, or something that cannot be read.
func (s SelfPreservation) Check(h *history.History, _ Budget) Result {
	entered, left, figured := 0, 0, 0
	for _, event := range h.Notes() {
		if event.Note.Kind != "self-preservation" {
			continue
		}
		said, err := turnOf(&event)
		if err != nil {
			return Result{Verdict: Unknown, Reason: err.Error()}
		}
		if said.preserved {
			entered++
		} else {
			left++
		}
		if !said.figures.noted {
			continue
		}
		figured++
		if wrong := s.wrong(said); wrong != "" {
			return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s %s self-preservation against the formula", event.Note.Node, verb(said)),
				Witness: &Witness{Operations: []history.Operation{}, Explanation: []string{
					fmt.Sprintf("%s %s self-preservation at %s, %s", event.Note.Node, verb(said), second(event.Time), said.figures), wrong}}}
		}
	}
	result := Result{Verdict: Valid, Reason: fmt.Sprintf("%s in and %d out, by the formula", counted(entered, "way"), left),
		Measures: []Measure{cell{}.measure("protections entered", float64(entered), Count), cell{}.measure("protections left", float64(left), Count)}}
	switch {
	case entered+left == 0:
		result.Verdict, result.Reason = Unknown, "no node noted that it enters or leaves self-preservation"
	case figured == 0:
		result.Verdict, result.Reason = Unknown, "no node noted the figures by which it enters or leaves self-preservation"
	}
	return result
}

func verb(t turn) string {
	if t.preserved {
		return "entered"
	}
	return "left"
}

// wrong tells what contradicts the formula, "" if nothing does.
func (s SelfPreservation) wrong(said turn) string {
	f := said.figures
	if threshold := f.expected * s.Beats * s.Percent / 100; f.threshold != threshold {
		return fmt.Sprintf("the threshold of %s is %d: %d heartbeats each, of which %d percent",
			counted(int(f.expected), "client"), threshold, s.Beats, s.Percent)
	}
	open := f.threshold > 0 && f.renews > f.threshold
	switch {
	case said.preserved && open:
		return fmt.Sprintf("%d is more than %d: leases may end", f.renews, f.threshold)
	case said.preserved != open:
		return ""
	case f.threshold == 0:
		return "with a threshold of 0 no lease may end"
	}
	return fmt.Sprintf("%d is not more than %d: no lease may end", f.renews, f.threshold)
}
