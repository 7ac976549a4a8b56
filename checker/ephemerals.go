package checker

import (
	"cmp"
	"fmt"
	"slices"

	"cleave/history"
)

// Ephemerals judges whether an ephemeral znode lives exactly as long as its session. It knows znodes
// from acknowledged owns, whose version is the zxid at which they were made, and what was there from
// owners listings: a listing is what its parent held at the zxid that is its version. A session had
// certainly ended by the zxid
//   - of an acknowledged close of it, or
//   - of a listing that lacks a znode of its own that was made no later and that nobody removed.
//
// After that it must show no sign of life: at that zxid or later no listing has a znode of it, no own
// of it succeeds, and no operation is answered to the client that holds it.
//
//	c1 |--own e/a = s--| v5                                 |--own e/b = s--| v9
//	c2                       |--owners e = []--| v7                                invalid: s lived on and e/a was gone
type Ephemerals struct{}

// Name is "ephemerals".
func (Ephemerals) Name() string { return "ephemerals" }

// Check judges. It is Unknown if no znode was due in a listing.
func (Ephemerals) Check(h *history.History, budget Budget) Result {
	signs := signsOf(h, budget.Facts.trailsOf(h))
	ends, due := endings(h, signs)
	if len(signs.listings) == 0 || due == 0 {
		return Result{Verdict: Unknown, Reason: "no owned znode was due in a listing"}
	}
	for _, sign := range signs.life {
		if sign.listing == nil {
			if end, ended := ends[sign.session]; ended && sign.after(end) {
				return undead(sign, end)
			}
			continue
		}
		for i, name := range sign.listing.names { // of each session in it, a sign of life
			sign.session, sign.name = sign.listing.sessions[i], name
			if end, ended := ends[sign.session]; ended && sign.after(end) {
				return undead(sign, end)
			}
		}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s of %s: each as long as its session",
		counted(len(signs.owned), "ephemeral znode"), counted(signs.sessions, "session"))}
}

// ownership is a znode that was made by a session.
type ownership struct {
	session string
	parent  string
	name    string
	made    *history.Operation
}

// listing is what the znodes under a parent were, and whose.
type listing struct {
	operation *history.Operation
	names     []string // in order, each once
	sessions  []string // of each name
}

// owner is the session of a name, "" if it is not there.
func (l *listing) owner(name string) string {
	if at, found := slices.BinarySearch(l.names, name); found {
		return l.sessions[at]
	}
	return ""
}

// lifeSign is what shows that a session had not ended at a zxid.
type lifeSign struct {
	session   string
	zxid      int64
	proof     bool // even a session that ended at the very zxid would contradict it
	name      string
	operation *history.Operation
	listing   *listing // of all sessions in it, instead of session and name
}

// after tells whether a sign contradicts an end.
func (s *lifeSign) after(end ending) bool { return s.zxid > end.zxid || s.zxid == end.zxid && s.proof }

// signs are all that is known of sessions.
type signs struct {
	owned    []ownership
	listings []*listing // in order of version
	life     []lifeSign // in order of zxid
	sessions int        // that own anything
}

func signsOf(h *history.History, trails []*trail) signs {
	var s signs
	removed, sessions := map[string]bool{}, map[string]bool{}
	for i := range h.Operations {
		if operation := &h.Operations[i]; operation.Function == history.Remove && operation.Outcome != history.Fail {
			removed[operation.Key] = true
		}
	}
	s.life = make([]lifeSign, 0, len(h.Operations))
	for i := range h.Operations {
		operation := &h.Operations[i]
		if operation.Outcome != history.Ok || operation.Version <= 0 {
			continue
		}
		switch operation.Function {
		case history.Own:
			session := sessionOf(operation.Result)
			if session == "" {
				continue
			}
			s.life = append(s.life, lifeSign{session: session, zxid: operation.Version, proof: true, operation: operation})
			if parent := above(operation.Key); !removed[operation.Key] && parent != "" {
				s.owned = append(s.owned, ownership{session, parent, operation.Key[len(parent)+1:], operation})
				sessions[session] = true
			}
		case history.Owners:
			found := listingOf(operation)
			s.listings = append(s.listings, found)
			s.life = append(s.life, lifeSign{zxid: operation.Version, proof: true, operation: operation, listing: found})
		}
	}
	s.sessions = len(sessions)
	s.answered(trails)
	slices.SortStableFunc(s.listings, func(a, b *listing) int { return cmp.Compare(a.operation.Version, b.operation.Version) })
	slices.SortStableFunc(s.owned, func(a, b ownership) int { return cmp.Compare(a.made.Version, b.made.Version) })
	slices.SortStableFunc(s.life, func(a, b lifeSign) int { return cmp.Compare(a.zxid, b.zxid) })
	return s
}

