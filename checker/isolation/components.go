package isolation

// components are the strongly connected components of a view: of each of its nodes the component's number,
// and of each component its size. Edges never lead to a component of a higher number. Nodes that were not
// looked at have none, -1.
type components struct {
	of    []int32
	sizes []int32
	// circular are the components of two nodes and more, in which every node lies on a cycle.
	circular []int32
}

func (c *components) cyclic(node int32) bool { return c.of[node] >= 0 && c.sizes[c.of[node]] > 1 }

// frame is a node whose edges are being followed.
type frame struct {
	node, edge, number int32
}

// tarjan finds components without recursion (Tarjan, SIAM J. Comput. 1972, with Pearce's saving of one
// array: lowest is a node's number until a lower one is reached).
type tarjan struct {
	*graph
	*components
	view   *view
	within *components
	lowest []int32
	open   []int32 // nodes whose component is not closed yet
	frames []frame
	count  int32
}

// components of a view. Within are those of a larger view: only what lies in one of its circular components
// can be on a cycle here, and nothing else is looked at; nil looks at all.
func (g *graph) components(v *view, within *components) *components {
	size := g.nodes
	if v.layered {
		size *= 2
	}
	t := &tarjan{graph: g, view: v, within: within, lowest: make([]int32, size), components: &components{of: make([]int32, size)}}
	for node := range t.of {
		t.of[node] = -1
	}
	for node := range size {
		if t.lowest[node] == 0 && (within == nil || within.cyclic(v.node(node))) {
			t.search(node)
		}
	}
	for number, size := range t.sizes {
		if size > 1 {
			t.circular = append(t.circular, int32(number))
		}
	}
	return t.components
}

func (t *tarjan) enter(node int32) {
	t.count++
	t.lowest[node] = t.count
	t.open = append(t.open, node)
	t.frames = append(t.frames, frame{node, t.heads[t.view.node(node)], t.count})
}

func (t *tarjan) search(root int32) {
	t.enter(root)
	for len(t.frames) > 0 {
		top := &t.frames[len(t.frames)-1]
		if deeper := t.advance(top); deeper >= 0 {
			t.enter(deeper)
			continue
		}
		node, number := top.node, top.number
		t.frames = t.frames[:len(t.frames)-1]
		if t.lowest[node] == number {
			t.close(node)
		}
		if len(t.frames) > 0 {
			below := t.frames[len(t.frames)-1].node
			if t.of[node] < 0 {
				t.lowest[below] = min(t.lowest[below], t.lowest[node])
			}
		}
	}
}

// advance follows a node's edges until one leads to a node never seen, or -1 at the end.
func (t *tarjan) advance(top *frame) int32 {
	node := t.view.node(top.node)
	end, lowest := t.heads[node+1], t.lowest[top.node]
	for ; top.edge < end; top.edge++ {
		next := t.view.next(top.node, t.targets[top.edge], t.labels[top.edge])
		if next < 0 || t.of[next] >= 0 || t.within != nil && t.within.of[t.view.node(next)] != t.within.of[node] {
			continue
		}
		if t.lowest[next] == 0 {
			top.edge++
			t.lowest[top.node] = lowest
			return next
		}
		lowest = min(lowest, t.lowest[next])
	}
	t.lowest[top.node] = lowest
	return -1
}

func (t *tarjan) close(root int32) {
	number, size := int32(len(t.sizes)), int32(0)
	for {
		node := t.open[len(t.open)-1]
		t.open = t.open[:len(t.open)-1]
		t.of[node] = number
		size++
		if node == root {
			break
		}
	}
	t.sizes = append(t.sizes, size)
}
