package checker

import (
	"fmt"

	"cleave/history"
)

// EventBeforeData judges whether a client learns of a change by the event of its watch before any
// answer shows it, as ZooKeeper promises.
//
//	c1 |--watch x data--| zxid 5     |--stat x--| zxid 9  event changed x     invalid: the event came too late
//
// A client that armed a one-shot watch, and has had no event of it, must have it before a stat or watch
// operation of the same session completes that shows a later change: a higher mzxid, or that the znode
// is gone; of a watch on children, a higher pzxid. This holds across reconnects too, for the client
// sets its watches again before it asks for anything.
type EventBeforeData struct{}

// Name is "event-before-data".
func (EventBeforeData) Name() string { return "event-before-data" }

// Check judges. It is Unknown if nobody looked at what it watched.
func (EventBeforeData) Check(h *history.History, budget Budget) Result {
	looks := 0
	for _, t := range budget.Facts.trailsOf(h) {
		session, armed, watched := 0, newArmings(), newArmings() // those whose event is to come, and all
		for i, s := range t.steps {
			if s.session != session {
				session, armed, watched = s.session, newArmings(), newArmings()
			}
			if e, is := eventOf(s); is {
				armed.fire(e)
			}
			if s.kind != ended {
				continue
			}
			if seen, sees := glimpseOf(s.operation); sees {
				if _, is := watched.of(seen.children)[s.operation.Key]; is {
					looks++
				}
			}
			if before, overtaken := armed.overtaken(s.operation); overtaken {
				return overtakenResult(before, s.operation, t.steps[i+1:])
			}
			armed.arm(s)
			watched.arm(s)
		}
	}
	if looks == 0 {
		return Result{Verdict: Unknown, Reason: "nobody looked at what it was watching"}
	}
	return Result{Verdict: Valid, Reason: counted(looks, "look") + " at what was watched: none showed a change before its event"}
}

// overtakenResult tells of an event that was due; rest is what happened afterwards.
func overtakenResult(before arming, operation *history.Operation, rest []step) Result {
	late := "none came later"
	for _, s := range rest {
		if e, is := eventOf(s); is && e.key == operation.Key && (e.ofData() && !before.seen.children || e.ofChildren() && before.seen.children) {
			late = fmt.Sprintf("the next one (%s) came at %s", e.kind, second(s.at))
			break
		}
	}
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s was shown a change of %s before the event of its watch", operation.Client, operation.Key),
		Witness: &Witness{Key: operation.Key, Operations: []history.Operation{*before.operation, *operation}, Explanation: []string{
			tellWatch(before.operation),
			fmt.Sprintf("%s, but no event had come in between; %s", tellWatch(operation), late),
		}}}
}
