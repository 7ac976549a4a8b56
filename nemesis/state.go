package nemesis

import (
	"slices"
	"strings"

	"cleave/history"
)

// state counts the faults in force.
type state struct {
	run    history.Run
	cuts   []counted[history.Link]
	down   []counted[string]
	paused []counted[string]
	full   []counted[string]
	ailing []counted[string]
	hamper []counted[history.Link]
	out    []counted[string]
	unsure []string // nodes that have been out at any time
}

// counted is a thing held by a number of faults.
type counted[T comparable] struct {
	thing T
	holds int
}

func hold[T comparable](list []counted[T], thing T, change int) []counted[T] {
	at := slices.IndexFunc(list, func(c counted[T]) bool { return c.thing == thing })
	if at < 0 {
		return append(list, counted[T]{thing, change})
	}
	list[at].holds += change
	if list[at].holds == 0 {
		return slices.Delete(list, at, at+1)
	}
	return list
}

// apply counts an effect in (change 1) or out (change -1).
func (s *state) apply(e *effect, change int) {
	for _, l := range e.cuts {
		s.cuts = hold(s.cuts, l, change)
	}
	for _, node := range e.kill {
		s.down = hold(s.down, node, change)
	}
	for _, node := range e.dark {
		s.down = hold(s.down, node, change)
	}
	for _, node := range e.pause {
		s.paused = hold(s.paused, node, change)
	}
	for _, node := range e.full {
		s.full = hold(s.full, node, change)
	}
	for _, node := range append(append([]string{}, e.out...), e.harm.renew...) {
		s.out = hold(s.out, node, change)
		if !slices.Contains(s.unsure, node) {
			s.unsure = append(s.unsure, node)
		}
	}
	s.applyHarm(&e.harm, change)
	if !e.by.Hampers() {
		return
	}
	for _, l := range e.worse {
		s.hamper = hold(s.hamper, l, change)
	}
}

// applyHarm counts what is done to nodes and their disks. One that is to be killed at its next sync is down from
// now on, as it may be at any moment; what slows a node down hampers the link to itself.
func (s *state) applyHarm(h *harm, change int) {
	for _, node := range h.writing {
		s.down = hold(s.down, node, change)
	}
	for _, node := range append(append([]string{}, h.failing...), h.flip...) {
		s.ailing = hold(s.ailing, node, change)
	}
	for _, node := range append(append([]string{}, h.slow...), h.lag...) {
		s.hamper = hold(s.hamper, history.Link{From: node, To: node}, change)
	}
}

// connectivity is the state as it goes into the history, sorted.
func (s *state) connectivity() history.Connectivity {
	c := history.Connectivity{Cut: things(s.cuts), Down: things(s.down), Paused: things(s.paused), Full: things(s.full),
		Ailing: things(s.ailing), Hampered: len(s.hamper), Out: things(s.out)}
	slices.SortFunc(c.Cut, func(a, b history.Link) int {
		if order := strings.Compare(a.From, b.From); order != 0 {
			return order
		}
		return strings.Compare(a.To, b.To)
	})
	slices.Sort(c.Down)
	slices.Sort(c.Paused)
	slices.Sort(c.Full)
	slices.Sort(c.Ailing)
	slices.Sort(c.Out)
	return c
}

func things[T comparable](list []counted[T]) []T {
	all := make([]T, len(list))
	for i, c := range list {
		all[i] = c.thing
	}
	return all
}

// runs tells whether anything may be expected of a node: one whose disk is full or ails may end at any moment.
func (s *state) runs(node string) bool {
	is := func(c counted[string]) bool { return c.thing == node }
	return !slices.ContainsFunc(s.down, is) && !slices.ContainsFunc(s.paused, is) && !slices.ContainsFunc(s.full, is) && !slices.ContainsFunc(s.ailing, is)
}

func (s *state) passes(from, to string) bool {
	return !slices.ContainsFunc(s.cuts, func(c counted[history.Link]) bool { return c.thing == history.Link{From: from, To: to} })
}

// belongs tells whether a node is to be a member.
func (s *state) belongs(node string) bool {
	return !slices.ContainsFunc(s.out, func(c counted[string]) bool { return c.thing == node })
}

// sees counts the running members that a running node exchanges messages with, itself included. One that is no
// member is alone.
func (s *state) sees(node string) int {
	if !s.runs(node) {
		return 0
	}
	count := 1
	for _, other := range s.run.Nodes {
		if other != node && s.runs(other) && s.belongs(node) && s.belongs(other) && s.passes(node, other) && s.passes(other, node) {
			count++
		}
	}
	return count
}

// quorum is "kept" while some node sees as many as the system needs.
func (s *state) quorum() string {
	for _, node := range s.run.Nodes {
		if s.sees(node) >= s.run.Quorum {
			return "kept"
		}
	}
	return "lost"
}

// standing says where a node is: "down", "majority" or "minority".
func (s *state) standing(node string) string {
	switch {
	case node == "":
		return ""
	case !s.runs(node):
		return "down"
	case s.sees(node) >= len(s.run.Nodes)/2+1:
		return "majority"
	}
	return "minority"
}
