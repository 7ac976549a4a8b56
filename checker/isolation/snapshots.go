package isolation

import (
	"cmp"
	"slices"
)

// decideSnapshots settles snapshot isolation where appends that nobody read leave the order of versions open.
// Serializability never hangs on that: any order in which the transactions can be put will do. Snapshots may,
// since the writer of a later version must have seen the earlier one's. An order is looked for; if it shows no
// cycle there is one, and the model holds. If it does, nothing is said.
func (j *judge) decideSnapshots(w *weaver, t *tails) {
	var free []int32 // keys with more than one order
	for key := range int32(w.Keys) {
		if members := len(t.of(key)); members > 2 || members == 2 && t.leads[key] == nobody {
			free = append(free, key)
		}
	}
	if len(free) == 0 {
		return
	}
	edges := len(w.edges)
	for scope := plain; scope < scopes; scope++ {
		if j.classes.found[nonadjacent][scope] || !j.classes.found[anyCycle][scope] {
			continue
		}
		newOrdering(j.classes.graph, w, scope).orderAll(t, free)
		parts := w.graph().components(newView(nonadjacent, scope), nil)
		j.open[nonadjacent][scope] = len(parts.circular) > 0
		w.edges = w.edges[:edges]
	}
}

// ordering puts the members of tails in order, a key at a time, each as those before it allow.
type ordering struct {
	*graph
	weaver *weaver
	view   *view
	rank   []int32           // by node of the view, without the edges that were added
	added  map[int32][]int32 // from each transaction
	seen   []int32           // by node of the view: the last search that reached it
	search int32
	steps  int
}

func newOrdering(g *graph, w *weaver, scope scope) *ordering {
	v := newView(nonadjacent, scope)
	return &ordering{graph: g, weaver: w, view: v, rank: g.inOrder(v, w.List), added: map[int32][]int32{}, seen: make([]int32, g.nodes*2)}
}

func (o *ordering) orderAll(t *tails, keys []int32) {
	sorted := make([][]int32, len(keys))
	for i, key := range keys {
		sorted[i] = slices.DeleteFunc(slices.Clone(t.of(key)), func(member int32) bool { return member == t.leads[key] })
		slices.SortFunc(sorted[i], func(a, b int32) int { return cmp.Compare(o.rank[a<<1], o.rank[b<<1]) })
	}
	slices.SortStableFunc(sorted, func(a, b []int32) int { return cmp.Compare(o.rank[a[0]<<1], o.rank[b[0]<<1]) })
	for _, members := range sorted {
		before := int32(nobody)
		for len(members) > 0 {
			at := o.first(members)
			if before != nobody {
				o.added[before] = append(o.added[before], members[at])
				o.weaver.edge(before, members[at], labelled(ww, ifAtomic, plain))
			}
			before = members[at]
			members = slices.Delete(members, at, at+1)
		}
	}
}

// first is the earliest of some members that none of the others must come before.
func (o *ordering) first(members []int32) int {
	for at, member := range members {
		last := max(o.rank[member<<1], o.rank[member<<1|1])
		if !slices.ContainsFunc(members, func(other int32) bool { return other != member && o.reaches(other, member, last) }) {
			return at
		}
	}
	return 0
}

// reaches tells whether there is a way from one transaction to another, by nodes up to a rank. If so, to put
// the other first would close a cycle. After mostSteps it looks no further, and says no.
func (o *ordering) reaches(from, to, last int32) bool {
	o.search++
	open := []int32{from << 1}
	for len(open) > 0 && o.steps < mostSteps {
		node := open[len(open)-1]
		open = open[:len(open)-1]
		visit := func(next int32) {
			if next >= 0 && o.seen[next] != o.search && o.rank[next] <= last {
				o.seen[next] = o.search
				open = append(open, next)
			}
			o.steps++
		}
		for at := o.heads[node>>1]; at < o.heads[node>>1+1]; at++ {
			visit(o.view.next(node, o.targets[at], o.labels[at]))
		}
		for _, next := range o.added[node>>1] {
			visit(next << 1)
		}
		if o.seen[to<<1] == o.search || o.seen[to<<1|1] == o.search {
			return true
		}
	}
	return false
}
