package checker

import (
	"fmt"
	"time"

	"cleave/history"
)

// NoMissedEvent judges whether watches miss nothing.
//
// In the end, by the stats that were invoked Settle or more after the quiet phase began: a client whose
// one-shot watch was armed in the same session and never fired must not find that the znode has
// changed. This holds across reconnects. An exist watch on a znode that came and went in the meantime
// may have fired never, and is not judged, for the znode is not there in the end.
//
// A watch that stays is owed one event, of creation or of data, for every change while its client is
// connected: from the first sight of anything on a connection, at zxid 5 say, until the client reads
// the znode at zxid 9, there must have come at least as many as acknowledged writes have zxids above 5
// and up to 9.
//
//	c1 |--watch x persistent--|  |--stat x--| v5                            |--stat x--| v9
//	c2                                   |--write x 1--| v7  |--write x 2--| v8           invalid: two events were due
type NoMissedEvent struct {
	Settle time.Duration
}

// Name is "no-missed-event".
func (NoMissedEvent) Name() string { return "no-missed-event" }

// Check judges. It is Unknown if no watch was looked after.
func (n NoMissedEvent) Check(h *history.History, budget Budget) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	final := quiet + history.Time(n.Settle)
	if !isQuiet {
		final = history.Forever
	}
	known, judged := budget.Facts.changesOf(h), 0
	for _, t := range budget.Facts.trailsOf(h) {
		w := watcher{known: known, armed: newArmings(), final: final}
		for _, s := range t.steps {
			if found := w.follow(s); found != nil {
				return *found
			}
		}
		judged += w.judged
	}
	if judged == 0 {
		return Result{Verdict: Unknown, Reason: "nobody with a watch looked whether it had missed anything"}
	}
	return Result{Verdict: Valid, Reason: counted(judged, "look") + " at what was watched: no event was missed"}
}

// watcher is a client with its watches.
type watcher struct {
	known   map[string]*changes
	armed   armings
	session int
	final   history.Time
	vigils  vigils
	judged  int
}

// follow takes a step of the client, and gives what it found wrong.
func (w *watcher) follow(s step) *Result {
	if s.session != w.session {
		w.session, w.armed = s.session, newArmings()
	}
	if e, is := eventOf(s); is {
		w.armed.fire(e)
	}
	if s.kind == ended {
		if found := w.oneShots(s); found != nil {
			return found
		}
		if found := w.persistent(s); found != nil {
			return found
		}
		w.armed.arm(s)
	}
	w.vigils.follow(s)
	return nil
}

// oneShots looks at a final read.
func (w *watcher) oneShots(s step) *Result {
	seen, sees := glimpseOf(s.operation)
	if !sees || s.operation.Invoked < w.final {
		return nil
	}
	if _, watched := w.armed.of(seen.children)[s.operation.Key]; !watched {
		return nil
	}
	w.judged++
	before, missed := w.armed.overtaken(s.operation)
	if !missed {
		return nil
	}
	return &Result{Verdict: Invalid, Reason: fmt.Sprintf("%s was never told of a change of %s that it watched", s.operation.Client, s.operation.Key),
		Witness: &Witness{Key: s.operation.Key, Operations: []history.Operation{*before.operation, *s.operation}, Explanation: []string{
			tellWatch(before.operation),
			tellWatch(s.operation) + ", in the end, but no event had come",
		}}}
}

// persistent looks whether a read shows more changes than were told.
func (w *watcher) persistent(s step) *Result {
	seen, sees := glimpseOf(s.operation)
	if !sees || seen.children {
		return nil
	}
	for _, v := range w.vigils.all {
		if !v.at(s) || !v.covers(s.operation.Key) {
			continue
		}
		w.judged++
		known := w.known[s.operation.Key]
		due := known.between(v.base.Version, s.operation.Version)
		if told := v.told[s.operation.Key]; told < due {
			return w.lapse(v, s.operation, told, due)
		}
	}
	return nil
}

// lapse tells of a watch that stays and did not tell all. Its witness has the writes that were due, up
// to a few.
func (w *watcher) lapse(v *vigil, read *history.Operation, told, due int) *Result {
	known := w.known[read.Key]
	const shown = 5
	operations := []history.Operation{*v.operation}
	if v.base.ID != read.ID {
		operations = append(operations, *v.base)
	}
	for zxid := v.base.Version; len(operations) < shown+2; {
		if zxid = nth(known.acknowledged, zxid, 1); zxid > read.Version {
			break
		}
		operations = append(operations, *known.writers[zxid])
	}
	operations = append(operations, *read)
	witness := &Witness{Key: read.Key, Operations: byInvocation(operations)}
	for i := range witness.Operations {
		operation := &witness.Operations[i]
		sentence := tellWrite(operation)
		if operation.Function != history.Write {
			sentence = tellWatch(operation) + asOf(operation)
		}
		if operation.ID == read.ID {
			sentence += fmt.Sprintf(", but of %s since zxid %d, while it was connected, it was told %d",
				counted(due, "acknowledged write"), v.base.Version, told)
		}
		witness.Explanation = append(witness.Explanation, sentence)
	}
	return &Result{Verdict: Invalid, Witness: witness,
		Reason: fmt.Sprintf("%s was told of %d of %s of %s, which it watched while connected", read.Client, told, counted(due, "write"), read.Key)}
}

// asOf names the zxid at which a server answered.
func asOf(operation *history.Operation) string {
	return fmt.Sprintf(" (as of zxid %d%s)", operation.Version, by(operation.Node))
}
