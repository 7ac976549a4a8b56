package consistency

import (
	"fmt"
	"slices"

	"cleave/history"
)

// sequential judges sequential consistency (Lamport, IEEE Transactions on Computers 1979): one order of all
// operations of all keys keeps the order of every session and explains every answer.
//
//	c1 |-write x 1-|                        c3's reads say that 1 came before 2, those of c4 that it did not
//	c2 |-write x 2-|
//	c3                |-read x = 1-| |-read x = 2-|
//	c4                |-read x = 2-| |-read x = 1-|
//
// With ordered, a write comes, too, after everything that had completed before it was asked for: ordered
// sequential consistency (Lev-Ari, Bortnikov, Keidar and Shraer, Information Processing Letters 2017, with the
// writes as the ordered operations), which is what ZooKeeper gives: linearizable writes and reads that may be
// old.
//
// On one key, without ordered, it takes O(n). Otherwise it draws arrows between operations until no more
// follow ("gradual consistency", Zennou et al., CAV 2019), and if they make no circle looks for an order, write
// by write, within a bound of steps: the problem is NP-complete (Gibbons and Korach, SIAM J. Comput. 1997).
func sequential(ordered bool, steps int) judge {
	return func(r *record) (*breach, string) {
		if found := r.forked(); found != nil {
			return found, ""
		}
		if len(r.keys) == 1 && !ordered {
			return sequentialKey(r), ""
		}
		s := newSaturation(r, ordered)
		if s.tooLarge() {
			return nil, fmt.Sprintf("%d operations of %d sessions would take more than %d MB", len(r.nodes), len(r.sessions), mostClocks>>18)
		}
		if found := s.run(); found != nil {
			return found, ""
		}
		return newFrontier(s).search(steps)
	}
}

// forked finds a value that two compare-and-sets replaced, or compare-and-sets that rest on each other.
func (r *record) forked() *breach {
	for i := range r.values {
		if v := &r.values[i]; len(v.swaps) > 1 {
			return &breach{"a value was replaced twice", v.swaps[:2], v.swaps[1],
				fmt.Sprintf("%s had been replaced by %s as well", r.of(int32(i), v.key), r.show(r.nodes[v.swaps[0]].writes))}
		}
	}
	for i := range r.values {
		if v := &r.values[i]; v.root == none {
			_, _, found := r.happensBefore()
			return found
		}
	}
	return nil
}

// sequentialKey judges one key: its values, joined to chains by compare-and-sets, must have an order in which
// no session goes back.
func sequentialKey(r *record) *breach {
	g := &graph{size: len(r.values)} // roots stand for their chains
	for t := range r.streams {
		before := int32(none)
		for _, at := range r.streams[t].nodes {
			if found := r.meeting(g, before, at); found != nil {
				return found
			}
			before = at
		}
	}
	for i := range r.nodes {
		if n := &r.nodes[i]; n.pendant {
			if found := r.meeting(g, r.latest(n.stream, n.index), int32(i)); found != nil {
				return found
			}
		}
	}
	if _, circular := g.sorted(); circular != nil {
		return r.toldValues(g.circle(circular))
	}
	return nil
}

// meeting draws the arrow from what one node left to what the next of its session met.
func (r *record) meeting(g *graph, before, at int32) *breach {
	to := r.nodes[at].meets()
	root := r.values[to].root
	if before == none {
		return nil
	}
	from := r.nodes[before].leaves()
	switch {
	case r.values[from].root != root && r.initial(root):
		return r.wentBack(before, at)
	case r.values[from].root != root:
		g.arrows = append(g.arrows, arrow{r.values[from].root, root, byVisible, before, at})
	case r.values[from].place > r.values[to].place:
		return r.wentBack(before, at)
	}
	return nil
}

// wentBack tells that a session went back to a value that is older for certain.
func (r *record) wentBack(before, at int32) *breach {
	n := &r.nodes[at]
	from, to := r.nodes[before].leaves(), n.meets()
	nodes := []int32{before, at}
	for v := from; r.values[v].place > 0 && v != to; v = r.nodes[r.values[v].writer].sees {
		nodes = append(nodes, r.values[v].writer)
	}
	return &breach{"a session went back", nodes, at, fmt.Sprintf("it had come to %s, which is newer than %s", r.of(from, n.key), r.show(to))}
}

// toldValues tells of a circle of values.
func (r *record) toldValues(circle []arrow) *breach {
	b := &breach{reason: "no one order of the values explains what the sessions did", culprit: none}
	for i, a := range circle {
		b.nodes = append(b.nodes, a.shown, a.by)
		if i > 0 {
			b.but += ", and "
		}
		b.but += r.shownOrder(a.shown, a.by)
		next := circle[(i+1)%len(circle)]
		b.nodes = append(b.nodes, r.between(r.nodes[a.by].meets(), r.nodes[next.shown].leaves())...)
	}
	b.but = "so " + b.but + ": a circle"
	return b
}

// between are the compare-and-sets between two values of one chain.
func (r *record) between(one, other int32) []int32 {
	if r.values[one].place > r.values[other].place {
		one, other = other, one
	}
	var nodes []int32
	for v := other; r.values[v].place > r.values[one].place; v = r.nodes[r.values[v].writer].sees {
		nodes = append(nodes, r.values[v].writer)
	}
	return nodes
}

