package checker

import (
	"slices"

	"cleave/history"
)

// finalists are all lookups, of nodes and of clients' own caches, that were invoked a time after the
// quiet phase began, and what is needed to judge them.
type finalists struct {
	lists    []inquiry // in order of completion
	quiet    history.Time
	registry registry
	sources  map[string]string // the node that a client's cache is filled from: the one beside it
	strayed  int               // lists that were left out, because their client was not always in touch with that node
}

// finalistsOf finds them. The cache of a client that was at any time out of touch with the node beside
// it is left out: it may have missed more than its servers still tell, and a hash that only counts does
// not show it every gap.
func (f *Facts) finalistsOf(h *history.History, service string, settle history.Time) finalists {
	if f == nil {
		f = &Facts{}
	}
	if of := (finalsOf{service, settle}); f.finals == nil || f.of != of {
		found := f.findFinalists(h, service, settle)
		f.finals, f.of = &found, of
	}
	return *f.finals
}

func (f *Facts) findFinalists(h *history.History, service string, settle history.Time) finalists {
	found := finalists{registry: f.registryOf(h), sources: touchesOf(h, f.sidesOf(h))}
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	if !isQuiet {
		return found
	}
	found.quiet = quiet
	for _, list := range f.inquiries(h, service, history.Lookup, history.CacheLookup) {
		if list.Invoked < quiet+settle {
			continue
		}
		if list.Function == history.CacheLookup && found.sources[list.Client] == "" {
			found.strayed++
			continue
		}
		found.lists = append(found.lists, list)
	}
	return found
}

// source is the node whose word a list is, "" if that is not known.
func (f *finalists) source(list *inquiry) string {
	if list.Function == history.CacheLookup {
		return f.sources[list.Client]
	}
	return list.Node
}

// touchesOf is the node beside each client that was in touch with it all the time.
func touchesOf(h *history.History, sides *Sides) map[string]string {
	touches := map[string]string{}
	for _, place := range h.Run.Clients {
		node := slices.Index(h.Run.Nodes, place.Host)
		touching := func(s stretch) bool { return node >= 0 && s.reach.up[node] && s.reach.clients[place.Client][node] }
		if !slices.ContainsFunc(sides.stretches, func(s stretch) bool { return !touching(s) }) {
			touches[place.Client] = place.Host
		}
	}
	return touches
}

// gone is since when the instance of a life is on its way out: it died, was taken out, or its client
// tried to have it taken out and has kept it up no longer, whatever came of that; Forever if it is up.
func (l *life) gone() history.Time {
	switch {
	case l.left < history.Forever || l.end == nil:
		return l.left
	case l.end.Outcome == history.Fail:
		return history.Forever
	}
	return l.end.GaveUp
}

// shownTo is who was shown a list: "c3" or "the cache of c3".
func shownTo(list *inquiry) string {
	if list.Function == history.CacheLookup {
		return "the cache of " + list.Client
	}
	return list.Client
}

// shownBy names the node that answered, if one did: nobody answers for a cache.
func shownBy(list *inquiry) string {
	if list.Function == history.CacheLookup {
		return ""
	}
	return by(list.Node)
}
