package checker

import (
	"fmt"

	"cleave/history"
)

// OneShot judges whether every event that comes to a client is due to a watch of its own that is still
// armed: a one-shot watch fires once.
//
//	c1 |--watch x data--|   event changed x   event changed x     invalid: the watch was used up
//
// A client's replies and events come in the order in which its server made them, so an event that
// follows the reply to a watch operation uses up what that has armed, and all the earlier ones on the
// znode with it, for to a server they are one watch. The client may arm what is left anew when it
// reconnects; a watch of unknown outcome may be armed and explains one event. A persistent watch
// explains any number, on the znode itself, or if it is recursive on all below it.
type OneShot struct{}

// Name is "one-shot".
func (OneShot) Name() string { return "one-shot" }

// Check judges. It is Unknown if no event came.
func (OneShot) Check(h *history.History, budget Budget) Result {
	events := 0
	for _, t := range budget.Facts.trailsOf(h) {
		session := 0
		holder := armories{byKey: map[string]*armory{}}
		for _, s := range t.steps {
			if s.session != session {
				session = s.session
				holder.newSession()
			}
			e, is := eventOf(s)
			switch {
			case is:
				events++
				if armory := holder.of(e.key); !holder.explains(e) {
					return unexplained(t.client, e, s, armory)
				}
				last := s
				holder.of(e.key).event = &last
			case s.kind == asked:
				holder.asked(s.operation)
			case s.kind == ended:
				holder.ended(s.operation)
			}
		}
	}
	if events == 0 {
		return Result{Verdict: Unknown, Reason: "no event came to any client"}
	}
	return Result{Verdict: Valid, Reason: counted(events, "event") + ": a watch explains each"}
}

// credit is what may still fire of one sort of watch on one znode.
type credit struct {
	certain bool // a watch is armed
	perhaps int  // as many operations may have armed one more
}

func (c *credit) take() bool {
	switch {
	case c.certain:
		c.certain = false
	case c.perhaps > 0:
		c.perhaps--
	default:
		return false
	}
	return true
}

// armory is what one client has armed on one znode.
type armory struct {
	data, children credit
	gone           int // further events of its deletion that are due
	last           *history.Operation
	event          *step // the last one
}

// armories are those of a client, and its watches that stay.
type armories struct {
	byKey      map[string]*armory
	keys       []string
	persistent map[string]bool
	recursive  []string
}

func (a *armories) of(key string) *armory {
	there, known := a.byKey[key]
	if !known {
		there = &armory{}
		a.byKey[key] = there
		a.keys = append(a.keys, key)
	}
	return there
}

// creditOf is where an operation's one-shot watch counts, nil if it asks for none.
func (a *armories) creditOf(operation *history.Operation) *credit {
	switch watchKind(operation) {
	case watchData, watchExist:
		return &a.of(operation.Key).data
	case watchChildren:
		return &a.of(operation.Key).children
	}
	return nil
}

func (a *armories) asked(operation *history.Operation) {
	if c := a.creditOf(operation); c != nil {
		c.perhaps++
	}
	switch watchKind(operation) {
	case watchPersistent:
		if a.persistent == nil {
			a.persistent = map[string]bool{}
		}
		a.persistent[operation.Key] = true
	case watchRecursive:
		a.recursive = append(a.recursive, operation.Key)
	}
}

// ended settles what an operation has armed, if that is known.
func (a *armories) ended(operation *history.Operation) {
	c := a.creditOf(operation)
	if c == nil {
		return
	}
	armed := arms(operation)
	if operation.Outcome == history.Ok || Refusal(operation.Error) || operation.Error == "notConnected" {
		c.perhaps = max(c.perhaps-1, 0)
	}
	if armed {
		c.certain = true
		a.of(operation.Key).last = operation
	}
}

// newSession makes what was armed uncertain: a client may or may not arm it again.
func (a *armories) newSession() {
	for _, key := range a.keys {
		there := a.byKey[key]
		for _, c := range []*credit{&there.data, &there.children} {
			if c.certain {
				c.certain = false
				c.perhaps++
			}
		}
	}
}

// explains takes what an event uses up, and tells whether there was anything.
func (a *armories) explains(e event) bool {
	there := a.of(e.key)
	fired := there.take(e)
	if fired || a.persistent[e.key] {
		return true
	}
	for _, key := range a.recursive {
		if within(e.key, key) {
			return true
		}
	}
	return false
}

// take: a deletion uses up both sorts. A server that knows of both tells it once; but when they are set
// again after a reconnect, each is answered by itself.
func (a *armory) take(e event) bool {
	switch {
	case e.kind == eventChildren:
		return a.children.take()
	case e.kind != eventDeleted:
		return a.data.take()
	case a.data.certain && a.children.certain:
		a.data.certain, a.children.certain = false, false
		a.gone++
		return true
	case a.data.certain || a.children.certain:
		a.data.certain, a.children.certain = false, false
		return true
	case a.gone > 0:
		a.gone--
		return true
	}
	return a.data.take() || a.children.take()
}

func unexplained(client string, e event, s step, there *armory) Result {
	witness := &Witness{Key: e.key, Operations: []history.Operation{}}
	if there.last != nil {
		witness.Operations = append(witness.Operations, *there.last)
		witness.Explanation = append(witness.Explanation, tellWatch(there.last))
	}
	if there.event != nil {
		before, _ := eventOf(*there.event)
		witness.Explanation = append(witness.Explanation, fmt.Sprintf("%s was told at %s: %s %s", client, second(there.event.at), before.kind, e.key))
	}
	witness.Explanation = append(witness.Explanation,
		fmt.Sprintf("%s was told at %s: %s %s, when it had no such watch armed", client, second(s.at), e.kind, e.key))
	return Result{Verdict: Invalid, Witness: witness, Reason: fmt.Sprintf("an event came to %s that no watch explains", client)}
}
