package checker

import (
	"fmt"
	"time"

	"cleave/history"
)

// LiveListed judges whether, when all is healed, every list shows every instance that is up: the lists
// of all nodes and those in the clients' own caches. All lookups are judged that were invoked Settle or
// more after the quiet phase began. An instance is due in one if its register was invoked, whether
// acknowledged or of unknown outcome (its client keeps trying), Notice before it, and the quiet phase
// began Notice before it, and it has not begun to leave.
//
//	a  register |--|        quiet
//	c1 from n1                |... Notice ...|--lookup--| []         invalid: a is up and n1 does not list it
//	c2                        |... Notice ...|--cache-lookup--| []   likewise
//
// The caches of clients that were at any time out of touch with the node beside them are left out, and
// measured: "drifted caches" are those whose last list lacks an instance that is due.
// Measured besides: "live sets equal", from the start of the quiet phase to the completion of the last
// lookup that lacked an instance registered by then, 0 if there was none.
type LiveListed struct {
	Service string // the key of the lookups; "" for all
	Settle  time.Duration
	Notice  time.Duration
}

// Name is "live-listed".
func (LiveListed) Name() string { return "live-listed" }

// Check judges. It is Unknown without a final lookup, or an instance that is due in one.
func (l LiveListed) Check(h *history.History, budget Budget) Result {
	finals, due := budget.Facts.finalistsOf(h, l.Service, history.Time(l.Settle)), 0
	if len(finals.lists) == 0 {
		return noFinals(l.Settle)
	}
	for i := range finals.lists {
		list := &finals.lists[i]
		for number, instance := range finals.registry.instances {
			current := l.due(&finals, number, list)
			if current == nil {
				continue
			}
			due++
			if !list.shows(number) {
				return l.unlisted(instance, current, list)
			}
		}
	}
	if due == 0 {
		return Result{Verdict: Unknown, Reason: "no instance is due in a final lookup"}
	}
	result := Result{Verdict: Valid,
		Reason: counted(len(finals.lists), "final list") + ": every instance that is up is listed, by nodes and in caches"}
	if !budget.Unmeasured {
		result.Measures = []Measure{cell{}.measure("live sets equal", milliseconds(l.equal(h, budget.Facts, &finals)), Milliseconds),
			cell{}.measure("drifted caches", float64(l.drifted(h, budget.Facts, &finals)), Count)}
	}
	return result
}

// due is the life of the instance of a number that a list must show, nil if it need not.
func (l LiveListed) due(finals *finalists, number int, list *inquiry) *life {
	current, _ := finals.registry.lives[number].at(list.Invoked)
	if current == nil || current.leaving <= list.Completed || current.register.Outcome == history.Fail && current.ok == history.Forever ||
		list.Invoked < max(current.asked, finals.quiet)+history.Time(l.Notice) {
		return nil
	}
	return current
}

func (l LiveListed) unlisted(instance string, current *life, list *inquiry) Result {
	return Result{Verdict: Invalid, Reason: fmt.Sprintf("%s is up and %s does not show it", instance, listName(list)),
		Witness: &Witness{Key: list.Key, Operations: []history.Operation{*current.register, *list.Operation}, Explanation: []string{
			fmt.Sprintf("%s asked at %s to register %s, %s, and never took it down", current.register.Client,
				second(current.register.Invoked), instance, acknowledgement(current)),
			fmt.Sprintf("%s showed %s%s at %s, without %s, more than %s after that and after the heal", shownTo(list),
				shownList(list.listed), shownBy(list), during(*list.Operation), instance, l.Notice),
		}}}
}

func acknowledgement(l *life) string {
	if l.ok == history.Forever {
		return "of unknown outcome"
	}
	return "acknowledged at " + second(l.ok)
}

// listName names whose list one is.
func listName(list *inquiry) string {
	switch {
	case list.Function == history.CacheLookup:
		return shownTo(list)
	case list.Node == "":
		return "a node"
	}
	return list.Node
}

// equal is how long after the heal the last list lacked an instance that was up before and until then.
func (l LiveListed) equal(h *history.History, facts *Facts, finals *finalists) history.Time {
	last := finals.quiet
	for _, list := range facts.inquiries(h, l.Service, history.Lookup, history.CacheLookup) {
		if list.Invoked < finals.quiet || list.Function == history.CacheLookup && finals.sources[list.Client] == "" {
			continue
		}
		for number, its := range finals.registry.lives {
			if its.aliveDuring(finals.quiet, list.Completed) && !list.shows(number) {
				last = max(last, list.Completed)
			}
		}
	}
	return last - finals.quiet
}

// drifted is how many clients that were out of touch for a time have a cache that lacks an instance in
// the end.
func (l LiveListed) drifted(h *history.History, facts *Facts, finals *finalists) int {
	last := map[string]inquiry{}
	for _, list := range facts.inquiries(h, l.Service, history.CacheLookup) {
		if list.Invoked >= finals.quiet+history.Time(l.Settle) && finals.sources[list.Client] == "" {
			last[list.Client] = list
		}
	}
	count := 0
	for _, place := range h.Run.Clients {
		list, looked := last[place.Client]
		if !looked {
			continue
		}
		for number := range finals.registry.instances {
			if l.due(finals, number, &list) != nil && !list.shows(number) {
				count++
				break
			}
		}
	}
	return count
}
