package checker

import (
	"fmt"
	"time"

	"cleave/history"
)

// CacheFollows judges whether clients' own caches come to the truth once all is healed, of every client, also of those that
// were cut off. All cache lookups are judged that were invoked Settle or more after the quiet phase began.
//
//   - An instance is due if its register was invoked, whether acknowledged or of unknown outcome, Notice before the
//     lookup, the quiet phase began Notice before it, and it has not begun to leave.
//   - It must be gone if it had surely been dead for longer than Allowed, and the quiet phase had lasted for longer; unless no
//     instance is due: that nobody is up is what a careful cache does not believe.
//
// In a picture:
//
//	a  register |--|        quiet
//	c1                        |... Notice ...|--cache-lookup--| []     invalid: a is up
type CacheFollows struct {
	Service         string // the key of the lookups; "" for all
	Settle          time.Duration
	Notice, Allowed time.Duration
}

// Name is "cache-follows".
func (CacheFollows) Name() string { return "cache-follows" }

// Check judges. It is Unknown without such a lookup, or an instance that is due in one or must be gone.
func (c CacheFollows) Check(h *history.History, budget Budget) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	finals := finalists{registry: budget.Facts.registryOf(h), quiet: quiet}
	looked, due := 0, 0
	for _, list := range budget.Facts.inquiries(h, c.Service, history.CacheLookup) {
		if !isQuiet || list.Invoked < quiet+history.Time(c.Settle) {
			continue
		}
		looked++
		found, judged := c.compare(&finals, &list)
		if found != nil {
			return *found
		}
		due += judged
	}
	switch {
	case looked == 0:
		return Result{Verdict: Unknown, Reason: fmt.Sprintf("no cache answered %s or more after the quiet phase began", brief(c.Settle))}
	case due == 0:
		return Result{Verdict: Unknown, Reason: "no instance is due in a final answer of a cache, or must be gone from it"}
	}
	return Result{Verdict: Valid, Reason: counted(looked, "final answer") + " of caches: the living are listed, and not the dead"}
}

// compare sets one list against the truth.
func (c CacheFollows) compare(finals *finalists, list *inquiry) (found *Result, judged int) {
	living, dead := LiveListed{Notice: c.Notice}, NoGhostForever{Allowed: c.Allowed}
	for number, instance := range finals.registry.instances {
		if current := living.due(finals, number, list); current != nil {
			if judged++; !list.shows(number) {
				result := living.unlisted(instance, current, list)
				return &result, judged
			}
		}
	}
	if judged == 0 {
		return nil, 0
	}
	for number, instance := range finals.registry.instances {
		ended, surely := finals.registry.lives[number].deadDuring(list.Invoked, list.Completed)
		if !surely || list.Invoked-max(ended.left, finals.quiet) <= history.Time(c.Allowed) {
			continue
		}
		if judged++; list.shows(number) {
			result := dead.ghost(instance, *ended, list)
			return &result, judged
		}
	}
	return nil, judged
}
