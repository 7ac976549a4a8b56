package consistency

import (
	"cmp"
	"slices"
)

// pram judges PRAM, or FIFO, consistency (Lipton and Sandberg, 1988): for each session there is an order of
// all writes, and its own reads, that keeps the order of every session and explains what it read. Two
// sessions need not agree on the order of writes by different sessions.
//
//	c1 |-write x 1-| |-write y 2-|
//	c2                               |-read y = 2-| |-read x = nil-|    c1 wrote x before y
//
// For each session the operations that matter are joined by arrows until no more follow (the rule of
// Bouajjani et al., POPL 2017, for causal memory, with the other sessions' reads left out): what was replaced in
// the past of a read comes before the value that it saw. It takes O(n k) for each such round.
func pram(r *record) (*breach, string) {
	for s := range r.sessions {
		v := &view{record: r, session: int32(s), local: map[int32]int32{}, drawn: map[[2]int32]bool{}}
		if found := v.judge(); found != nil {
			return found, ""
		}
	}
	return nil, ""
}

// view is what matters to one session: its own operations, and the writes of others that it knows of.
type view struct {
	*record
	session int32
	nodes   []int32 // of the record
	local   map[int32]int32
	arrows  []arrow           // that follow from others
	drawn   map[[2]int32]bool // by from and to
}

func (v *view) judge() *breach {
	for _, at := range v.sessions[v.session] {
		v.take(at)
		if sees := v.record.nodes[at].sees; sees != none && !v.initial(sees) {
			v.take(v.values[sees].writer)
		}
	}
	for {
		g := v.graph()
		order, circular := g.sorted()
		if circular != nil {
			return v.told(g, circular)
		}
		past := g.clocks(order, len(v.sessions), func(at int32) (session, index int32) {
			n := &v.record.nodes[v.nodes[at]]
			return n.session, n.index // of a pendant: that of what it follows
		})
		more, late := v.follow(past)
		if late != nil {
			return v.tooLateFor(g, *late)
		}
		if !more {
			return nil
		}
	}
}

// take makes a node one of those that matter, and gives its number among them.
func (v *view) take(at int32) int32 {
	if _, known := v.local[at]; !known {
		v.local[at] = int32(len(v.nodes))
		v.nodes = append(v.nodes, at)
	}
	return v.local[at]
}

// graph has the nodes that matter in the order of their sessions, readings by the session itself, and the
// arrows found so far.
func (v *view) graph() *graph {
	g := &graph{size: len(v.nodes)}
	order := slices.Clone(v.nodes)
	slices.SortFunc(order, func(a, b int32) int {
		one, other := &v.record.nodes[a], &v.record.nodes[b]
		return cmp.Or(cmp.Compare(one.session, other.session), cmp.Compare(one.index, other.index), cmp.Compare(rank(one), rank(other)))
	})
	before := int32(none)
	for _, at := range order {
		n := &v.record.nodes[at]
		if before != none && v.record.nodes[before].session == n.session {
			g.add(v.local[before], v.local[at], bySession)
		}
		if !n.pendant {
			before = at
		}
		if n.session == v.session && n.sees != none && !v.initial(n.sees) && !n.pendant {
			g.add(v.local[v.values[n.sees].writer], v.local[at], byReading)
		}
	}
	g.arrows = append(g.arrows, v.arrows...)
	return g
}

// rank puts what a session did before what it did after that with an unknown outcome.
func rank(n *node) int {
	if n.pendant {
		return 1
	}
	return 0
}

// late is a read of nothing, with a value in its past: shown is a node that left it there.
type late struct{ read, shown int32 }

// follow adds the arrows that follow from what is in the past of each read.
func (v *view) follow(past *clocks) (more bool, found *late) {
	for _, at := range v.sessions[v.session] {
		sees := v.record.nodes[at].sees
		if sees == none {
			continue
		}
		row := past.of(v.local[at])
		for _, t := range v.byKey[v.record.nodes[at].key] {
			shown := v.lastLeft(t, row[v.streams[t].session])
			if shown == none || v.record.nodes[shown].leaves() == sees {
				continue
			}
			if v.initial(sees) {
				return false, &late{at, shown}
			}
			old, writer := v.values[v.record.nodes[shown].leaves()].writer, v.values[sees].writer
			if session, index := v.place(old); session != none && past.of(v.local[writer])[session] >= index || v.drawn[[2]int32{old, writer}] {
				continue
			}
			v.drawn[[2]int32{old, writer}] = true
			v.arrows = append(v.arrows, arrow{v.take(old), v.local[writer], byVisible, v.take(shown), v.local[at]})
			more = true
		}
	}
	return more, nil
}

// lastLeft is the last node of a stream up to an index that matters: a write, or any of the session itself.
func (v *view) lastLeft(t, limit int32) int32 {
	if v.streams[t].session == v.session {
		return v.latestValue(t, limit)
	}
	at := v.latest(t, limit)
	if at == none {
		return none
	}
	return v.record.nodes[at].wrote
}

func (v *view) told(g *graph, circular []int32) *breach {
	circle := g.circle(circular)
	b := &breach{reason: "no order of all writes explains what one session read", culprit: none}
	b.nodes = v.global(g.involved(circle))
	for i := range circle {
		a := &circle[i]
		a.from, a.to = v.nodes[a.from], v.nodes[a.to]
		if a.by != none {
			a.shown, a.by = v.nodes[a.shown], v.nodes[a.by]
		}
	}
	b.but = v.round(circle)
	return b
}

func (v *view) global(nodes []int32) []int32 {
	for i := range nodes {
		nodes[i] = v.nodes[nodes[i]]
	}
	return nodes
}

// tooLateFor tells of a read of nothing. What was shown need not be one of the view's nodes, but then a later
// one of its session is.
func (v *view) tooLateFor(g *graph, found late) *breach {
	read := v.local[found.read]
	nodes := []int32{found.read, found.shown}
	for local, at := range v.nodes {
		n, shown := &v.record.nodes[at], &v.record.nodes[found.shown]
		if n.session == shown.session && n.index >= shown.index {
			if way := g.way(int32(local), read); way != nil {
				nodes = append(nodes, v.global(g.involved(way))...)
				break
			}
		}
	}
	value := v.record.nodes[found.shown].leaves()
	return &breach{"nothing was read when a value was there", append(nodes, v.values[value].writer), found.read,
		v.of(value, v.record.nodes[found.read].key) + " was in its past by then"}
}
