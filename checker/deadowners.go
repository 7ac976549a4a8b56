package checker

import (
	"fmt"
	"time"

	"cleave/history"
)

// NoDeadOwner judges whether, when all is healed, nothing is left of sessions that nobody keeps alive:
// those that a client abandoned (die), closed with an acknowledgement, was told had expired, or has
// replaced by another one. Judged are the final owners listings, the last of every client and of every
// answering node among those invoked Settle or more after the quiet phase began. A session may leave
// its znodes for Allowed, counted from when it was abandoned or from the start of the quiet phase,
// whichever is later.
//
//	c1  own |--|   die ||           quiet
//	c2                                 |--owners--| [a]     invalid if that is longer than Allowed
type NoDeadOwner struct {
	Settle  time.Duration
	Allowed time.Duration
}

// Name is "no-dead-owner".
func (NoDeadOwner) Name() string { return "no-dead-owner" }

// Check judges. It is Unknown without a final listing, or a session that owned something and had been
// abandoned for long enough.
func (n NoDeadOwner) Check(h *history.History, budget Budget) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	finals := finalListings(h, quiet+history.Time(n.Settle))
	if !isQuiet || len(finals) == 0 {
		return Result{Verdict: Unknown, Reason: fmt.Sprintf("no ok owners listing was invoked %s or more after the quiet phase began", brief(n.Settle))}
	}
	dead := abandonedIn(budget.Facts.trailsOf(h))
	for _, final := range finals {
		found := listingOf(&final)
		for _, name := range found.names {
			end, abandoned := dead[found.owner(name)]
			if !abandoned || final.Invoked-max(end.at, quiet) <= history.Time(n.Allowed) {
				continue
			}
			return n.left(final, name, found.owner(name), end, final.Invoked-max(end.at, quiet))
		}
	}
	judged := n.judged(h, dead, quiet, finals[len(finals)-1])
	if judged == 0 {
		return Result{Verdict: Unknown,
			Reason: fmt.Sprintf("no session that owned anything had been abandoned for more than %s in a final listing", brief(n.Allowed))}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s: nothing is left of %s", counted(len(finals), "final listing"), counted(judged, "abandoned session"))}
}

// judged counts the abandoned sessions that had owned anything and should be gone in a listing.
func (n NoDeadOwner) judged(h *history.History, dead map[string]abandonment, quiet history.Time, final history.Operation) int {
	counted := map[string]bool{}
	for i := range h.Operations {
		operation := &h.Operations[i]
		if operation.Function != history.Own || operation.Outcome != history.Ok {
			continue
		}
		session := sessionOf(operation.Result)
		if end, abandoned := dead[session]; abandoned && final.Invoked-max(end.at, quiet) > history.Time(n.Allowed) {
			counted[session] = true
		}
	}
	return len(counted)
}

// abandonment is when a session was given up, how, and by what operation if it was by one.
type abandonment struct {
	at        history.Time
	how       string
	operation *history.Operation
}

// abandonedIn are the sessions that nobody keeps alive any more. One that its client holds again, after
// a close of unknown outcome, is not abandoned.
func abandonedIn(trails []*trail) map[string]abandonment {
	dead := map[string]abandonment{}
	for _, t := range trails {
		held := ""
		for _, s := range t.steps {
			switch {
			case s.kind == ended:
				if session := sessionOf(s.operation.Result); endsSession(s.operation) && session != "" {
					dead[session] = abandonment{s.at, fmt.Sprintf("%s gave it up (%s)", t.client, s.operation.Function), s.operation}
				}
			case s.kind != noted:
			case s.note.Kind == noteExpired:
				dead[sessionIn(s.note.Detail)] = abandonment{s.at, t.client + " was told that it had expired", nil}
			case s.note.Kind == noteConnected:
				session := sessionIn(s.note.Detail)
				if _, already := dead[held]; held != session && held != "" && !already {
					dead[held] = abandonment{s.at, t.client + " had another one by then", nil}
				}
				delete(dead, session)
				held = session
			}
		}
	}
	return dead
}

// endsSession tells whether an operation has certainly given a session up.
func endsSession(operation *history.Operation) bool {
	return operation.Outcome == history.Ok && (operation.Function == history.Close || operation.Function == history.Die)
}

// finalListings are the last ok owners listings of every client and of every node among those invoked
// from an instant on, in order of invocation.
func finalListings(h *history.History, from history.Time) []history.Operation {
	var found []history.Operation
	clients, nodes := map[string]bool{}, map[string]bool{}
	for i := len(h.Operations) - 1; i >= 0; i-- {
		operation := h.Operations[i]
		if operation.Function != history.Owners || operation.Outcome != history.Ok || operation.Invoked < from {
			continue
		}
		if !clients[operation.Client] || operation.Node != "" && !nodes[operation.Node] {
			found = append(found, operation)
		}
		clients[operation.Client], nodes[operation.Node] = true, true
	}
	return byInvocation(found)
}

func (n NoDeadOwner) left(final history.Operation, name, session string, end abandonment, since history.Time) Result {
	witness := &Witness{Key: final.Key, Operations: []history.Operation{final}}
	if end.operation != nil {
		witness.Operations = byInvocation(append(witness.Operations, *end.operation))
	}
	witness.Explanation = []string{
		fmt.Sprintf("session %s was nobody's from %s on: %s", session, second(end.at), end.how),
		fmt.Sprintf("%s, but %s of session %s was still there, %s after both its end and that of the faults, more than the %s allowed",
			tellOwner(&final), name, session, brief(since.Duration()), brief(n.Allowed)),
	}
	return Result{Verdict: Invalid, Witness: witness, Reason: fmt.Sprintf("%s outlives session %s, which nobody keeps alive", name, session)}
}
