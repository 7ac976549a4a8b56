package checker

import (
	"fmt"
	"slices"

	"cleave/history"
)

// CacheSurvives judges whether a client's own cache has no end of life: whatever happens to the servers, it
// goes on answering with what it was told last.
//
//   - A cache that has answered never fails to.
//   - While its client reaches no node it does not become wholly empty, if somebody that it listed is up.
//   - While its client reaches no node it does not change.
//
// A node that has lost its memory and lists nobody does empty the caches of those who reach it: that is
// measured, as instances that are missing.
//
// In pictures:
//
//	              all nodes killed
//	c1 |--cache-lookup--| [a b] |    |--cache-lookup--| [a b]
//	c2 |--cache-lookup--| [a b] |    |--cache-lookup--| []         invalid
//
// Measured: "age of a cut-off cache max": for how long a client had reached no node when its cache answered.
type CacheSurvives struct {
	Service string // the key of the lookups; "" for all
}

// Name is "cache-survives".
func (CacheSurvives) Name() string { return "cache-survives" }

// Check judges. It is Unknown if no cache ever answered.
func (c CacheSurvives) Check(h *history.History, budget Budget) Result {
	watch := cacheWatch{registry: budget.Facts.registryOf(h), sides: budget.Facts.sidesOf(h), asked: map[asker][]inquiry{}}
	answered := 0
	for i := range h.Operations {
		operation := &h.Operations[i]
		if operation.Function != history.CacheLookup || operation.Completed == history.Forever || c.Service != "" && c.Service != operation.Key {
			continue
		}
		list := inquiry{Operation: operation, listed: listedIn(operation.Result)}
		if found := watch.look(&list); found != nil {
			return *found
		}
		if operation.Outcome == history.Ok {
			answered++
		}
	}
	if answered == 0 {
		return Result{Verdict: Unknown, Reason: "no cache ever answered"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s of caches: none forgot what its client was told", counted(answered, "answer")),
		Measures: []Measure{cell{}.measure("age of a cut-off cache max", milliseconds(watch.oldest), Milliseconds)}}
}

// cacheWatch goes through the answers of caches, in order of invocation. A client asks one thing at a time.
type cacheWatch struct {
	registry registry
	sides    *Sides
	asked    map[asker][]inquiry // ok answers: the last one that listed anybody, and the last one while cut off
	oldest   history.Time
}

// look compares an answer with those before.
func (w *cacheWatch) look(list *inquiry) *Result {
	who := asker{list.Client, list.Function, list.Key}
	before := w.asked[who]
	if list.Outcome == history.Fail && len(before) > 0 {
		return cacheLost(&before[0], list, fmt.Sprintf("%s had an answer from its cache and then none (%s)", list.Client, list.Error))
	}
	if list.Outcome != history.Ok {
		return nil
	}
	s := w.sides.stretchAt(list.Invoked)
	alone := !slices.Contains(s.reach.clients[list.Client], true) && list.Completed < s.until
	if alone && s.from > beginning {
		w.oldest = max(w.oldest, list.Completed-s.from)
	}
	if len(before) > 0 && len(list.listed) == 0 && alone {
		for _, instance := range before[0].listed {
			if w.registry.aliveDuring(instance, before[0].Invoked, list.Completed) {
				return cacheLost(&before[0], list, fmt.Sprintf("the cache of %s became empty, though %s is up", list.Client, instance))
			}
		}
	}
	if len(before) == 2 && alone && before[1].Invoked >= s.from+settleDown && !slices.Equal(before[1].listed, list.listed) {
		return cacheLost(&before[1], list, fmt.Sprintf("the cache of %s changed while it reached no node", list.Client))
	}
	if len(before) == 0 || len(list.listed) > 0 {
		before = []inquiry{*list}
	}
	if alone {
		before = []inquiry{before[0], *list}
	}
	w.asked[who] = before
	return nil
}

// settleDown is how long an answer may be on its way to a client that reaches nobody any more.
const settleDown = history.Time(5e9)

func cacheLost(before, list *inquiry, reason string) *Result {
	answer := "answered " + shownList(list.listed)
	if list.Outcome != history.Ok {
		answer = "gave no answer (" + list.Error + ")"
	}
	return &Result{Verdict: Invalid, Reason: reason, Witness: &Witness{Key: list.Key,
		Operations: []history.Operation{*before.Operation, *list.Operation}, Explanation: []string{
			fmt.Sprintf("the cache of %s answered %s at %s", list.Client, shownList(before.listed), during(*before.Operation)),
			fmt.Sprintf("the same cache %s at %s", answer, during(*list.Operation)),
		}}}
}
