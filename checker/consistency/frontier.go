package consistency

import (
	"fmt"
	"slices"

	"cleave/internal/rng"
)

// frontier looks for an order of operations, write by write, that follows the arrows of a saturation. All
// but the writes that begin a chain of values can be done as soon as the arrows allow it: they neither
// change what others see nor wait for more. Such a write has to wait for the end of what its key holds.
type frontier struct {
	*saturation
	waiting []int32 // by node: how many arrows it waits for
	held    []int32 // by key: the value that it holds
	before  []int32 // by write that is done: the value that its key held before
	ended   []bool  // by value
	done    []int32 // nodes, in order
	ready   []int32 // writes that wait for no arrow, in no order
	turn    []int32 // by write: its rank by when its value had certainly been there
	hash    uint64  // of the set of nodes that are done, and of what keys hold
	failed  map[uint64]bool
	steps   int
}

func newFrontier(s *saturation) *frontier {
	f := &frontier{saturation: s, waiting: make([]int32, s.size), held: make([]int32, len(s.keys)),
		before: make([]int32, len(s.nodes)),
		ended:  make([]bool, len(s.values)), turn: make([]int32, len(s.nodes)), failed: map[uint64]bool{}}
	for i := range s.arrows {
		f.waiting[s.arrows[i].to]++
	}
	for key := range f.held {
		f.held[key] = int32(key)
	}
	f.rank()
	return f
}

// rank puts writes in the order in which their values had certainly been there: a good first guess.
func (f *frontier) rank() {
	order := make([]int32, len(f.nodes))
	ends := make([]int64, len(f.nodes))
	for i := range f.nodes {
		order[i], ends[i] = int32(i), int64(f.operations[i].Completed)
	}
	for i := range f.nodes {
		if v := f.nodes[i].sees; v != none && f.values[v].writer != none {
			writer := f.values[v].writer
			ends[writer] = min(ends[writer], ends[i])
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		if ends[a] != ends[b] {
			return int(min(max(ends[a]-ends[b], -1), 1))
		}
		return int(a - b)
	})
	for place, at := range order {
		f.turn[at] = int32(place)
	}
}

// choice is a point at which one of several writes was done: those, and what had been done before.
type choice struct {
	writes []int32
	next   int
	before int
	hash   uint64
}

// search is depth-first, and remembers which sets of operations could not be completed (Wing and Gong, J.
// Parallel and Distributed Computing 1993). For a fixed number of sessions it is polynomial.
func (f *frontier) search(steps int) (*breach, string) {
	var free []int32
	for at := range f.size {
		if f.waiting[at] == 0 {
			free = append(free, int32(at))
		}
	}
	for _, at := range free {
		f.open(at)
	}
	choices := []choice{f.choice()}
	for len(f.done) < f.size {
		last := &choices[len(choices)-1]
		if f.steps > steps {
			return nil, fmt.Sprintf("nothing contradicts it, but no order was found within %d steps", steps)
		}
		if last.next == len(last.writes) {
			f.failed[last.hash] = true
			choices = choices[:len(choices)-1]
			if len(choices) == 0 {
				return f.hopeless(), ""
			}
			f.undo(choices[len(choices)-1].before)
			continue
		}
		write := last.writes[last.next]
		last.next++
		f.do(write)
		if f.failed[f.hash] {
			f.undo(last.before)
			continue
		}
		choices = append(choices, f.choice())
	}
	return nil, ""
}

func (f *frontier) hopeless() *breach {
	b := &breach{reason: "no one order of all operations explains what the sessions did", culprit: none,
		but: "no one order of these operations, those of each session in turn, gives these answers"}
	for i := range f.nodes {
		b.nodes = append(b.nodes, int32(i))
	}
	return b
}

// choice are the writes that can be next, the likeliest first.
func (f *frontier) choice() choice {
	c := choice{before: len(f.done), hash: f.hash}
	for _, write := range f.ready {
		if held := f.held[f.nodes[write].key]; f.ended[held] && f.values[f.values[held].root].last == held {
			c.writes = append(c.writes, write)
		}
	}
	slices.SortFunc(c.writes, func(a, b int32) int { return int(f.turn[a] - f.turn[b]) })
	return c
}

// open takes a node that waits for no arrow any more: it is done at once, or is a write that may be chosen.
func (f *frontier) open(at int32) {
	if int(at) < len(f.nodes) && f.nodes[at].sees == none {
		f.ready = append(f.ready, at)
		return
	}
	f.do(at)
}

// do does a node, and all that can be done at once after it.
func (f *frontier) do(at int32) {
	for queue := []int32{at}; len(queue) > 0; {
		at = queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		f.steps++
		f.mark(at)
		for _, i := range f.leaving(at) {
			to := f.arrows[i].to
			if f.waiting[to]--; f.waiting[to] > 0 {
				continue
			}
			if int(to) < len(f.nodes) && f.nodes[to].sees == none {
				f.ready = append(f.ready, to)
			} else {
				queue = append(queue, to)
			}
		}
	}
}

// mark notes that a node is done.
func (f *frontier) mark(at int32) {
	f.done = append(f.done, at)
	f.hash ^= rng.Mix(uint64(at))
	switch {
	case int(at) < len(f.nodes) && f.nodes[at].writes != none:
		f.before[at] = f.held[f.nodes[at].key]
		f.hold(f.nodes[at].key, f.nodes[at].writes)
		if f.nodes[at].sees == none {
			f.ready = slices.DeleteFunc(f.ready, func(other int32) bool { return other == at })
		}
	case int(at) >= len(f.nodes) && int(at) < len(f.nodes)+len(f.values):
		f.ended[int(at)-len(f.nodes)] = true
	}
}

// hold puts a value into a key.
func (f *frontier) hold(key, v int32) {
	f.hash ^= f.holding(key)
	f.held[key] = v
	f.hash ^= f.holding(key)
}

func (f *frontier) holding(key int32) uint64 { return rng.Mix(uint64(f.held[key]) + 1<<40) }

// undo takes back what was done since there were so many nodes done.
func (f *frontier) undo(before int) {
	for len(f.done) > before {
		at := f.done[len(f.done)-1]
		f.done = f.done[:len(f.done)-1]
		f.hash ^= rng.Mix(uint64(at))
		for _, i := range f.leaving(at) {
			to := f.arrows[i].to
			if f.waiting[to] == 0 && int(to) < len(f.nodes) && f.nodes[to].sees == none {
				f.ready = slices.DeleteFunc(f.ready, func(other int32) bool { return other == to })
			}
			f.waiting[to]++
		}
		switch {
		case int(at) < len(f.nodes) && f.nodes[at].writes != none:
			f.hold(f.nodes[at].key, f.before[at])
			if f.nodes[at].sees == none {
				f.ready = append(f.ready, at)
			}
		case int(at) >= len(f.nodes) && int(at) < len(f.nodes)+len(f.values):
			f.ended[int(at)-len(f.nodes)] = false
		}
	}
}
