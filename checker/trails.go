package checker

import (
	"strconv"
	"strings"

	"cleave/history"
)

// stepKind says what a step is.
type stepKind uint8

const (
	asked stepKind = iota // an operation was invoked
	ended                 // an operation completed, whatever its outcome
	noted                 // the client said something of itself
)

// The kinds of notes of clients that have a session.
const (
	noteConnected    = "connected"    // "n2 session 0x1f"
	noteDisconnected = "disconnected" // "n2"
	noteExpired      = "expired"      // "0x1f"
	noteEvent        = "event"        // "changed /w/x"
)

// step is something that happened at a client. The order of steps is that of the history's events,
// which tells apart what happened at one instant.
type step struct {
	index     int // of the event
	at        history.Time
	kind      stepKind
	operation *history.Operation // of asked and ended
	note      *history.Note      // of noted
	// session and connection count the client's sessions and connections; steps with equal numbers
	// happened within one. A connection ends with every "connected" and "disconnected".
	session, connection int
	id                  string // of the session, "" if it is not known
}

// trail is all that happened at one client, in order.
type trail struct {
	client string
	steps  []step
	now    step   // the numbers that the next step gets
	closer string // the session that a close or die under way was asked to end
}

// trailsOf sorts a history by client, in order of their first step.
func trailsOf(h *history.History) []*trail {
	var trails []*trail
	byClient := map[string]*trail{}
	add := func(client string, next step) {
		t, known := byClient[client]
		if !known {
			t = &trail{client: client}
			byClient[client] = t
			trails = append(trails, t)
		}
		t.add(next)
	}
	open, invoked := map[int]*history.Operation{}, 0
	for i := range h.Events {
		event := &h.Events[i]
		next := step{index: i, at: event.Time}
		switch event.Type {
		case history.Invoke:
			next.kind, next.operation = asked, &h.Operations[invoked]
			open[event.Process] = next.operation
			invoked++
			add(event.Client, next)
		case history.Ok, history.Fail, history.Info:
			next.kind, next.operation = ended, open[event.Process]
			add(event.Client, next)
		case history.NoteEvent:
			switch event.Note.Kind {
			case noteConnected, noteDisconnected, noteExpired, noteEvent:
				next.kind, next.note = noted, event.Note
				add(event.Note.Node, next)
			}
		}
	}
	return trails
}

// add appends a step, and follows which session and connection the client is in.
func (t *trail) add(next step) {
	if next.kind == noted {
		t.follow(next.note)
	}
	next.session, next.connection, next.id = t.now.session, t.now.connection, t.now.id
	t.steps = append(t.steps, next)
	if next.operation == nil || next.operation.Function != history.Close && next.operation.Function != history.Die {
		return
	}
	switch {
	case next.kind == asked:
		t.closer = t.now.id
	case next.operation.Outcome != history.Fail && t.closer == t.now.id:
		t.leave()
	}
}

func (t *trail) follow(note *history.Note) {
	switch note.Kind {
	case noteConnected:
		id := sessionIn(note.Detail)
		if t.now.id != "" && t.now.id != id {
			t.leave()
		}
		t.now.connection++
		t.now.id = id
	case noteDisconnected:
		t.now.connection++
	case noteExpired:
		t.leave()
	}
}

// leave is the end of a session at the client.
func (t *trail) leave() {
	t.now.session++
	t.now.connection++
	t.now.id = ""
}

// sessionIn is the session at the end of a text, such that equal sessions are equal texts; "" if there
// is none.
func sessionIn(text string) string {
	word := text[strings.LastIndexByte(text, ' ')+1:]
	digits, found := strings.CutPrefix(word, "0x")
	if found && len(digits) <= 16 && digits != "" && digits[0] != '0' && strings.Trim(digits, "0123456789abcdef") == "" {
		return word // as it is, for most are written so and there are many
	}
	number, err := strconv.ParseUint(digits, 16, 64)
	if !found || err != nil {
		return ""
	}
	return "0x" + strconv.FormatUint(number, 16)
}

// sessionOf is the session that a value names, "" if it names none.
func sessionOf(value history.Value) string {
	text, _ := value.AsText()
	return sessionIn(text)
}
