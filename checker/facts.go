package checker

import (
	"cmp"
	"slices"

	"cleave/history"
)

// Facts are what several checkers need to know of one history, found out once: who could reach whom, when
// instances were up, and what lookups listed. A Budget may carry them from check to check. Nil is none: then
// every checker finds out for itself. They are not for several goroutines at a time.
type Facts struct {
	sides    *Sides
	registry *registry
	trails   []*trail
	changes  map[string]*changes
	lookups  []inquiry // all that were ok, of nodes and caches, in order of completion
	finals   *finalists
	of       finalsOf
}

// finalsOf is which lists were judged last.
type finalsOf struct {
	service string
	settle  history.Time
}

// sidesOf are the sides of a history.
func (f *Facts) sidesOf(h *history.History) *Sides {
	if f == nil {
		return NewSides(h)
	}
	if f.sides == nil {
		f.sides = NewSides(h)
	}
	return f.sides
}

// registryOf is what is true of the instances of a history.
func (f *Facts) registryOf(h *history.History) registry {
	if f == nil {
		return registryOf(h)
	}
	if f.registry == nil {
		found := registryOf(h)
		f.registry = &found
	}
	return *f.registry
}

// trailsOf are the trails of a history. The caller must not change them.
func (f *Facts) trailsOf(h *history.History) []*trail {
	if f == nil {
		return trailsOf(h)
	}
	if f.trails == nil {
		f.trails = trailsOf(h)
	}
	return f.trails
}

// changesOf are the changes of every znode of a history. The caller must not change them.
func (f *Facts) changesOf(h *history.History) map[string]*changes {
	if f == nil {
		return changesOf(h)
	}
	if f.changes == nil {
		f.changes = changesOf(h)
	}
	return f.changes
}

// inquiries are the ok lookups of a service ("" for any) with some functions, in order of completion. The
// caller must not change them.
func (f *Facts) inquiries(h *history.History, service string, functions ...history.Function) []inquiry {
	if f == nil {
		f = &Facts{}
	}
	if f.lookups == nil {
		f.lookups = inquiriesOf(h, f.registryOf(h))
	}
	wanted := func(i *inquiry) bool {
		return slices.Contains(functions, i.Function) && (service == "" || i.Key == service)
	}
	count := 0
	for i := range f.lookups {
		if wanted(&f.lookups[i]) {
			count++
		}
	}
	if count == len(f.lookups) {
		return f.lookups
	}
	found := make([]inquiry, 0, count)
	for i := range f.lookups {
		if wanted(&f.lookups[i]) {
			found = append(found, f.lookups[i])
		}
	}
	return found
}

// inquiriesOf are all ok lookups, in order of completion.
func inquiriesOf(h *history.History, r registry) []inquiry {
	var order []*history.Operation
	for i := range h.Operations {
		operation := &h.Operations[i]
		if operation.Outcome == history.Ok && (operation.Function == history.Lookup || operation.Function == history.CacheLookup) {
			order = append(order, operation)
		}
	}
	slices.SortStableFunc(order, func(a, b *history.Operation) int { return cmp.Compare(a.Completed, b.Completed) })
	found := make([]inquiry, len(order))
	for i, operation := range order {
		found[i] = inquiry{Operation: operation, answer: operation.Result.AsTexts()}
		if !found[i].repeats(found[max(i-mostRepeated, 0):i]) {
			found[i].listed = listedIn(operation.Result)
			found[i].number(&r)
		}
	}
	return found
}

// mostRepeated is how many lookups back the same list is looked for.
const mostRepeated = 8
