package checker

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cleave/history"
)

// NoPanic judges whether no node's invariant broke: a note of kind "panic" is Invalid, and so is one of kind
// "exit", a process that ended by itself, unless its disk was full or ailing, or "protocol", one that said what makes no sense.
type NoPanic struct{}

// Name is "no-panic".
func (NoPanic) Name() string { return "no-panic" }

// Check judges.
func (NoPanic) Check(h *history.History, _ Budget) Result {
	for _, event := range h.Notes() {
		if event.Note.Kind == "exit" && !wasIll(h, event) {
			return exited(h, event)
		}
		if event.Note.Kind == "protocol" {
			text := fmt.Sprintf("the protocol was broken, says %s at %s: %s", event.Note.Node, second(event.Time), event.Note.Detail)
			return Result{Verdict: Invalid, Reason: text, Witness: &Witness{Operations: []history.Operation{}, Explanation: []string{text}}}
		}
		if event.Note.Kind == "panic" {
			return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s panicked: %s", event.Note.Node, event.Note.Detail),
				Witness: &Witness{Operations: []history.Operation{}, Explanation: []string{
					fmt.Sprintf("%s panicked at %s: %s", event.Note.Node, second(event.Time), event.Note.Detail)}}}
		}
	}
	return Result{Verdict: Valid, Reason: "no node panicked"}
}

// wasIll tells whether a node's disk has been full, or failed or damaged, before something was noted of it.
func wasIll(h *history.History, noted history.Event) bool {
	for _, event := range h.Faults() {
		ill := slices.Contains(event.Fault.After.Full, noted.Note.Node) || slices.Contains(event.Fault.After.Ailing, noted.Note.Node)
		if ill && event.Index < noted.Index {
			return true
		}
	}
	return false
}

// exited is the result of a process that ended by itself, with how often it did.
func exited(h *history.History, first history.Event) Result {
	times := 0
	for _, event := range h.Notes() {
		if event.Note.Kind == "exit" && event.Note.Node == first.Note.Node {
			times++
		}
	}
	text := fmt.Sprintf("%s ended by itself, %s, at %s first: %s", first.Note.Node, counted(times, "time"), second(first.Time), first.Note.Detail)
	return Result{Verdict: Invalid, Reason: text, Witness: &Witness{Operations: []history.Operation{}, Explanation: []string{text}}}
}

// Timekeeping judges whether a run in real time can be judged by times: it is Unknown if the harness itself
// stood still for a second or more, as its notes of kind "late" say, for then nobody knows what others did.
type Timekeeping struct{}

// Name is "timekeeping".
func (Timekeeping) Name() string { return "timekeeping" }

// Check judges.
func (Timekeeping) Check(h *history.History, _ Budget) Result {
	longest, stalls := Stalls(h)
	switch {
	case longest >= time.Second:
		return Result{Verdict: Unknown, Reason: fmt.Sprintf("the harness itself stood still %s, for up to %s: the machine was overloaded, or stopped",
			counted(stalls, "time"), longest)}
	case stalls > 0:
		return Result{Verdict: Valid, Reason: fmt.Sprintf("the harness itself stood still %s, for up to %s", counted(stalls, "time"), longest)}
	}
	return Result{Verdict: Valid, Reason: "the harness was never late by half a second"}
}

// Stalls says how long at most, and how often, the harness itself stood still.
func Stalls(h *history.History) (longest time.Duration, count int) {
	for _, event := range h.Notes() {
		if event.Note.Kind != "late" {
			continue
		}
		count++
		if stall, err := time.ParseDuration(event.Note.Detail); err == nil {
			longest = max(longest, stall)
		}
	}
	return longest, count
}

// ElectionSafety judges whether a term has at most one leader (Ongaro and Ousterhout, USENIX ATC 2014,
// figure 3), from the notes of kind "leader" with the detail "term N".
type ElectionSafety struct {
	// Leaderless systems there may be: where nobody says that it leads, no term has two leaders.
	Leaderless bool
}

// Name is "election-safety".
func (ElectionSafety) Name() string { return "election-safety" }

// Check judges. If nobody ever said that it leads it is Unknown, unless there may be no leader.
func (e ElectionSafety) Check(h *history.History, _ Budget) Result {
	claims := map[uint64]history.Event{}
	for _, event := range h.Notes() {
		term, claimed := termOf(*event.Note)
		if !claimed {
			continue
		}
		first, known := claims[term]
		if !known {
			claims[term] = event
			continue
		}
		if first.Note.Node != event.Note.Node {
			return Result{Verdict: Invalid, Reason: fmt.Sprintf("term %d has two leaders, %s and %s", term, first.Note.Node, event.Note.Node),
				Witness: &Witness{Operations: []history.Operation{}, Explanation: []string{
					fmt.Sprintf("%s said at %s that it leads term %d", first.Note.Node, second(first.Time), term),
					fmt.Sprintf("%s said at %s that it leads term %d", event.Note.Node, second(event.Time), term),
				}}}
		}
	}
	if len(claims) == 0 && e.Leaderless {
		return Result{Verdict: Valid, Reason: "no node ever said that it leads, and none has to"}
	}
	if len(claims) == 0 {
		return Result{Verdict: Unknown, Reason: "no node ever said that it leads"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s, one leader each", counted(len(claims), "term"))}
}

// termOf is the term that a note claims to lead, if it does.
func termOf(note history.Note) (term uint64, claimed bool) {
	digits, found := strings.CutPrefix(note.Detail, "term ")
	if note.Kind != "leader" || !found {
		return 0, false
	}
	term, err := strconv.ParseUint(digits, 10, 64)
	return term, err == nil
}
