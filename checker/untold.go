package checker

import "cleave/history"

// Untold measures the changes that a one-shot watch does not tell: after its event nothing more comes until the client
// has watched again, and what changed meanwhile is one change to it.
//
//	c1 |--watch x--| v5   event changed x                         |--watch x--| v9
//	c2                  |--write x 1--| v7   |--write x 2--| v8   |-write x 3-| v9      told of one change, two untold
//
// It follows the watches on data that saw a znode and fired because that changed, until the same client, in the same
// session, next looked at the znode: of the acknowledged writes between the two sights the first is told, the others
// are not.
//
// Measured: "changes told", "changes untold". It judges nothing (NoMissedEvent does): Valid means that something was
// measured.
type Untold struct{}

// Name is "untold".
func (Untold) Name() string { return "untold" }

// Check measures.
func (Untold) Check(h *history.History, budget Budget) Result {
	known := budget.Facts.changesOf(h)
	told, untold := 0, 0
	for _, t := range budget.Facts.trailsOf(h) {
		armed, fired, session := newArmings(), map[string]int64{}, 0
		for _, s := range t.steps {
			if s.session != session {
				armed, fired, session = newArmings(), map[string]int64{}, s.session
			}
			if e, is := eventOf(s); is {
				if watch, was := armed.data[e.key]; was && e.kind == eventChanged && watch.seen.change > 0 {
					fired[e.key] = watch.seen.change
				}
				armed.fire(e)
			}
			if s.kind != ended {
				continue
			}
			seen, sees := glimpseOf(s.operation)
			if since, was := fired[s.operation.Key]; was && sees && !seen.children {
				delete(fired, s.operation.Key)
				if changes := known[s.operation.Key].between(since, seen.change); changes > 0 {
					told, untold = told+1, untold+changes-1
				}
			}
			armed.arm(s)
		}
	}
	if told == 0 {
		return Result{Verdict: Unknown, Reason: "nobody looked again after a watch had fired"}
	}
	return Result{Verdict: Valid, Reason: "measured on " + counted(told, "event"), Measures: []Measure{
		cell{}.measure("changes told", float64(told), Count), cell{}.measure("changes untold", float64(untold), Count)}}
}
