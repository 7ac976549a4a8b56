package isolation

import (
	"container/heap"

	"cleave/history"
)

// inOrder numbers the nodes of a view without cycles so that edges lead upwards and transactions come, as far
// as that allows, in order of their returns: what nothing else tells is likely to have happened so.
func (g *graph) inOrder(v *view, list []Transaction) []int32 {
	size := g.nodes
	if v.layered {
		size *= 2
	}
	degree := make([]int32, size)
	each := func(node int32, visit func(to int32)) {
		base := v.node(node)
		for at := g.heads[base]; at < g.heads[base+1]; at++ {
			if to := v.next(node, g.targets[at], g.labels[at]); to >= 0 {
				visit(to)
			}
		}
	}
	for node := range size {
		each(node, func(to int32) { degree[to]++ })
	}
	ready := &timeHeap{}
	push := func(node int32) {
		at := history.Time(-1)
		if base := v.node(node); base < g.transactions {
			at = list[base].Return
		}
		heap.Push(ready, timed{at, node})
	}
	for node := range size {
		if degree[node] == 0 {
			push(node)
		}
	}
	rank := make([]int32, size)
	for count := int32(0); ready.Len() > 0; count++ {
		next := heap.Pop(ready).(timed)
		rank[next.node] = count
		each(next.node, func(to int32) {
			if degree[to]--; degree[to] == 0 {
				push(to)
			}
		})
	}
	return rank
}

// timed is a node and when it is to come; of two at one time the lower is first.
type timed struct {
	at   history.Time
	node int32
}

type timeHeap []timed

func (h timeHeap) Len() int { return len(h) }
func (h timeHeap) Less(i, k int) bool {
	return h[i].at < h[k].at || h[i].at == h[k].at && h[i].node < h[k].node
}
func (h timeHeap) Swap(i, k int) { h[i], h[k] = h[k], h[i] }

// Push implements heap.Interface.
func (h *timeHeap) Push(item any) { *h = append(*h, item.(timed)) }

// Pop implements heap.Interface.
func (h *timeHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
