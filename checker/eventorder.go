package checker

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"cleave/history"
)

// EventOrder judges whether the events that come to a client on one connection come in the order of
// the changes that they tell of. An event does not say its zxid. It is bounded by what is known:
//   - a one-shot watch tells of the first change after the zxid as of which it was armed;
//   - the n-th event of a watch that stays, since its client first saw anything on the connection,
//     tells of the n-th change after that.
//
// The first, or n-th, change that is known bounds it from above, and from below too unless a write of
// unknown outcome may have come before. Two events are out of order if the first is certainly of a
// later change than the second.
//
//	c1 |--watch x--| v5 |--watch y--| v5                                    event changed y  event changed x
//	c2                                  |--write x--| v6  |--write y--| v7  invalid: x changed first
type EventOrder struct{}

// Name is "event-order".
func (EventOrder) Name() string { return "event-order" }

// Check judges. It is Unknown if no two events could be compared.
func (EventOrder) Check(h *history.History, budget Budget) Result {
	known, compared := budget.Facts.changesOf(h), 0
	for _, t := range budget.Facts.trailsOf(h) {
		line := eventLine{known: known, armed: newArmings()}
		for _, s := range t.steps {
			if before, after, wrong := line.follow(s); wrong {
				return outOfOrder(known, before, after)
			}
		}
		compared += line.compared
	}
	if compared == 0 {
		return Result{Verdict: Unknown, Reason: "no two events could be put in an order"}
	}
	return Result{Verdict: Valid, Reason: counted(compared, "event") + " that could be compared came in the order of the changes"}
}

// placedEvent is an event with the bounds of its zxid.
type placedEvent struct {
	event
	step        step
	from        *history.Operation // what it is counted from
	least, most int64
}

// eventLine is the events of one client, on one connection at a time.
type eventLine struct {
	known      map[string]*changes
	armed      armings
	vigils     vigils
	connection int
	latest     *placedEvent // of those so far, the one whose zxid is at least the highest
	compared   int
}

// follow takes a step. If it is an event that comes too late, it gives the one that came too early.
func (l *eventLine) follow(s step) (before, after placedEvent, wrong bool) {
	if s.connection != l.connection {
		l.connection, l.armed, l.latest = s.connection, newArmings(), nil
	}
	l.vigils.follow(s)
	if s.kind == ended {
		l.armed.arm(s)
	}
	e, is := eventOf(s)
	if !is || !e.ofData() {
		return before, after, false
	}
	after, placed := l.place(e, s)
	l.armed.fire(e)
	if !placed {
		return before, after, false
	}
	if l.latest != nil {
		l.compared++
		if after.most < l.latest.least {
			return *l.latest, after, true
		}
	}
	if l.latest == nil || after.least > l.latest.least {
		l.latest = &after
	}
	return before, after, false
}

// place bounds an event's zxid, if it can.
func (l *eventLine) place(e event, s step) (placedEvent, bool) {
	known := l.known[e.key]
	if known == nil {
		return placedEvent{}, false
	}
	placed := placedEvent{event: e, step: s}
	if e.kind != eventDeleted {
		for _, v := range l.vigils.all {
			if v.at(s) && v.covers(e.key) {
				placed.from = v.base
				placed.least, placed.most = known.bounds(v.base.Version, v.told[e.key], s.index, false)
				return placed.known()
			}
		}
	}
	if armed, found := l.armed.data[e.key]; found && armed.operation.Version > 0 {
		placed.from = armed.operation
		placed.least, placed.most = known.bounds(armed.operation.Version, 1, s.index, true)
		return placed.known()
	}
	return placed, false
}

// known leaves out an event of which no change is known.
func (p placedEvent) known() (placedEvent, bool) { return p, p.least < math.MaxInt64 }

func outOfOrder(known map[string]*changes, before, after placedEvent) Result {
	operations := []history.Operation{*before.from, *after.from}
	if writer := known[before.key].writers[before.least]; writer != nil {
		operations = append(operations, *writer)
	}
	if writer := known[after.key].writers[after.most]; writer != nil {
		operations = append(operations, *writer)
	}
	witness := &Witness{Operations: byInvocation(operations)}
	for i := range witness.Operations {
		operation := &witness.Operations[i]
		if operation.Function == history.Write {
			witness.Explanation = append(witness.Explanation, tellWrite(operation))
		} else {
			witness.Explanation = append(witness.Explanation, tellWatch(operation)+asOf(operation))
		}
	}
	client := after.step.note.Node
	witness.Explanation = append(witness.Explanation,
		fmt.Sprintf("%s was told at %s: %s %s, which was by zxid %d at least", client, second(before.step.at), before.kind, before.key, before.least),
		fmt.Sprintf("%s was told only then, at %s: %s %s, which was by zxid %d at most", client, second(after.step.at), after.kind, after.key, after.most))
	return Result{Verdict: Invalid, Witness: witness,
		Reason: fmt.Sprintf("%s was told of a change of %s after a later one of %s", client, after.key, before.key)}
}

// byInvocation sorts operations as witnesses have them, each once.
func byInvocation(operations []history.Operation) []history.Operation {
	slices.SortFunc(operations, func(a, b history.Operation) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(operations, func(a, b history.Operation) bool { return a.ID == b.ID })
}
