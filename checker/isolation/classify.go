package isolation

import "slices"

// classes are the cycles of a graph, by family and scope.
type classes struct {
	*graph
	// found tells in which families and scopes there is a cycle; one of a graver family counts as one of a
	// lesser, too. It says nothing of single.
	found   [families][scopes]bool
	reports []*report
	// gravest is by node the gravest family in its component of a narrower scope.
	gravest []family
}

// report is a family of cycles in a scope that nothing graver accounts for, nor a cycle of less order.
type report struct {
	family family
	scope  scope
	parts  *components // of view
	view   *view
	whole  *components // of all cycles in the scope
	// numbers are the components in parts that show it.
	numbers []int32
	// skews are for single rw edges that have a way back, and backs the components of the ways back, which may
	// be circular themselves.
	skews []skew
	backs *components
}

// classify finds every family in every scope. Cycles of all edges are found first: a history has few, if
// any, and no other cycle lies outside them.
func classify(g *graph) *classes {
	c := &classes{graph: g}
	var whole [scopes]*components
	var around *components
	for scope := byTime; ; scope-- {
		around = g.components(newView(anyCycle, scope), around)
		if len(around.circular) == 0 {
			break
		}
		whole[scope], c.found[anyCycle][scope] = around, true
		if scope == plain {
			break
		}
	}
	c.gravest = make([]family, g.nodes)
	for node := range c.gravest {
		c.gravest[node] = families
	}
	for scope := plain; scope < scopes; scope++ {
		if whole[scope] != nil {
			c.inScope(scope, whole[scope])
		}
	}
	return c
}

// inScope finds the families in the cycles of one scope, the gravest first.
func (c *classes) inScope(scope scope, whole *components) {
	known := make([]family, len(whole.sizes))
	for number := range known {
		known[number] = families
	}
	for node, number := range whole.of {
		if number >= 0 {
			known[number] = min(known[number], c.gravest[node])
		}
	}
	for family := range c.found {
		c.found[family][scope] = c.found[family][scope] || scope > plain && c.found[family][scope-1]
	}
	depends := c.parts(readCycle, scope, whole.without(known, writeCycle))
	if len(depends.parts.circular) > 0 {
		c.report(c.parts(writeCycle, scope, depends.parts), whole, known)
	}
	c.report(depends, whole, known)
	c.found[nonadjacent][scope] = c.found[nonadjacent][scope] || c.found[readCycle][scope]
	c.skews(c.parts(nonadjacent, scope, whole.without(known, single)), whole, known)
	c.report(&report{anyCycle, scope, whole, newView(anyCycle, scope), whole, whole.circular, nil, nil}, whole, known)
	for node, number := range whole.of {
		if number >= 0 {
			c.gravest[node] = known[number]
		}
	}
}

// without leaves out the components in which a family as grave is known already.
func (c *components) without(known []family, family family) *components {
	left := &components{of: c.of, sizes: slices.Clone(c.sizes)}
	for number := range left.sizes {
		if known[number] <= family {
			left.sizes[number] = 0
		}
	}
	return left
}

// parts are the components of a family's cycles.
func (c *classes) parts(family family, scope scope, within *components) *report {
	v := newView(family, scope)
	parts := c.components(v, within)
	c.found[family][scope] = c.found[family][scope] || len(parts.circular) > 0
	return &report{family, scope, parts, v, within, parts.circular, nil, nil}
}

// report keeps those components that lie where nothing as grave is known.
func (c *classes) report(r *report, whole *components, known []family) {
	nodes := r.parts.first()
	var fresh, places []int32
	for _, number := range r.numbers {
		if place := whole.of[r.view.node(nodes[number])]; r.family < known[place] {
			fresh, places = append(fresh, number), append(places, place)
		}
	}
	for _, place := range places {
		known[place] = min(known[place], r.family)
	}
	if r.numbers = fresh; len(fresh) > 0 {
		c.reports = append(c.reports, r)
	}
}

// first is of each component one node.
func (c *components) first() []int32 {
	nodes := make([]int32, len(c.sizes))
	for node := int32(len(c.of)) - 1; node >= 0; node-- {
		if number := c.of[node]; number >= 0 {
			nodes[number] = node
		}
	}
	return nodes
}

// skews parts the cycles without adjacent rw edges into those with an rw edge that has a way back, G-single,
// and the others. A cycle without any rw edge is of dependencies that are certain only if transactions are seen
// whole: that some reader did not is read skew, too.
func (c *classes) skews(r *report, whole *components, known []family) {
	nodes := r.parts.first()
	one, more := *r, *r
	one.family, one.numbers, more.numbers = single, nil, nil
	open := make([]bool, len(r.parts.sizes))
	for _, number := range r.numbers {
		open[number] = known[whole.of[r.view.node(nodes[number])]] > single
	}
	search := c.newSkewSearch(r, whole, open)
	search.run()
	for _, number := range r.numbers {
		if search.hit[number] {
			one.numbers = append(one.numbers, number)
		} else {
			more.numbers = append(more.numbers, number)
		}
	}
	one.skews, one.backs = search.found, search.backs
	c.report(&one, whole, known)
	c.report(&more, whole, known)
}
