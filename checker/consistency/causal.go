package consistency

import (
	"fmt"
	"strings"

	"cleave/checker/evidence"
)

// causal judges causal consistency in its weak form (Bouajjani, Enea, Guerraoui and Hamza, POPL 2017, "CC"):
// what comes before an operation, in its session, or in those that what it saw came from, and so on, is its
// past; and a read sees no value that was replaced within its past:
//
//	c1 |-write x 1-| |-write x 2-| |-write y 1-|
//	c2                                            |-read y = 1-| |-read x = 1-|    2 is in c2's past
//
// It takes O(n k log n) for k sessions and 8 bytes for each operation and session.
func causal(r *record) (*breach, string) {
	_, past, found := r.pasts()
	if found != nil {
		return found, ""
	}
	return r.overwritten(past), ""
}

// pasts are the order of sessions and of who read from whom, and what of each session comes before each node in it. If
// there is no such order, or in it an initial value was seen too late, there is a breach.
func (r *record) pasts() (*graph, *clocks, *breach) {
	g, order, found := r.happensBefore()
	if found != nil {
		return nil, nil, found
	}
	past := g.clocks(order, len(r.sessions), r.place)
	return g, past, r.initialTooLate(past)
}

// place is where a node stands in the sessions: see clocks.
func (r *record) place(at int32) (session, index int32) {
	if int(at) >= len(r.nodes) || r.nodes[at].pendant {
		return none, none
	}
	return r.nodes[at].session, r.nodes[at].index
}

// happensBefore is the order of sessions and of who read from whom.
func (r *record) happensBefore() (*graph, []int32, *breach) {
	g := &graph{size: len(r.nodes)}
	r.addBefore(g)
	order, circular := g.sorted()
	if circular != nil {
		return nil, nil, r.circular(g, circular, "operations rest on each other in a circle")
	}
	return g, order, nil
}

func (r *record) addBefore(g *graph) {
	for i := range r.nodes {
		n := &r.nodes[i]
		if n.after != none {
			g.add(n.after, int32(i), bySession)
		}
		if n.sees != none {
			if writer := r.values[n.sees].writer; writer != none {
				g.add(writer, int32(i), byReading)
			}
		}
	}
}

// initialTooLate finds a node that saw nothing though its past holds a value.
func (r *record) initialTooLate(past *clocks) *breach {
	for i := range r.nodes {
		n := &r.nodes[i]
		if n.sees == none || !r.initial(n.sees) {
			continue
		}
		for _, t := range r.byKey[n.key] {
			if shown := r.latestValue(t, past.of(int32(i))[r.streams[t].session]); shown != none {
				return r.tooLate(int32(i), shown)
			}
		}
	}
	return nil
}

// latestValue is the last node of a stream up to an index, unless it leaves the key with nothing; then none.
func (r *record) latestValue(t, limit int32) int32 {
	at := r.latest(t, limit)
	if at == none || r.initial(r.nodes[at].leaves()) {
		return none
	}
	return at
}

// tooLate tells that a node saw nothing with a value in its past.
func (r *record) tooLate(at, shown int32) *breach {
	n := &r.nodes[at]
	v := r.nodes[shown].leaves()
	return &breach{"nothing was read when a value was there", append(r.trail(shown, at), r.values[v].writer), at,
		fmt.Sprintf("%s was in its past by then", r.of(v, n.key))}
}

// of is "1 of x".
func (r *record) of(v, key int32) string { return r.show(v) + " of " + r.keys[key] }

// overwritten finds a node whose past holds a write of its key that has the writer of what the node saw in
// its own past. For each stream it keeps the joint past of all values that its nodes knew; pendants, whose
// place in a session is not known, are looked for by those that read them.
func (r *record) overwritten(past *clocks) *breach {
	known, readers := r.knownPasts(past), r.firstReaders()
	for i := range r.nodes {
		n := &r.nodes[i]
		if n.sees == none || r.initial(n.sees) {
			continue
		}
		if r.hidden(n.sees) {
			if r.hiddenReplaced(int32(i), past, known, readers) {
				return r.replaced(int32(i), past, readers)
			}
			continue
		}
		session, index := r.place(r.values[n.sees].writer)
		for _, t := range r.byKey[n.key] {
			if shown := r.latest(t, past.of(int32(i))[r.streams[t].session]); shown != none && known.of(shown)[session] >= index {
				return r.replaced(int32(i), past, readers)
			}
		}
	}
	return nil
}

