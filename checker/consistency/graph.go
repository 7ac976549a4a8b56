package consistency

import "slices"

// arrow says that one node comes before another, and why. Where it follows from other arrows, it does so
// because shown comes before by.
type arrow struct {
	from, to  int32
	why       why
	shown, by int32
}

type why uint8

const (
	bySession   why = iota // one client did the one after the other
	byReading              // the second saw what the first wrote
	byVisible              // whoever read the second's value had seen the first's before
	byTime                 // the first had completed before the second was invoked
	byValue                // all that saw a value come before the value that replaced it
	byBeginning            // a key holds nothing at first
)

// graph is arrows between nodes that are numbered from 0.
type graph struct {
	size   int
	arrows []arrow

	first []int32 // by node: the position in by of its first arrow; one more at the end
	by    []int32 // arrows by the node they come from
}

func (g *graph) add(from, to int32, why why) {
	g.arrows = append(g.arrows, arrow{from, to, why, none, none})
}

// index sorts the arrows by where they come from.
func (g *graph) index() {
	g.first = make([]int32, g.size+1)
	for i := range g.arrows {
		g.first[g.arrows[i].from+1]++
	}
	for i := range g.size {
		g.first[i+1] += g.first[i]
	}
	next := slices.Clone(g.first[:g.size])
	g.by = make([]int32, len(g.arrows))
	for i := range g.arrows {
		from := g.arrows[i].from
		g.by[next[from]] = int32(i)
		next[from]++
	}
}

// leaving are the positions of the arrows that come from a node.
func (g *graph) leaving(at int32) []int32 { return g.by[g.first[at]:g.first[at+1]] }

// sorted puts the nodes in an order that agrees with every arrow (Kahn, CACM 1962), or gives those that
// are on a circle, or behind one. It takes O(nodes + arrows).
func (g *graph) sorted() (order, circular []int32) {
	g.index()
	before := make([]int32, g.size)
	for i := range g.arrows {
		before[g.arrows[i].to]++
	}
	order = make([]int32, 0, g.size)
	for at := range before {
		if before[at] == 0 {
			order = append(order, int32(at))
		}
	}
	for next := 0; next < len(order); next++ {
		for _, i := range g.leaving(order[next]) {
			to := g.arrows[i].to
			if before[to]--; before[to] == 0 {
				order = append(order, to)
			}
		}
	}
	if len(order) == g.size {
		return order, nil
	}
	for at := range before {
		if before[at] > 0 {
			circular = append(circular, int32(at))
		}
	}
	return order, circular
}

// tries is how many nodes a shortest circle is looked for from.
const tries = 64

// circle is the shortest circle found near some circle among nodes that sorted gave as circular: its
// arrows, in order.
func (g *graph) circle(circular []int32) []arrow {
	inside := make([]bool, g.size)
	for _, at := range circular {
		inside[at] = true
	}
	var shortest []arrow
	reached := filled(g.size) // the arrow by which a search came to a node
	for tried, start := range g.anyCircle(circular[0], inside) {
		if tried == tries {
			break
		}
		if found := g.around(start, inside, reached); shortest == nil || len(found) < len(shortest) {
			shortest = found
		}
	}
	return shortest
}

// anyCircle goes back from a node, within some nodes of which each comes after another one, until it has gone
// round.
func (g *graph) anyCircle(from int32, inside []bool) []int32 {
	before := filled(g.size)
	for i := range g.arrows {
		if a := &g.arrows[i]; inside[a.from] && inside[a.to] {
			before[a.to] = a.from
		}
	}
	place := map[int32]int{}
	var path []int32
	for at := from; ; at = before[at] {
		if start, again := place[at]; again {
			return path[start:]
		}
		place[at] = len(path)
		path = append(path, at)
	}
}

// around is the shortest circle through a node that is on one within some nodes.
func (g *graph) around(start int32, inside []bool, reached []int32) []arrow {
	var queue []int32
	defer func() {
		for _, at := range queue {
			reached[at] = none
		}
	}()
	for next, at := 0, start; ; next++ {
		for _, i := range g.leaving(at) {
			to := g.arrows[i].to
			if inside[to] && reached[to] == none {
				reached[to] = i
				queue = append(queue, to)
			}
			if to == start {
				return g.back(start, reached)
			}
		}
		at = queue[next]
	}
}

// back is the way by which a search reached a node, from where it began, or from the node itself.
func (g *graph) back(to int32, reached []int32) []arrow {
	var way []arrow
	for at := to; ; {
		way = append(way, g.arrows[reached[at]])
		at = way[len(way)-1].from
		if at == to || reached[at] == none {
			slices.Reverse(way)
			return way
		}
	}
}

// way is a shortest way from one node to another, by breadth-first search; nil if there is none, or if they
// are the same.
func (g *graph) way(from, to int32) []arrow {
	if from == to {
		return nil
	}
	reached := filled(g.size)
	queue := []int32{from}
	for next := 0; next < len(queue) && reached[to] == none; next++ {
		for _, i := range g.leaving(queue[next]) {
			if at := g.arrows[i].to; at != from && reached[at] == none {
				reached[at] = i
				queue = append(queue, at)
			}
		}
	}
	if reached[to] == none {
		return nil
	}
	return g.back(to, reached)
}

// involved are the nodes of some arrows, and of those that these follow from.
func (g *graph) involved(arrows []arrow) []int32 {
	var nodes []int32
	known := map[arrow]bool{}
	arrows = slices.Clone(arrows)
	for len(arrows) > 0 {
		a := arrows[len(arrows)-1]
		arrows = arrows[:len(arrows)-1]
		if known[a] {
			continue
		}
		known[a] = true
		nodes = append(nodes, a.from, a.to)
		if a.by != none {
			nodes = append(nodes, a.shown, a.by)
			arrows = append(arrows, g.way(a.shown, a.by)...)
		}
	}
	return nodes
}

// clocks are, of each node, how far into each session its past goes: the greatest index of a node of that
// session which comes before it, none if no node does (Fidge, Mattern, 1988).
type clocks struct {
	sessions int
	rows     []int32
}

func (c *clocks) of(at int32) []int32 {
	return c.rows[int(at)*c.sessions : (int(at)+1)*c.sessions]
}

// clocks takes O((nodes + arrows) k) for k sessions. Order must agree with the arrows; place gives a node's
// session, none if it is in none, and index.
func (g *graph) clocks(order []int32, sessions int, place func(at int32) (session, index int32)) *clocks {
	c := &clocks{sessions, filled(g.size * sessions)}
	for _, at := range order {
		row := c.of(at)
		session, index := place(at)
		for _, i := range g.leaving(at) {
			later := c.of(g.arrows[i].to)
			for s := range row {
				later[s] = max(later[s], row[s])
			}
			if session != none {
				later[session] = max(later[session], index)
			}
		}
	}
	return c
}
