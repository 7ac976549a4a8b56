package checker

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cleave/history"
)

// protection is what nodes said of their self-preservation as time went by, and when they were down.
// A node that has said nothing since it booted is taken not to preserve anybody.
//
//	n1  ...|--preserved----|....  down  ....|--preserved--
//	     entered          left             entered
type protection struct {
	turns map[string][]turn // by node, in order of time
}

// turn is an instant at which a node's protection began, ended, or was forgotten because the node was
// killed.
type turn struct {
	at        history.Time
	preserved bool
	killed    bool
	figures   figures
}

// figures are those that a node decided by, as it noted them.
type figures struct {
	noted                       bool
	expected, threshold, renews int64
}

// String shows the figures for people.
func (f figures) String() string {
	if !f.noted {
		return "without figures"
	}
	return fmt.Sprintf("expecting %s, with a threshold of %d and %s in the last bucket",
		counted(int(f.expected), "client"), f.threshold, counted(int(f.renews), "heartbeat"))
}

// protectionOf reads the notes of kind "self-preservation" and the faults. It errs on a note that it
// does not understand.
func protectionOf(h *history.History) (protection, error) {
	p := protection{turns: map[string][]turn{}}
	var down []string
	for i := range h.Events {
		event := &h.Events[i]
		switch {
		case event.Type == history.FaultEvent:
			for _, node := range event.Fault.After.Down {
				if !slices.Contains(down, node) {
					p.turns[node] = append(p.turns[node], turn{at: event.Time, killed: true})
				}
			}
			down = event.Fault.After.Down
		case event.Type == history.NoteEvent && event.Note.Kind == "self-preservation":
			next, err := turnOf(event)
			if err != nil {
				return p, err
			}
			p.turns[event.Note.Node] = append(p.turns[event.Note.Node], next)
		}
	}
	return p, nil
}

// turnOf reads "entered expected=12 threshold=20 renews=18", or the first word alone.
func turnOf(event *history.Event) (turn, error) {
	words := strings.Fields(event.Note.Detail)
	bad := fmt.Errorf("%s noted at %s what says nothing of self-preservation: %.80q", event.Note.Node, second(event.Time), event.Note.Detail)
	if len(words) == 0 || words[0] != "entered" && words[0] != "left" {
		return turn{}, bad
	}
	found := turn{at: event.Time, preserved: words[0] == "entered"}
	places := map[string]*int64{"expected": &found.figures.expected, "threshold": &found.figures.threshold, "renews": &found.figures.renews}
	read := 0
	for _, word := range words[1:] {
		name, digits, _ := strings.Cut(word, "=")
		place, known := places[name]
		if !known {
			continue // further figures may come to be noted
		}
		number, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			return turn{}, bad
		}
		*place = number
		read++
	}
	found.figures.noted = read == len(places)
	return found, nil
}

// outnumbered tells whether a node noted between two instants that it left self-preservation with more heartbeats than its
// threshold.
func (p *protection) outnumbered(node string, from, until history.Time) bool {
	return slices.ContainsFunc(p.turns[node], func(t turn) bool { return t.outnumbered() && t.at > from && t.at <= until })
}

// outnumbered tells whether the turn is the end of a protection by more heartbeats than the threshold.
func (t *turn) outnumbered() bool {
	return !t.killed && !t.preserved && t.figures.noted && t.figures.renews > t.figures.threshold
}

// through is the turn at which a node's protection began that lasted from one instant to another, if
// it did.
func (p *protection) through(node string, from, until history.Time) (turn, bool) {
	var current turn
	for _, next := range p.turns[node] {
		if next.at <= from {
			current = next
			continue
		}
		if next.at <= until && !next.preserved {
			return turn{}, false
		}
	}
	return current, current.preserved
}

// openSince is since when a node has been free to evict, at an instant: from its last turn on, or from
// the beginning of time. If it preserves, open is false.
func (p *protection) openSince(node string, at history.Time) (since history.Time, open bool) {
	since, open = beginning, true
	for _, next := range p.turns[node] {
		if next.at > at {
			break
		}
		since, open = next.at, !next.preserved
	}
	return since, open
}

// killedAfter tells whether a node was killed between two instants.
func (p *protection) killedAfter(node string, from, until history.Time) bool {
	return slices.ContainsFunc(p.turns[node], func(t turn) bool { return t.killed && t.at > from && t.at <= until })
}
