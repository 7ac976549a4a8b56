package isolation

import (
	"cmp"
	"slices"
	"sort"

	"cleave/history"
)

// weaver collects the edges of a graph, and nodes besides the transactions.
type weaver struct {
	*versions
	edges []edge
	nodes int32 // so far; the first are the transactions
}

func newWeaver(v *versions) *weaver {
	return &weaver{versions: v, nodes: int32(len(v.List)), edges: make([]edge, 0, len(v.Steps)*2+len(v.List)*4)}
}

func (w *weaver) edge(from, to int32, l label) { w.edges = append(w.edges, edge{from, to, l}) }

func (w *weaver) graph() *graph { return newGraph(int32(len(w.List)), w.nodes, w.edges) }

// byCall are the transactions that happened, in order of their calls.
func (v *versions) byCall() []int32 {
	order := make([]int32, 0, len(v.List))
	for i := range v.List {
		if v.happened[i] {
			order = append(order, int32(i))
		}
	}
	earlier := func(a, b int32) int { return cmp.Compare(v.List[a].Call, v.List[b].Call) }
	if !slices.IsSortedFunc(order, earlier) {
		slices.SortStableFunc(order, earlier)
	}
	return order
}

// processes joins the transactions of each process. One whose outcome is unknown may have happened later
// than those that follow it, so nothing comes after it.
func (w *weaver) processes(order []int32) {
	last := filled(w.Processes, nobody)
	l := labelled(process, certain, bySession)
	for _, i := range order {
		at := &last[w.List[i].Process]
		if *at != nobody {
			w.edge(*at, i, l)
		}
		if w.List[i].Outcome == Committed {
			*at = i
		}
	}
}

// timeline joins each transaction with all that were called after it had returned, by a chain of instants:
//
//	T1 |-----|                     T1 -> a      a: all that returned before T3's call
//	T2    |--------|               T2 -> b      b: all that returned before T4's call
//	T3         |------|            a -> T3, a -> b
//	T4                  |----|     b -> T4
//
// That takes three edges for each transaction, where pairs would take a square.
func (w *weaver) timeline(order []int32) {
	l := labelled(realtime, certain, byTime)
	instant := filled(len(order), nobody) // by rank of call
	after := make([]int32, len(order))    // by rank: the rank of the first call after its return
	for rank, i := range order {
		after[rank] = w.firstAfter(order, rank, w.List[i].Return)
		if after[rank] < int32(len(order)) {
			instant[after[rank]] = 0
		}
	}
	chain := int32(nobody)
	for rank, i := range order {
		if instant[rank] != nobody {
			if chain != nobody {
				w.edge(chain, w.nodes, l)
			}
			chain = w.nodes
			instant[rank] = chain
			w.nodes++
		}
		if chain != nobody {
			w.edge(chain, i, l)
		}
	}
	for rank, i := range order {
		if after[rank] < int32(len(order)) {
			w.edge(i, instant[after[rank]], l)
		}
	}
}

// firstAfter is the first rank from one on whose call is after a time. It gallops, since that is near.
func (w *weaver) firstAfter(order []int32, rank int, end history.Time) int32 {
	if end == history.Forever {
		return int32(len(order))
	}
	low, step := rank, 1
	for low+step < len(order) && w.List[order[low+step]].Call <= end {
		low += step
		step *= 2
	}
	high := min(low+step, len(order))
	return int32(low + sort.Search(high-low, func(i int) bool { return w.List[order[low+i]].Call > end }))
}