// hidden tells whether a value was written with an unknown outcome, so that its writer is in no clock.
func (r *record) hidden(v int32) bool { return !r.initial(v) && r.nodes[r.values[v].writer].pendant }

func (r *record) hiddenReplaced(at int32, past, known *clocks, readers [][]int32) bool {
	row := filled(past.sessions)
	for _, t := range r.byKey[r.nodes[at].key] {
		if shown := r.latest(t, past.of(at)[r.streams[t].session]); shown != none {
			join(row, known.of(shown))
		}
	}
	return r.replacedIn(r.nodes[at].sees, row, past.of(at), readers)
}

func join(row, other []int32) {
	for s := range row {
		row[s] = max(row[s], other[s])
	}
}

// knownPasts are, of each ok node, the joint pasts of the writers of all values that its stream knew by then.
func (r *record) knownPasts(past *clocks) *clocks {
	known := &clocks{past.sessions, filled(len(r.nodes) * past.sessions)}
	for t := range r.streams {
		before := int32(none)
		for _, at := range r.streams[t].nodes {
			row := known.of(at)
			if before != none {
				copy(row, known.of(before))
			}
			if v := r.nodes[at].sees; v != none && !r.initial(v) {
				join(row, past.of(r.values[v].writer))
			}
			if r.nodes[at].writes != none {
				join(row, past.of(at))
			}
			before = at
		}
	}
	return known
}

// replacedIn tells whether the writer of a value is in the joint past of the writers of others (row), or, for
// one of unknown outcome, whether somebody is who read it, or in the past (within) who swapped it for another.
func (r *record) replacedIn(v int32, row, within []int32, readers [][]int32) bool {
	writer := r.values[v].writer
	if n := &r.nodes[writer]; !n.pendant {
		return row[n.session] >= n.index
	}
	for _, reader := range readers[v] {
		n := &r.nodes[reader]
		if row[n.session] >= n.index || n.writes != none && within[n.session] >= n.index {
			return true
		}
	}
	for _, swap := range r.values[v].swaps {
		if r.nodes[swap].pendant && r.reached(r.nodes[swap].writes, within, readers) {
			return true
		}
	}
	return false
}

// reached tells whether a past holds a reader of a value that was written with an unknown outcome, or of what
// was made of it with an unknown outcome.
func (r *record) reached(v int32, within []int32, readers [][]int32) bool {
	for _, reader := range readers[v] {
		if within[r.nodes[reader].session] >= r.nodes[reader].index {
			return true
		}
	}
	for _, swap := range r.values[v].swaps {
		if r.nodes[swap].pendant && r.reached(r.nodes[swap].writes, within, readers) {
			return true
		}
	}
	return false
}

// replaced tells which value in a node's past replaced what it saw.
func (r *record) replaced(at int32, past *clocks, readers [][]int32) *breach {
	n := &r.nodes[at]
	for _, t := range r.byKey[n.key] {
		limit := past.of(at)[r.streams[t].session]
		for _, shown := range r.streams[t].nodes {
			if r.nodes[shown].index > limit {
				break
			}
			for _, v := range []int32{r.nodes[shown].sees, r.nodes[shown].writes} {
				if v == none || v == n.sees || r.initial(v) {
					continue
				}
				writer := r.values[v].writer
				if r.replacedIn(n.sees, past.of(writer), past.of(writer), readers) || r.madeOf(writer, n.sees) {
					nodes := append(r.trail(shown, at), r.trail(r.values[n.sees].writer, writer)...)
					return &breach{"a value was read that had been replaced in the reader's past", append(nodes, shown, writer), at,
						fmt.Sprintf("%s, which replaced %s, was in its past", r.of(v, n.key), r.show(n.sees))}
				}
			}
		}
	}
	panic("consistency: a value was replaced by none")
}

// madeOf tells whether what a node wrote was made of a value by compare-and-sets of unknown outcome, itself the last.
func (r *record) madeOf(at, v int32) bool {
	for r.nodes[at].sees != v {
		if !r.nodes[at].pendant || r.nodes[at].sees == none || r.initial(r.nodes[at].sees) {
			return false
		}
		at = r.values[r.nodes[at].sees].writer
	}
	return true
}

