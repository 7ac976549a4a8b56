package checker

import (
	"fmt"
	"strconv"
	"strings"

	"cleave/history"
)

// firing is a shard at a trigger.
type firing struct {
	shard   string
	trigger int64
}

// firings lists the notes of a kind, "runs" or "done", whose detail is "shard trigger".
func firings(h *history.History, kind string) (list []firing, events []history.Event) {
	for _, event := range h.Notes() {
		shard, digits, found := strings.Cut(event.Note.Detail, " ")
		trigger, err := strconv.ParseInt(digits, 10, 64)
		if event.Note.Kind == kind && found && err == nil {
			list, events = append(list, firing{shard, trigger}), append(events, event)
		}
	}
	return list, events
}

// RunsOnce judges whether no shard of a scheduled job is run twice for one trigger, by the notes "runs" and "done" with the
// detail "shard trigger".
//
//	c1 runs job/3 17
//	c2                      runs job/3 17      invalid, even if c1 died in between
//
// Measured: "runs"; "run again", how many were not the first; "interrupted", how many did not come to their end.
type RunsOnce struct{}

// Name is "runs-once".
func (RunsOnce) Name() string { return "runs-once" }

// Check judges. It is Unknown if nothing ran.
func (RunsOnce) Check(h *history.History, _ Budget) Result {
	began, events := firings(h, "runs")
	done, _ := firings(h, "done")
	if len(began) == 0 {
		return Result{Verdict: Unknown, Reason: "nothing ran"}
	}
	first, again := map[firing]history.Event{}, 0
	result := Result{Verdict: Valid, Reason: counted(len(began), "run") + ", each for a trigger of its own"}
	for i, f := range began {
		before, twice := first[f]
		if !twice {
			first[f] = events[i]
			continue
		}
		if again++; result.Witness == nil {
			result.Verdict = Invalid
			result.Witness = &Witness{Key: f.shard, Operations: []history.Operation{}, Explanation: []string{
				fmt.Sprintf("%s ran %s for trigger %d at %s", before.Note.Node, f.shard, f.trigger, second(before.Time)),
				fmt.Sprintf("%s ran it for the same again at %s", events[i].Note.Node, second(events[i].Time))}}
		}
	}
	if again > 0 {
		result.Reason = fmt.Sprintf("%d of %s were for a trigger that had been run before", again, counted(len(began), "run"))
	}
	result.Measures = []Measure{cell{}.measure("runs", float64(len(began)), Count), cell{}.measure("run again", float64(again), Count),
		cell{}.measure("interrupted", float64(len(began)-len(done)), Count)}
	return result
}

// EveryTrigger judges whether a scheduled job is run for every trigger that nothing disturbs, each shard of it: for those that
// are due Patience or more before the first fault, and from Settle after the heal on, up to CatchUp before the end of the run.
//
//	0    1    2    3    4    5    6     triggers
//	         |=fault=|      Settle
//	 judged                      |==    invalid if a shard has no run for one of these
//
// Trigger 0 is due when the first run for it began at the earliest, as far as can be told from the runs that no fault
// could disturb.
//
// Measured, of all triggers up to CatchUp before the end: "triggers", counted by shards, and "missed"; and "covered after", from the heal
// to the beginning of the last run of the first trigger from then on of which all shards were run.
type EveryTrigger struct {
	Shards                           []string
	Every, Patience, Settle, CatchUp history.Time
}

// Name is "every-trigger".
func (EveryTrigger) Name() string { return "every-trigger" }

// Check judges. It is Unknown if nothing ran that no fault could disturb.
func (e EveryTrigger) Check(h *history.History, _ Budget) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	disturbed := firstFault(h)
	began, known := e.beginning(h, disturbed, quiet)
	if !isQuiet || !known {
		return Result{Verdict: Unknown, Reason: "nothing ran that no fault could disturb"}
	}
	ran, attending := firstRuns(h), attendance(h, e.Shards[0])
	total, missed, judged, covered := 0, 0, 0, history.Forever
	var lost []string
	for trigger := int64(0); began+history.Time(trigger)*e.Every <= h.End()-e.CatchUp; trigger++ {
		due := began + history.Time(trigger)*e.Every
		last, left := e.runsFor(trigger, ran)
		total, missed = total+len(e.Shards), missed+len(left)
		if len(left) == 0 && due >= quiet {
			covered = min(covered, max(last, quiet))
		}
		attended := len(throughout(attending, due, min(due+e.Patience, h.End()))) > 0
		if attended && (due+e.Patience <= disturbed || due >= quiet+e.Settle) {
			judged++
			for _, shard := range left {
				lost = append(lost, fmt.Sprintf("%s was due at %s for trigger %d, and nobody ran it", shard, second(due), trigger))
			}
		}
	}
	result := Result{Verdict: Valid, Measures: []Measure{cell{}.measure("triggers", float64(total), Count),
		cell{}.measure("missed", float64(missed), Count)}}
	if covered != history.Forever {
		result.Measures = append(result.Measures, cell{}.measure("covered after", milliseconds(covered-quiet), Milliseconds))
	}
	switch {
	case len(lost) > 0:
		result.Verdict = Invalid
		result.Reason = fmt.Sprintf("%s that nothing disturbed had no run, the first: %s", counted(len(lost), "shard"), lost[0])
		result.Witness = &Witness{Operations: []history.Operation{}, Explanation: lost[:min(len(lost), mostTold)]}
	case judged == 0:
		result.Verdict, result.Reason = Unknown, "no trigger was due that nothing disturbed"
	default:
		result.Reason = fmt.Sprintf("%s that nothing disturbed, all run; missed %d of %d in all", counted(judged, "trigger"), missed, total)
	}
	return result
}

// mostTold is how many of those that were missed are told of.
const mostTold = 5

// runsFor tells when the last of a trigger's runs began, and which shards had none.
func (e EveryTrigger) runsFor(trigger int64, ran map[firing]history.Time) (last history.Time, left []string) {
	for _, shard := range e.Shards {
		at, was := ran[firing{shard, trigger}]
		if last = max(last, at); !was {
			left = append(left, shard)
		}
	}
	return last, left
}

// firstRuns is when each shard was first run for each trigger.
func firstRuns(h *history.History) map[firing]history.Time {
	list, events := firings(h, "runs")
	ran := map[firing]history.Time{}
	for i, f := range list {
		if _, again := ran[f]; !again {
			ran[f] = events[i].Time
		}
	}
	return ran
}

// beginning is when trigger 0 was due: no run that nothing disturbs is early, and some are on time.
func (e EveryTrigger) beginning(h *history.History, disturbed, quiet history.Time) (began history.Time, known bool) {
	list, events := firings(h, "runs")
	began = history.Forever
	for i, f := range list {
		if at := events[i].Time; at < disturbed || at >= quiet {
			began = min(began, at-history.Time(f.trigger)*e.Every)
		}
	}
	return began, began != history.Forever
}

// firstFault is when the first fault that does anything began, Forever if none did.
func firstFault(h *history.History) history.Time {
	for _, event := range h.Faults() {
		if event.Fault.Kind != "none" {
			return event.Time
		}
	}
	return history.Forever
}
