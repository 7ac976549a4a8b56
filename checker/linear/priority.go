package linear

import "slices"

// priorityQueue is the discipline of the least first. A value never stands in the way of a lesser one, so
// each is judged with those below it alone: it can be taken at an instant at which none of them is
// certainly in (Lee and Mathur, OOPSLA 2025: at such an instant all of them can be out at once).
//
//	put 1 |---|                 take 1 |---|
//	put 2   |---|   take 2 |--|                    invalid: 1 was certainly in throughout
type priorityQueue struct{}

func (priorityQueue) order(c *collection) Answer {
	glances := c.glances()
	lesser := newGrowingCover(c)
	for name := range c.items {
		at := &c.items[name]
		if at.put == none {
			continue
		}
		for _, g := range glances.of(name) {
			if lesser.hides(g.from, g.to) {
				return c.notLeast(int32(name), g)
			}
		}
		if at.certain() {
			lesser.add(at.enter, at.leave)
		}
	}
	if answer, ok := c.emptiness(); !ok {
		return answer
	}
	return valid()
}

// notLeast tells which lesser values hid an operation that took or saw one.
func (c *collection) notLeast(name int32, g glance) Answer {
	var lesser cover
	c.each(func(other int, at *item) {
		if other < int(name) && at.certain() {
			lesser.add(at.enter, at.leave, int32(other))
		}
	})
	lesser.merge()
	return c.tell(invalid(NotLeast, int(g.position), int(c.items[name].put)), lesser.chain(g.from, g.to))
}

// glancesByName are the operations that took or saw each value, as intervals in which they did.
type glancesByName struct {
	starts  []int32 // by name
	glances []glance
}

func (g *glancesByName) of(name int) []glance { return g.glances[g.starts[name]:g.starts[name+1]] }

// glances sorts takes and peeks by what they took or saw.
func (c *collection) glances() glancesByName {
	found := glancesByName{starts: make([]int32, len(c.items)+1)}
	if c.peeks {
		for i := range c.operations {
			if o := &c.operations[i]; o.Kind == Peek && o.Value != 0 {
				found.starts[o.Value+1]++
			}
		}
	}
	c.each(func(name int, at *item) {
		if at.take != none {
			found.starts[name+1]++
		}
	})
	for name := range c.items {
		found.starts[name+1] += found.starts[name]
	}
	found.glances = make([]glance, found.starts[len(c.items)])
	place := slices.Clone(found.starts)
	put := func(name int64, g glance) {
		found.glances[place[name]] = g
		place[name]++
	}
	if c.peeks {
		for i := range c.operations {
			if o := &c.operations[i]; o.Kind == Peek && o.Value != 0 {
				at := &c.items[o.Value]
				put(o.Value, glance{max(o.Call, at.asked), min(o.Return, at.gone), int32(i)})
			}
		}
	}
	c.each(func(name int, at *item) {
		if at.take != none {
			put(int64(name), glance{at.leave, at.gone, at.take})
		}
	})
	return found
}

// deadlines: a value must be gone when a greater one is taken that was not yet asked for, or seen, when it was in.
func (priorityQueue) deadlines(c *collection, untaken []deadline) {
	glances := c.glances()
	later := newEarliest(len(glances.glances), func(i int) int64 { return glances.glances[i].from })
	next := len(untaken) - 1
	for name := len(c.items) - 1; name >= 0; name-- {
		if next >= 0 && int(untaken[next].name) == name {
			untaken[next].limit(later.after(c.items[name].enter))
			next--
		}
		for _, g := range glances.of(name) {
			later.put(g.from, g.to, g.position)
		}
	}
}

// growingCover is a union of open intervals to which more come. Time is cut into the ends of intervals and
// the gaps between them; each cell knows a cell at or after it that is not covered (a union-find).
type growingCover struct {
	ends []int64
	next []int32 // cell 2i+1 is the i-th end, cell 2i the gap before it
}

// newGrowingCover makes room for the times at which the values of a collection were certainly in.
func newGrowingCover(c *collection) *growingCover {
	g := &growingCover{}
	c.each(func(_ int, at *item) {
		if at.certain() {
			g.ends = append(g.ends, at.enter, at.leave)
		}
	})
	slices.Sort(g.ends)
	g.ends = slices.Compact(g.ends)
	g.next = make([]int32, 2*len(g.ends)+1)
	for i := range g.next {
		g.next[i] = int32(i)
	}
	return g
}

// cell is the place of a time.
func (g *growingCover) cell(time int64) int32 {
	place, isEnd := slices.BinarySearch(g.ends, time)
	if isEnd {
		return int32(2*place + 1)
	}
	return int32(2 * place)
}

// open is the first cell from one on that is not covered. The last never is.
func (g *growingCover) open(cell int32) int32 {
	for g.next[cell] != cell {
		g.next[cell] = g.next[g.next[cell]]
		cell = g.next[cell]
	}
	return cell
}

func (g *growingCover) add(from, to int64) {
	last := g.cell(to)
	for cell := g.open(g.cell(from) + 1); cell < last; cell = g.open(cell) {
		g.next[cell] = cell + 1
	}
}

// hides tells whether every instant of a closed interval is covered.
func (g *growingCover) hides(from, to int64) bool { return g.open(g.cell(from)) > g.cell(to) }
