package checker

import (
	"fmt"
	"maps"
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
// measured, as instances that are missing. So a cache that is empty while its client reaches no node is to blame only
// if it has answered better since the client last reached a node that had been restarted.
//
// A cache that is NeverEmpty promises more, and less: it never becomes wholly empty, whomever its client reaches; but
// who of its list is given may change at any time, for it asks the listed themselves whether they are there. It is on disk:
// a client that was rebooted goes on where it was, and begins from nothing only if the reboot was a bare one.
//
// In pictures:
//
//	              all nodes killed
//	c1 |--cache-lookup--| [a b] |    |--cache-lookup--| [a b]
//	c2 |--cache-lookup--| [a b] |    |--cache-lookup--| []         invalid
//
// Measured: "age of a cut-off cache max": for how long a client had reached no node when its cache answered; "cache back
// after reboot max" and "cache back after bare reboot max": from a reboot to the next answer of the cache. Of a cache that is NeverEmpty also, by side, phase,
// both and all, "caches answered": the part of all questions to caches that they answered.
type CacheSurvives struct {
	Service    string // the key of the lookups; "" for all
	NeverEmpty bool
	InMemory   bool // a client that is told to die begins again from nothing
}

// Name is "cache-survives".
func (CacheSurvives) Name() string { return "cache-survives" }

// Check judges. It is Unknown if no cache ever answered.
func (c CacheSurvives) Check(h *history.History, budget Budget) Result {
	watch := cacheWatch{registry: budget.Facts.registryOf(h), sides: budget.Facts.sidesOf(h), asked: map[asker][]inquiry{},
		neverEmpty: c.NeverEmpty, reboots: map[string]*history.Operation{}, phases: phasesOf(h)}
	answered := 0
	for i := range h.Operations {
		operation := &h.Operations[i]
		if operation.Function == history.Reboot {
			watch.reboot(operation)
			continue
		}
		if operation.Function == history.Die && c.InMemory {
			watch.forget(operation.Client)
			continue
		}
		if operation.Function != history.CacheLookup || operation.Completed == history.Forever || c.Service != "" && c.Service != operation.Key {
			continue
		}
		list := inquiry{Operation: operation, listed: listedIn(operation.Result)}
		watch.count(operation)
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
		Measures: append([]Measure{cell{}.measure("age of a cut-off cache max", milliseconds(watch.oldest), Milliseconds)}, watch.measures()...)}
}

// cacheWatch goes through the answers of caches, in order of invocation. A client asks one thing at a time.
type cacheWatch struct {
	registry registry
	sides    *Sides
	asked    map[asker][]inquiry // ok answers: the last one that listed anybody, and the last one while cut off
	oldest   history.Time

	neverEmpty bool
	reboots    map[string]*history.Operation // of clients whose caches have not answered since
	back       [2][]history.Time             // how long that took, after reboots and after bare ones
	phases     phases
	served     table[service]
}

// count counts a question.
func (w *cacheWatch) count(operation *history.Operation) {
	if !w.neverEmpty {
		return
	}
	side, phase := w.sides.During(*operation), w.phases.at(operation.Invoked)
	for _, c := range []cell{{}, {side: side}, {phase: phase}, {side: side, phase: phase}} {
		if c.side != Changing {
			w.served.at(c).add(operation)
		}
	}
}

// reboot takes note of one. A cache of whose disk nothing is left has no past.
func (w *cacheWatch) reboot(operation *history.Operation) {
	w.reboots[operation.Client] = operation
	if bare(operation) {
		w.forget(operation.Client)
	}
}

// forget leaves a client's caches without a past.
func (w *cacheWatch) forget(client string) {
	maps.DeleteFunc(w.asked, func(who asker, _ []inquiry) bool { return who.client == client })
}

func bare(reboot *history.Operation) bool { return !reboot.Argument.IsNothing() }

// cameBack takes note of the first answer since a reboot.
func (w *cacheWatch) cameBack(list *inquiry) {
	reboot := w.reboots[list.Client]
	if reboot == nil {
		return
	}
	delete(w.reboots, list.Client)
	which := 0
	if bare(reboot) {
		which = 1
	}
	w.back[which] = append(w.back[which], list.Completed-reboot.Invoked)
}

func (w *cacheWatch) measures() (measures []Measure) {
	for _, c := range w.served.sorted() {
		s := w.served.at(c)
		measures = append(measures, c.measure("caches answered", ratio(s.answered, s.ended), Ratio))
	}
	for which, name := range []string{"cache back after reboot max", "cache back after bare reboot max"} {
		if times := w.back[which]; len(times) > 0 {
			measures = append(measures, cell{}.measure(name, milliseconds(slices.Max(times)), Milliseconds))
		}
	}
	return measures
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
	w.cameBack(list)
	if w.neverEmpty && len(before) > 0 && len(list.listed) == 0 && len(before[0].listed) > 0 {
		return cacheLost(&before[0], list, fmt.Sprintf("the cache of %s became empty", list.Client))
	}
	s := w.sides.stretchAt(list.Invoked)
	alone := !slices.Contains(s.reach.clients[list.Client], true) && list.Completed < s.until
	if alone && s.from > beginning {
		w.oldest = max(w.oldest, list.Completed-s.from)
	}
	if len(before) > 0 && len(list.listed) == 0 && alone && !w.sides.reachesRestarted(list.Client, before[0].Invoked, s.from) {
		for _, instance := range before[0].listed {
			if w.registry.aliveDuring(instance, before[0].Invoked, list.Completed) {
				return cacheLost(&before[0], list, fmt.Sprintf("the cache of %s became empty, though %s is up", list.Client, instance))
			}
		}
	}
	if !w.neverEmpty && len(before) == 2 && alone && before[1].Invoked >= s.from+settleDown && !slices.Equal(before[1].listed, list.listed) {
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
