package isolation

import (
	"cmp"
	"slices"
)

// mostSteps bounds how many edges are looked at in search of a shorter cycle than the first of an anomaly.
// It is counted, not timed, so that the same history has the same witness anywhere.
const mostSteps = 20_000_000

// hop is an edge of the graph on a path.
type hop struct {
	from, to int32
	label    label
}

// pathfinder searches a view breadth first for the path through the fewest transactions.
type pathfinder struct {
	*graph
	view    *view
	parts   *components // the search stays within a component
	reached []int32     // by node of the view: the last search that reached it
	came    []hop       // by node of the view: the edge it was reached by
	search  int32
	steps   int
}

func (g *graph) newPathfinder(v *view, parts *components) *pathfinder {
	return &pathfinder{graph: g, view: v, parts: parts, reached: make([]int32, len(parts.of)), came: make([]hop, len(parts.of))}
}

// path finds the fewest transactions from a node of the view to another, or back to itself. It gives up where
// there are as many as the limit, 0 for none.
func (p *pathfinder) path(start, goal int32, limit int) []hop {
	p.search++
	level, count := []int32{start}, 0
	for len(level) > 0 && (limit == 0 || count < limit) {
		var next []int32
		for at := 0; at < len(level); at++ { // level grows by nodes that are no transactions
			node := level[at]
			base := p.view.node(node)
			for e := p.heads[base]; e < p.heads[base+1]; e++ {
				p.steps++
				to := p.view.next(node, p.targets[e], p.labels[e])
				if to < 0 || p.parts.of[to] != p.parts.of[start] || p.reached[to] == p.search {
					continue
				}
				p.reached[to], p.came[to] = p.search, hop{node, to, p.labels[e]}
				switch {
				case to == goal:
					if limit > 0 && p.targets[e] < p.transactions && count+1 >= limit {
						return nil
					}
					return p.trace(start, goal)
				case p.targets[e] < p.transactions:
					next = append(next, to)
				default:
					level = append(level, to)
				}
			}
		}
		level, count = next, count+1
	}
	return nil
}

// trace walks back from the goal.
func (p *pathfinder) trace(start, goal int32) []hop {
	var hops []hop
	for node := goal; ; {
		came := p.came[node]
		hops = append(hops, hop{p.view.node(came.from), p.view.node(came.to), came.label})
		if node = came.from; node == start {
			slices.Reverse(hops)
			return hops
		}
	}
}

// size is how many transactions a cycle has.
func (g *graph) size(hops []hop) int {
	count := 0
	for _, hop := range hops {
		if hop.to < g.transactions {
			count++
		}
	}
	return count
}

// witness is the shortest cycle found of a report: over all of its nodes, the smallest components first,
// until none can be shorter or mostSteps are made.
func (c *classes) witness(r *report) []hop {
	if len(r.skews) > 0 {
		return c.skewWitness(r)
	}
	if r.backs != nil {
		r = r.waysBack()
	}
	p := c.newPathfinder(r.view, r.parts)
	var best []hop
	for _, start := range c.starts(r) {
		if best != nil && (p.steps > mostSteps || c.size(best) <= 2) {
			break
		}
		if found := p.path(start, start, c.size(best)); found != nil {
			best = found
		}
	}
	return best
}

// waysBack are the cycles of dependencies alone in the components of a report.
func (r *report) waysBack() *report {
	back := &report{parts: r.backs, view: newView(single, r.scope)}
	nodes, wanted := r.backs.first(), make([]bool, len(r.parts.sizes))
	for _, number := range r.numbers {
		wanted[number] = true
	}
	for _, number := range r.backs.circular {
		if part := r.parts.of[nodes[number]<<1]; part >= 0 && wanted[part] {
			back.numbers = append(back.numbers, number)
		}
	}
	return back
}

// starts are the nodes through which a report's cycles go: in a layered view those that an rw edge reaches,
// where there are any. They are sorted by size of component.
func (c *classes) starts(r *report) []int32 {
	const wanted, layered = 1, 2
	flags := make([]uint8, len(r.parts.sizes))
	for _, number := range r.numbers {
		flags[number] = wanted
	}
	var all, second []int32
	for node, number := range r.parts.of {
		if number < 0 || flags[number] == 0 {
			continue
		}
		if r.view.layered && node&1 == 1 {
			flags[number] |= layered
			second = append(second, int32(node))
		} else if r.view.node(int32(node)) < c.transactions {
			all = append(all, int32(node))
		}
	}
	all = slices.DeleteFunc(all, func(node int32) bool { return flags[r.parts.of[node]]&layered != 0 })
	all = append(all, second...)
	slices.SortStableFunc(all, func(a, b int32) int {
		return cmp.Compare(r.parts.sizes[r.parts.of[a]], r.parts.sizes[r.parts.of[b]])
	})
	return all
}

// skewWitness is the shortest cycle of an rw edge and its way back.
func (c *classes) skewWitness(r *report) []hop {
	v := newView(single, r.scope)
	p := c.newPathfinder(v, r.whole)
	var best []hop
	for _, one := range r.skews {
		limit := 0
		if best != nil {
			limit = c.size(best)
			if one.to < c.transactions {
				limit--
			}
		}
		if best != nil && (p.steps > mostSteps || c.size(best) <= 2) {
			break
		}
		if back := p.path(one.to, one.from, limit); back != nil {
			best = append([]hop{{one.from, one.to, c.antiLabel(one, r)}}, back...)
		}
	}
	return best
}

// antiLabel is the label of an rw edge.
func (c *classes) antiLabel(one skew, r *report) label {
	for at := c.heads[one.from]; at < c.heads[one.from+1]; at++ {
		if c.targets[at] == one.to && r.view.roles[c.labels[at]] == against {
			return c.labels[at]
		}
	}
	panic("isolation: an rw edge that is not in its graph")
}