// listingOf reads the pairs of a name and a session; what is no such pair is left out.
func listingOf(operation *history.Operation) *listing {
	pairs, _ := operation.Result.AsList()
	found := &listing{operation: operation, names: make([]string, 0, len(pairs)), sessions: make([]string, 0, len(pairs))}
	for _, element := range pairs {
		pair, _ := element.AsList()
		if len(pair) != 2 {
			continue
		}
		name, isText := pair[0].AsText()
		session := sessionOf(pair[1])
		if !isText || session == "" {
			continue
		}
		at, again := len(found.names), false
		if at > 0 && found.names[at-1] >= name { // out of order, which is rare
			at, again = slices.BinarySearch(found.names, name)
		}
		if !again {
			found.names, found.sessions = slices.Insert(found.names, at, name), slices.Insert(found.sessions, at, session)
		}
	}
	return found
}

// answered takes the operations that a client was answered while it held a session.
func (s *signs) answered(trails []*trail) {
	for _, t := range trails {
		holding := -1
		for _, step := range t.steps {
			switch {
			case step.kind == asked:
				holding = step.session
			case step.kind == ended && step.session == holding && step.id != "":
				switch operation := step.operation; operation.Function {
				case history.Home, history.Close, history.Die, history.Own, history.Register, history.Deregister:
				default:
					if operation.Outcome == history.Ok && operation.Version > 0 {
						s.life = append(s.life, lifeSign{session: step.id, zxid: operation.Version, operation: operation})
					}
				}
			}
		}
	}
}

// ending is by when a session had certainly ended, and what shows it.
type ending struct {
	zxid int64
	by   *history.Operation // the close or the listing
	lack *ownership         // what the listing lacks
}

// endings finds the earliest proof of each session's end, and counts what was due in listings. Listings
// come in order of zxid, so a session that has ended is never looked for again.
func endings(h *history.History, s signs) (ends map[string]ending, due int) {
	ends = map[string]ending{}
	for i := range h.Operations {
		operation := &h.Operations[i]
		session := sessionOf(operation.Result)
		if operation.Function != history.Close || operation.Outcome != history.Ok || operation.Version <= 0 || session == "" {
			continue
		}
		if known, again := ends[session]; !again || operation.Version < known.zxid {
			ends[session] = ending{zxid: operation.Version, by: operation}
		}
	}
	var alive []ownership
	next := 0
	for _, l := range s.listings {
		at := l.operation.Version
		for next < len(s.owned) && s.owned[next].made.Version <= at {
			alive = append(alive, s.owned[next])
			next++
		}
		for i, owned := range alive {
			if owned.parent != l.operation.Key {
				continue
			}
			due++
			if known, ended := ends[owned.session]; l.owner(owned.name) != owned.session && (!ended || at < known.zxid) {
				ends[owned.session] = ending{at, l.operation, &alive[i]}
			}
		}
		over := func(owned ownership) bool {
			known, ended := ends[owned.session]
			return ended && known.zxid <= at
		}
		if slices.ContainsFunc(alive, over) {
			alive = slices.DeleteFunc(slices.Clone(alive), over) // a copy, as endings point into it
		}
	}
	return ends, due
}

// undead tells of a session that showed a sign of life after its end.
func undead(sign lifeSign, end ending) Result {
	operations := []history.Operation{*end.by, *sign.operation}
	reason := fmt.Sprintf("session %s was closed and showed a sign of life afterwards", sign.session)
	if end.lack != nil {
		operations = append(operations, *end.lack.made)
		reason = fmt.Sprintf("%s was gone and its session %s lived on", end.lack.made.Key, sign.session)
	}
	witness := &Witness{Operations: byInvocation(operations)}
	for i := range witness.Operations {
		operation := &witness.Operations[i]
		sentence := tellOwner(operation)
		if end.lack != nil && operation.ID == end.by.ID {
			sentence += fmt.Sprintf(", without %s of session %s", end.lack.name, sign.session)
		}
		if operation.ID == sign.operation.ID {
			sentence += ", but " + sign.contradicts(end)
		}
		witness.Explanation = append(witness.Explanation, sentence)
	}
	return Result{Verdict: Invalid, Reason: reason, Witness: witness}
}

// contradicts says what is wrong with a sign of life.
func (s lifeSign) contradicts(end ending) string {
	ended := fmt.Sprintf("session %s had ended by zxid %d", s.session, end.zxid)
	switch {
	case s.name != "":
		return fmt.Sprintf("%s is there, and its %s", s.name, ended)
	case s.operation.Function == history.Own:
		return ended
	}
	return "that was in session " + s.session + ", and " + ended
}

// tellOwner says what an operation on sessions and what they own did.
func tellOwner(operation *history.Operation) string {
	asOf := fmt.Sprintf("at %s, zxid %d", during(*operation), operation.Version)
	switch operation.Function {
	case history.Own:
		return fmt.Sprintf("%s made %s in session %s %s", operation.Client, operation.Key, sessionOf(operation.Result), asOf)
	case history.Close:
		return fmt.Sprintf("%s closed its session %s %s", operation.Client, sessionOf(operation.Result), asOf)
	case history.Owners:
		return fmt.Sprintf("%s was shown %s under %s%s %s", operation.Client, counted(len(listingOf(operation).names), "znode"),
			operation.Key, by(operation.Node), asOf)
	}
	return fmt.Sprintf("%s was answered %s %s%s %s", operation.Client, operation.Function, operation.Key, by(operation.Node), asOf)
}
