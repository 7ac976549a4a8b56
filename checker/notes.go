package checker

import (
	"fmt"
	"strconv"
	"strings"

	"cleave/history"
)

// NoPanic judges whether no node's invariant broke: a note of kind "panic" is Invalid.
type NoPanic struct{}

// Name is "no-panic".
func (NoPanic) Name() string { return "no-panic" }

// Check judges.
func (NoPanic) Check(h *history.History, _ Budget) Result {
	for _, event := range h.Notes() {
		if event.Note.Kind == "panic" {
			return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s panicked: %s", event.Note.Node, event.Note.Detail),
				Witness: &Witness{Operations: []history.Operation{}, Explanation: []string{
					fmt.Sprintf("%s panicked at %s: %s", event.Note.Node, second(event.Time), event.Note.Detail)}}}
		}
	}
	return Result{Verdict: Valid, Reason: "no node panicked"}
}

// ElectionSafety judges whether a term has at most one leader (Ongaro and Ousterhout, USENIX ATC 2014,
// figure 3), from the notes of kind "leader" with the detail "term N".
type ElectionSafety struct{}

// Name is "election-safety".
func (ElectionSafety) Name() string { return "election-safety" }

// Check judges. It is Unknown if nobody ever said that it leads.
func (ElectionSafety) Check(h *history.History, _ Budget) Result {
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
