package checker

import (
	"fmt"
	"strings"

	"cleave/history"
)

// NoHerd judges whether one departure wakes one: by the change of a node below Parent, or of the list of its nodes, at most one
// client says that it was "woken". Recipes that have everybody watch the list wake all for the sake of one. (A client that has
// left may be told of what it does not wait for any more: it is not woken.) Those who wait for a lock that they share, by an
// acquire whose value is "shared", count as one together: what has gone stood before all of them, and each has it now.
//
//	c2 woken /election/…0001
//	c3 woken /election/…0001      invalid: two were woken
//
//	c2 |--acquire lock shared--|
//	c3 |--acquire lock shared--|
//	c2 woken /lock/…0001
//	c3 woken /lock/…0001          valid: both read now
//
// Measured: "woken", the most clients that were told of one, those who share counted as one.
type NoHerd struct {
	Parent string // the znode's path; a lock's is its key after a slash
}

// Name is "no-herd".
func (NoHerd) Name() string { return "no-herd" }

// Check judges. It is Unknown if nobody was told of anything.
func (n NoHerd) Check(h *history.History, _ Budget) Result {
	told := map[string]map[string]history.Time{} // by event: whom it was told, and when first
	together := map[string]int{}                 // by event: how many of them share, but the first
	shared := false                              // some did
	sharers := sharersOf(h, strings.TrimPrefix(n.Parent, "/"))
	most, which := 0, ""
	for _, event := range h.Notes() {
		path := event.Note.Detail
		if event.Note.Kind != "woken" || path != n.Parent && !strings.HasPrefix(path, n.Parent+"/") {
			continue
		}
		if told[path] == nil {
			told[path], together[path] = map[string]history.Time{}, -1
		}
		woken := told[path]
		if _, again := woken[event.Note.Node]; !again {
			woken[event.Note.Node] = event.Time
			if sharers.shares(event.Note.Node, event.Time) {
				together[path]++
				shared = shared || together[path] > 0
			}
		}
		if count := len(woken) - max(together[path], 0); count > most {
			most, which = count, path
		}
	}
	if most == 0 {
		return Result{Verdict: Unknown, Reason: "nobody was told of anything below " + n.Parent}
	}
	result := Result{Verdict: Valid, Reason: counted(len(told), "event") + ", each told one client alone",
		Measures: []Measure{cell{}.measure("woken", float64(most), Count)}}
	if shared {
		result.Reason += ", or those who share"
	}
	if most > 1 {
		result.Verdict = Invalid
		result.Reason = fmt.Sprintf("%d clients were woken by a change of %s", len(told[which]), which)
		result.Witness = &Witness{Key: n.Parent, Operations: []history.Operation{}, Explanation: wokenBy(told[which], which, h.Run)}
	}
	return result
}

// sharers are the clients that have asked for a lock, each with when, and whether it would share it, in order.
type sharers map[string][]asking

// asking is one of these times.
type asking struct {
	at     history.Time
	shared bool
}

func sharersOf(h *history.History, lock string) sharers {
	all := sharers{}
	for i := range h.Operations {
		if o := &h.Operations[i]; o.Function == history.Acquire && o.Key == lock {
			word, _ := o.Argument.AsText()
			all[o.Client] = append(all[o.Client], asking{o.Invoked, word == "shared"})
		}
	}
	return all
}

// shares tells whether what a client asked for last, by a time, is to be shared.
func (s sharers) shares(client string, by history.Time) bool {
	shared := false
	for _, one := range s[client] {
		if one.at <= by {
			shared = one.shared
		}
	}
	return shared
}

func wokenBy(woken map[string]history.Time, which string, run history.Run) (sentences []string) {
	for _, place := range run.Clients {
		if at, was := woken[place.Client]; was {
			sentences = append(sentences, fmt.Sprintf("%s was woken at %s by a change of %s", place.Client, second(at), which))
		}
	}
	return sentences
}