func (r *record) shownOrder(shown, by int32) string {
	from, to, key := r.nodes[shown].leaves(), r.nodes[by].meets(), r.nodes[by].key
	return fmt.Sprintf("%s is older than %s (%s, then %s)", r.of(from, key), r.show(to), r.brief(shown), r.brief(by))
}

// mostClocks bounds the clocks of a saturation, in entries of four bytes.
const mostClocks = 1 << 28

// saturation draws all arrows that any order of the operations must follow. Beside the operations its nodes
// are the end of each value, after which nobody sees it, the beginning of each key, and, if writes are
// ordered, the instants at which they were asked for.
type saturation struct {
	*record
	graph
	ordered bool
	drawn   map[[2]int32]bool
}

func (s *saturation) end(v int32) int32         { return int32(len(s.nodes)) + v }
func (s *saturation) beginning(key int32) int32 { return int32(len(s.nodes)+len(s.values)) + key }

// begin is the node that puts a value there.
func (s *saturation) begin(v int32) int32 {
	if s.initial(v) {
		return s.beginning(s.values[v].key)
	}
	return s.values[v].writer
}

func newSaturation(r *record, ordered bool) *saturation {
	s := &saturation{record: r, ordered: ordered, drawn: map[[2]int32]bool{}}
	s.size = len(r.nodes) + len(r.values) + len(r.keys)
	r.addBefore(&s.graph)
	for i := range r.values {
		v, value := int32(i), &r.values[i]
		s.add(s.begin(v), s.end(v), byValue)
		for _, reader := range value.readers {
			if r.initial(v) {
				s.add(s.begin(v), reader, byBeginning)
			}
			s.add(reader, s.end(v), byValue)
		}
		for _, swap := range value.swaps {
			s.add(s.end(v), swap, byValue)
		}
		if value.root == v && !r.initial(v) {
			s.add(s.end(r.values[value.key].last), s.begin(v), byBeginning)
		}
	}
	if ordered {
		s.addTime()
	}
	return s
}

// addTime draws arrows from what had completed to the writes asked for later, by way of a node for each write.
func (s *saturation) addTime() {
	var writes []int32 // in order of invocation, as nodes are
	for i := range s.nodes {
		if s.nodes[i].writes != none {
			writes = append(writes, int32(i))
		}
	}
	first := int32(s.size)
	s.size += len(writes)
	for i, at := range writes {
		s.add(first+int32(i), at, byTime)
		if i > 0 {
			s.add(first+int32(i)-1, first+int32(i), byTime)
		}
	}
	for i := range s.nodes {
		completed := s.operations[i].Completed
		later, _ := slices.BinarySearchFunc(writes, completed, func(at int32, t history.Time) int {
			if s.operations[at].Invoked <= t {
				return -1
			}
			return 1
		})
		if later < len(writes) && completed != history.Forever {
			s.add(int32(i), first+int32(later), byTime)
		}
	}
}

func (s *saturation) tooLarge() bool { return s.size*len(s.sessions) > mostClocks }

// run draws arrows until no more follow, or they make a circle.
func (s *saturation) run() *breach {
	for {
		order, circular := s.sorted()
		if circular != nil {
			return s.circular(&s.graph, circular, "no one order of all operations explains what the sessions did")
		}
		if !s.follow(s.clocks(order, len(s.sessions), s.place)) {
			return nil
		}
	}
}

// follow draws the arrows between values: whatever the past of a node left on its key was over before what
// the node met began.
func (s *saturation) follow(past *clocks) bool {
	drawn := len(s.arrows)
	for i := range s.nodes {
		n := &s.nodes[i]
		to := n.meets()
		root := s.values[to].root
		row := past.of(int32(i))
		s.meet(past, n.stream, row, int32(i), to, root)
		for _, t := range s.byKey[n.key] {
			if t != n.stream { // the session itself first: that is the simplest reason
				s.meet(past, t, row, int32(i), to, root)
			}
		}
	}
	return len(s.arrows) > drawn
}

// meet draws what follows from the last that a node's past has of a stream.
func (s *saturation) meet(past *clocks, t int32, row []int32, by, to, root int32) {
	shown := s.latest(t, row[s.streams[t].session])
	if shown == none {
		return
	}
	from := s.nodes[shown].leaves()
	switch old := s.values[from].root; {
	case old == root && s.values[from].place > s.values[to].place:
		s.draw(s.end(from), s.begin(to), shown, by)
	case old != root && !s.over(past, s.values[old].last, s.begin(root)):
		s.draw(s.end(s.values[old].last), s.begin(root), shown, by)
	}
}

func (s *saturation) draw(from, to, shown, by int32) {
	if pair := [2]int32{from, to}; !s.drawn[pair] {
		s.drawn[pair] = true
		s.arrows = append(s.arrows, arrow{from, to, byVisible, shown, by})
	}
}

// over tells whether all that saw a value are in the past of a node anyway.
func (s *saturation) over(past *clocks, v, at int32) bool {
	row := past.of(at)
	if s.initial(v) {
		return true // its key's beginning is before all else
	}
	if writer := s.values[v].writer; !s.nodes[writer].pendant || len(s.values[v].readers) == 0 {
		if session, index := s.place(writer); session == none || row[session] < index {
			return false
		}
	}
	for _, reader := range s.values[v].readers {
		if session, index := s.place(reader); row[session] < index {
			return false
		}
	}
	return true
}
