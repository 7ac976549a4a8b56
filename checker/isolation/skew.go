package isolation

import (
	"cmp"
	"slices"
)

// skew is an rw edge in a component of the cycles without adjacent rw edges.
type skew struct {
	from, to int32
	number   int32 // of the component
}

// skewSearch finds out exactly for which rw edges u -> v there is a way from v back to u by dependencies
// alone. It asks for 64 edges at once, a bit each: in the order of the dependencies, those between the
// first v and the last u are visited once, and hand on their bits. Vector clocks over processes would do,
// too, but cost a clock of as many entries as there ever were processes, and crashes make many.
type skewSearch struct {
	*graph
	view   *view       // of the ways back
	backs  *components // of view; their numbers go against the order of the dependencies
	starts []int32     // by number in backs, where its nodes begin
	nodes  []int32     // by number in backs
	whole  *components
	parts  *components // layered
	hit    []bool      // by number in parts: it has a skew, or a cycle of dependencies alone
	shown  []bool      // by number in parts: a skew was found
	open   []skew      // still to be decided
	bits   []uint64    // by number in backs
	found  []skew
}

func (g *graph) newSkewSearch(r *report, whole *components, open []bool) *skewSearch {
	s := &skewSearch{graph: g, view: newView(single, r.scope), whole: whole, parts: r.parts,
		hit: make([]bool, len(r.parts.sizes)), shown: make([]bool, len(r.parts.sizes))}
	if !slices.Contains(open, true) {
		return s
	}
	s.backs = g.components(s.view, whole)
	s.sortNodes()
	for node := range g.nodes {
		if number := s.parts.of[node<<1]; number >= 0 && open[number] {
			s.hit[number] = s.hit[number] || s.backs.cyclic(node)
			s.candidates(r.view, node, number)
		}
	}
	return s
}

// sortNodes lists the nodes by their number in backs.
func (s *skewSearch) sortNodes() {
	s.starts = make([]int32, len(s.backs.sizes)+1)
	for number, size := range s.backs.sizes {
		s.starts[number+1] = s.starts[number] + size
	}
	next := slices.Clone(s.starts)
	s.nodes = make([]int32, s.starts[len(s.starts)-1])
	for node, number := range s.backs.of {
		if number >= 0 {
			s.nodes[next[number]] = int32(node)
			next[number]++
		}
	}
	s.bits = make([]uint64, len(s.backs.sizes))
}

// candidates are the rw edges of a node that stay in its component and go against the order.
func (s *skewSearch) candidates(layered *view, from, number int32) {
	for at := s.graph.heads[from]; at < s.graph.heads[from+1]; at++ {
		to := s.targets[at]
		if layered.roles[s.labels[at]] == against && s.parts.of[to<<1|1] == number && s.backs.of[to] >= s.backs.of[from] {
			s.open = append(s.open, skew{from, to, number})
		}
	}
}

func (s *skewSearch) run() {
	slices.SortFunc(s.open, func(a, b skew) int {
		return cmp.Or(cmp.Compare(s.backs.of[b.to], s.backs.of[a.to]), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	var batch []skew
	for i, one := range s.open {
		if !s.shown[one.number] {
			batch = append(batch, one)
		}
		if len(batch) == 64 || i == len(s.open)-1 {
			s.ask(batch)
			batch = batch[:0]
		}
	}
}

// ask decides up to 64 edges.
func (s *skewSearch) ask(batch []skew) {
	if len(batch) == 0 {
		return
	}
	low, high := s.backs.of[batch[0].from], s.backs.of[batch[0].to]
	for i, one := range batch {
		low, high = min(low, s.backs.of[one.from]), max(high, s.backs.of[one.to])
		s.bits[s.backs.of[one.to]] |= 1 << i
	}
	for number := high; number >= low; number-- {
		if s.bits[number] != 0 {
			s.handOn(number, low)
		}
	}
	for i, one := range batch {
		if s.bits[s.backs.of[one.from]]>>i&1 == 1 {
			s.hit[one.number], s.shown[one.number] = true, true
			s.found = append(s.found, one)
		}
	}
	clear(s.bits[low : high+1])
}

// handOn gives the bits of a number to those that its nodes lead to, down to the lowest that is asked for.
func (s *skewSearch) handOn(number, low int32) {
	bits := s.bits[number]
	for _, node := range s.nodes[s.starts[number]:s.starts[number+1]] {
		for at := s.graph.heads[node]; at < s.graph.heads[node+1]; at++ {
			to := s.targets[at]
			if s.view.roles[s.labels[at]] == absent || s.whole.of[to] != s.whole.of[node] {
				continue
			}
			if next := s.backs.of[to]; next >= low {
				s.bits[next] |= bits
			}
		}
	}
}
