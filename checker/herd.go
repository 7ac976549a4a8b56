package checker

import (
	"fmt"
	"strings"

	"cleave/history"
)

// NoHerd judges whether one departure wakes one: by the change of a node below Parent, or of the list of its nodes, at most one
// client says that it was "woken". Recipes that have everybody watch the list wake all for the sake of one. (A client that has
// left may be told of what it does not wait for any more: it is not woken.)
//
//	c2 woken /election/…0001
//	c3 woken /election/…0001      invalid: two were woken
//
// Measured: "woken", the most clients that were told of one.
type NoHerd struct {
	Parent string // the znode's path
}

// Name is "no-herd".
func (NoHerd) Name() string { return "no-herd" }

// Check judges. It is Unknown if nobody was told of anything.
func (n NoHerd) Check(h *history.History, _ Budget) Result {
	told := map[string]map[string]history.Time{} // by event: whom it was told, and when first
	most, which := 0, ""
	for _, event := range h.Notes() {
		path := event.Note.Detail
		if event.Note.Kind != "woken" || path != n.Parent && !strings.HasPrefix(path, n.Parent+"/") {
			continue
		}
		if told[event.Note.Detail] == nil {
			told[event.Note.Detail] = map[string]history.Time{}
		}
		woken := told[event.Note.Detail]
		if _, again := woken[event.Note.Node]; !again {
			woken[event.Note.Node] = event.Time
		}
		if len(woken) > most {
			most, which = len(woken), event.Note.Detail
		}
	}
	if most == 0 {
		return Result{Verdict: Unknown, Reason: "nobody was told of anything below " + n.Parent}
	}
	result := Result{Verdict: Valid, Reason: counted(len(told), "event") + ", each told one client alone",
		Measures: []Measure{cell{}.measure("woken", float64(most), Count)}}
	if most > 1 {
		result.Verdict = Invalid
		result.Reason = fmt.Sprintf("%d clients were woken by a change of %s", most, which)
		result.Witness = &Witness{Key: n.Parent, Operations: []history.Operation{}, Explanation: wokenBy(told[which], which, h.Run)}
	}
	return result
}

func wokenBy(woken map[string]history.Time, which string, run history.Run) (sentences []string) {
	for _, place := range run.Clients {
		if at, was := woken[place.Client]; was {
			sentences = append(sentences, fmt.Sprintf("%s was woken at %s by a change of %s", place.Client, second(at), which))
		}
	}
	return sentences
}
