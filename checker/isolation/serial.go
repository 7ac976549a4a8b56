package isolation

import (
	"container/heap"
	"slices"
)

// mostTries bounds how often a serial order is begun again.
const mostTries = 200

// serialOrder looks for an order in which the transactions on registers can be carried out one after the
// other, each read as it was, and which keeps to the edges of a view without cycles. Next is the transaction
// called first of those whose predecessors are over, whose reads agree with what is there now, and which
// overwrite nothing that another one is still to read. Where it is stuck it begins again with one choice turned
// round. That it finds an order proves that there is one; that it does not proves nothing.
type serialOrder struct {
	*graph
	*versions
	view    *view
	turned  map[int32][]int32 // further edges: choices that were turned round
	degree  []int32           // by node: predecessors that are not over
	ready   timeHeap          // transactions whose predecessors are over
	current []Value           // by key
	readers []int32           // by place of a version: transactions that are still to read it
	waiting map[int][]int32   // by what they wait for: transactions
	over    int32             // how many transactions
}

// versionAt numbers the versions: a value, or of a key its initial one.
func (s *serialOrder) versionAt(key int32, value Value) int {
	if value == Initial {
		return s.Values + 1 + int(key)
	}
	return int(value)
}

// hasSerialOrder tells whether an order was found. It needs a view without cycles.
func hasSerialOrder(g *graph, v *versions, view *view) bool {
	turned := map[int32][]int32{}
	for tries := 0; tries < mostTries && tries*len(g.targets) < 10*mostSteps; tries++ {
		s := newSerialOrder(g, v, view, turned)
		if s.run() {
			return true
		}
		before, after := s.turn()
		if before == nobody || slices.Contains(turned[before], after) || slices.Contains(turned[after], before) {
			return false
		}
		turned[before] = append(turned[before], after)
	}
	return false
}

func newSerialOrder(g *graph, v *versions, view *view, turned map[int32][]int32) *serialOrder {
	s := &serialOrder{graph: g, versions: v, view: view, turned: turned, degree: make([]int32, g.nodes), current: make([]Value, v.Keys),
		readers: make([]int32, v.Values+1+v.Keys), waiting: map[int][]int32{}}
	for node := range g.nodes {
		s.successors(node, func(to int32) { s.degree[to]++ })
	}
	for i := range v.List {
		s.external(int32(i), func(read Step) { s.readers[s.versionAt(read.Key, read.Value)]++ })
	}
	return s
}

func (s *serialOrder) successors(node int32, visit func(to int32)) {
	for at := s.heads[node]; at < s.heads[node+1]; at++ {
		if s.view.roles[s.labels[at]] != absent {
			visit(s.targets[at])
		}
	}
	for _, to := range s.turned[node] {
		visit(to)
	}
}

// external visits the first read of each key that the transaction had not written before.
func (s *serialOrder) external(reader int32, visit func(read Step)) {
	if s.List[reader].Outcome != Committed {
		return
	}
	steps := s.steps(reader)
	for at, step := range steps {
		if step.Length != 0 {
			continue
		}
		first := true
		for _, before := range steps[:at] {
			first = first && (before.Key != step.Key || before.Length == Unread)
		}
		if first {
			visit(step)
		}
	}
}

// run tells whether all transactions could be carried out.
func (s *serialOrder) run() bool {
	for node := range s.nodes {
		if s.degree[node] == 0 {
			s.free(node)
		}
	}
	for s.ready.Len() > 0 {
		next := heap.Pop(&s.ready).(timed).node
		if obstacle, blocked := s.obstacle(next); blocked {
			s.waiting[obstacle] = append(s.waiting[obstacle], next)
			continue
		}
		s.carryOut(next)
	}
	return s.over == s.transactions
}

// free takes a node whose predecessors are over: a transaction is ready, any other node is over at once.
func (s *serialOrder) free(node int32) {
	switch {
	case node >= s.transactions:
		s.finish(node)
	case !s.happened[node]:
		s.over++
	default:
		heap.Push(&s.ready, timed{s.List[node].Call, node})
	}
}

func (s *serialOrder) finish(node int32) {
	s.degree[node] = -1 // so that run does not take it twice
	s.successors(node, func(to int32) {
		if s.degree[to]--; s.degree[to] == 0 {
			s.free(to)
		}
	})
}

// obstacle is a version that a transaction waits for: to be there, or to have been read by all others. Twice
// its number is the first, and one more the second.
func (s *serialOrder) obstacle(transaction int32) (version int, blocked bool) {
	own := map[int32]bool{}
	s.external(transaction, func(read Step) {
		own[read.Key] = true
		if s.current[read.Key] != read.Value && !blocked {
			version, blocked = 2*s.versionAt(read.Key, read.Value), true
		}
	})
	for _, step := range s.steps(transaction) {
		if blocked || step.Length != Written {
			continue
		}
		here := s.versionAt(step.Key, s.current[step.Key])
		if others := s.readers[here]; others > 1 || others == 1 && !own[step.Key] {
			version, blocked = 2*here+1, true
		}
	}
	return version, blocked
}

// carryOut makes a transaction's writes, and wakes those that waited for what is so now.
func (s *serialOrder) carryOut(transaction int32) {
	s.over++
	s.external(transaction, func(read Step) {
		at := s.versionAt(read.Key, read.Value)
		if s.readers[at]--; s.readers[at] <= 1 {
			s.wake(2*at + 1)
		}
	})
	for _, step := range s.steps(transaction) {
		if step.Length == Written {
			s.current[step.Key] = step.Value
			s.wake(2 * int(step.Value))
		}
	}
	s.finish(transaction)
}

func (s *serialOrder) wake(version int) {
	if list, some := s.waiting[version]; some {
		delete(s.waiting, version)
		for _, transaction := range list {
			heap.Push(&s.ready, timed{s.List[transaction].Call, transaction})
		}
	}
}