// trail are the nodes on a shortest way from one node to another, by sessions and readings.
func (r *record) trail(from, to int32) []int32 {
	g := &graph{size: len(r.nodes)}
	r.addBefore(g)
	g.index()
	return append(g.involved(g.way(from, to)), from, to)
}

// convergent judges causal convergence (the same, "CCv"; Burckhardt's causal consistency with a shared
// order of the writes): what a read saw replaced all other values of the key in its past, and all reads agree
// on one order of such replacements. On a single key without compare-and-set it is sequential consistency.
// It takes O(n k log n).
func convergent(r *record) (*breach, string) {
	g, past, found := r.pasts()
	if found != nil {
		return found, ""
	}
	for i := range r.nodes {
		n := &r.nodes[i]
		if n.sees == none || r.initial(n.sees) {
			continue
		}
		writer := r.values[n.sees].writer
		for _, t := range r.byKey[n.key] {
			shown := r.latestValue(t, past.of(int32(i))[r.streams[t].session])
			if shown == none || r.nodes[shown].leaves() == n.sees || r.knew(past, writer, r.nodes[shown].leaves()) {
				continue
			}
			g.arrows = append(g.arrows, arrow{r.values[r.nodes[shown].leaves()].writer, writer, byVisible, shown, int32(i)})
		}
	}
	if _, circular := g.sorted(); circular != nil {
		return r.circular(g, circular, "sessions do not agree on the order in which values replaced each other"), ""
	}
	return nil, ""
}

// knew tells whether the writer of a value, in a session, is in a node's past. Of a pendant it cannot be told.
func (r *record) knew(past *clocks, at, v int32) bool {
	session, index := r.place(r.values[v].writer)
	return session != none && past.of(at)[session] >= index
}

// circular tells of a circle of arrows, in a graph whose first nodes are those of the record.
func (r *record) circular(g *graph, nodes []int32, reason string) *breach {
	circle := g.circle(nodes)
	b := &breach{reason: reason, culprit: none, but: r.round(circle)}
	for _, at := range g.involved(circle) {
		if int(at) < len(r.nodes) {
			b.nodes = append(b.nodes, at)
		}
	}
	return b
}

// round tells a circle in words. Nodes that are no operations stand for instants between them.
func (r *record) round(circle []arrow) string {
	var parts []string
	before := int32(none) // the last operation that had completed, on a way through time
	for turn := range 2 * len(circle) {
		a := circle[turn%len(circle)]
		if a.why == byTime && r.isOperation(a.from) {
			before = a.from
		}
		if turn < len(circle) {
			continue // the way through time may have begun before the circle's first arrow
		}
		if a.why == byTime && r.isOperation(a.to) && before != none {
			parts = append(parts, fmt.Sprintf("%s had completed before %s was asked for", r.brief(before), r.brief(a.to)))
		} else if text := r.because(a); text != "" {
			parts = append(parts, text)
		}
	}
	return "so " + strings.Join(parts, ", and ") + ": a circle"
}

func (r *record) isOperation(at int32) bool { return at >= 0 && int(at) < len(r.nodes) }

func (r *record) because(a arrow) string {
	switch {
	case a.by != none && r.nodes[a.by].sees == none, a.by != none && !r.isOperation(a.from):
		return r.shownOrder(a.shown, a.by)
	case a.by != none:
		return fmt.Sprintf("%s was replaced by %s (%s read the latter with the former in its past)",
			r.of(r.nodes[a.from].writes, r.nodes[a.from].key), r.show(r.nodes[a.to].writes), evidence.Who(r.operations[a.by]))
	case a.why == byBeginning && r.isOperation(a.to) && r.nodes[a.to].sees == none:
		return r.brief(a.to) + " came after all that found nothing there"
	case !r.isOperation(a.from) || !r.isOperation(a.to) || a.why == byTime:
		return ""
	}
	return fmt.Sprintf("%s came before %s", r.brief(a.from), r.brief(a.to))
}

// brief names a node: "write x 1 by c1".
func (r *record) brief(at int32) string {
	n := &r.nodes[at]
	who := evidence.Who(r.operations[at])
	switch {
	case n.sees == none:
		return fmt.Sprintf("%s's write of %s", who, r.of(n.writes, n.key))
	case n.writes == none:
		return fmt.Sprintf("%s's read of %s", who, r.of(n.sees, n.key))
	}
	return fmt.Sprintf("%s's change of %s to %s", who, r.of(n.sees, n.key), r.show(n.writes))
}
