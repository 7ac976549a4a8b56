package checker

import (
	"fmt"
	"slices"
	"time"

	"cleave/history"
)

// SameLists judges whether, when all is healed, all lists are the same: of all nodes, and in the
// clients' own caches. All lookups are compared that were invoked Settle or more after the quiet phase
// began, without the instances of which a list may say either: those that have begun to leave, which a
// registry may list for long, and those that asked to register less than Notice before.
//
//	c1 from n1   |--lookup--| [a b]
//	c2 from n2   |--lookup--| [a]            invalid, unless b is leaving or was just registered
type SameLists struct {
	Service string // the key of the lookups; "" for all
	Settle  time.Duration
	Notice  time.Duration
}

// Name is "same-lists".
func (SameLists) Name() string { return "same-lists" }

// Check judges. It is Unknown if there are no two lists to compare.
func (s SameLists) Check(h *history.History, budget Budget) Result {
	finals := budget.Facts.finalistsOf(h, s.Service, history.Time(s.Settle))
	if len(finals.lists) < 2 {
		return Result{Verdict: Unknown, Reason: fmt.Sprintf("no two ok lookups were invoked %s or more after the quiet phase began", brief(s.Settle))}
	}
	first := map[string]*inquiry{}
	for i := range finals.lists {
		list := &finals.lists[i]
		one, known := first[list.Key]
		if !known {
			first[list.Key] = list
			continue
		}
		for _, pair := range [][2]*inquiry{{one, list}, {list, one}} {
			for place, number := range pair[0].numbers {
				instance := pair[0].listed[place]
				if number >= 0 && pair[1].shows(number) || number < 0 && pair[1].lists(instance) {
					continue
				}
				if s.settled(&finals, instance, one, list) {
					return s.differ(instance, pair[0], pair[1])
				}
			}
		}
	}
	return Result{Verdict: Valid, Reason: counted(len(finals.lists), "final list") + " are the same, but for those that leave"}
}

// settled tells whether two lists must say the same of an instance.
func (s SameLists) settled(finals *finalists, instance string, one, other *inquiry) bool {
	earlier, later := min(one.Invoked, other.Invoked), max(one.Completed, other.Completed)
	current, next := finals.registry.lifeAt(instance, earlier)
	switch {
	case current == nil:
		return next > later // nobody ever asked for it
	case next <= later || current.leaving <= later:
		return false
	}
	return earlier >= max(current.asked, finals.quiet)+history.Time(s.Notice)
}

func (s SameLists) differ(instance string, with, without *inquiry) Result {
	witness := &Witness{Key: with.Key}
	lists := []*inquiry{with, without}
	slices.SortFunc(lists, func(a, b *inquiry) int { return a.ID - b.ID })
	for _, list := range lists {
		witness.Operations = append(witness.Operations, *list.Operation)
		witness.Explanation = append(witness.Explanation,
			fmt.Sprintf("%s showed %s%s at %s", shownTo(list), shownList(list.listed), shownBy(list), during(*list.Operation)))
	}
	return Result{Verdict: Invalid, Witness: witness, Reason: fmt.Sprintf("%s shows %s and %s does not", listName(with), instance, listName(without))}
}
