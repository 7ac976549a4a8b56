package linear

import "slices"

// link is a value of a register: who wrote it, the swap that replaced it, and the zone of its reads.
type link struct {
	writer, next int32 // none if there is none
	reads        zone
}

// chains are the values of a register and how swaps join them to chains, which must stand together.
type chains struct {
	operations []Operation
	links      []link // by name
	kept       []bool // by name: it was written for certain, or seen
	swaps      int    // how many swaps are kept
	walked     int    // how many of them were come by in walks from roots
}

// checkRegister judges a register whose written values are all different: it sorts every operation to
// the value that it wrote or saw, values that swaps made of each other to chains, and looks whether the
// zones of the chains have an order. A write that nobody saw, of unknown outcome, need not have happened.
func checkRegister(operations []Operation) Answer {
	c := &chains{operations: operations}
	if answer, ok := c.writers(); !ok {
		return answer
	}
	c.keep()
	if answer, ok := c.join(); !ok {
		return c.evident(answer)
	}
	zones, answer, ok := c.zones()
	if !ok {
		return c.evident(answer)
	}
	if answer, found := clash(zones); found {
		return c.evident(answer)
	}
	return valid()
}

// evident adds to a contradiction, for each operation of unknown outcome, who saw its value.
func (c *chains) evident(answer Answer) Answer {
	for i := 0; i < len(answer.Roles); i++ {
		if role := answer.Roles[i]; role >= 0 && c.operations[role].unknown() {
			if witness := c.sight(c.operations[role].Value); !slices.Contains(answer.Roles, witness) {
				answer.Roles = append(answer.Roles, witness)
			}
		}
	}
	return answer
}

// sight is an operation that saw a value: one that certainly happened, if there is one, or a swap that is kept.
func (c *chains) sight(name int64) int {
	swap := none
	for i := range c.operations {
		switch o := &c.operations[i]; {
		case o.Kind == Read && o.Value == name:
			return i
		case o.Kind == Swap && int64(o.Expected) == name && c.kept[o.Value]:
			if swap = i; !o.unknown() {
				return i
			}
		}
	}
	return swap
}

// writers fills the table of values.
func (c *chains) writers() (Answer, bool) {
	c.links = make([]link, names(c.operations))
	for i := range c.links {
		c.links[i] = link{none, none, emptyZone}
	}
	for i := range c.operations {
		o := &c.operations[i]
		if o.Kind == Read {
			continue
		}
		if o.Value == 0 {
			return unsuited("operation %d writes the initial value", int64(i)), false
		}
		if other := c.links[o.Value].writer; other != none {
			return unsuited("operations %d and %d write the same value", int64(other), int64(i)), false
		}
		c.links[o.Value].writer = int32(i)
	}
	return Answer{}, true
}

// keep marks the values that were written: for certain, or because somebody saw them, or because a
// swap that is kept replaced them.
func (c *chains) keep() {
	c.kept = make([]bool, len(c.links))
	c.kept[0] = true
	for i := range c.operations {
		o := &c.operations[i]
		if o.unknown() {
			continue
		}
		c.keepUpTo(o.Value)
		if o.Kind == Swap {
			c.keepUpTo(int64(o.Expected))
		}
	}
}

// keepUpTo keeps a value and those that were replaced to make it.
func (c *chains) keepUpTo(name int64) {
	for !c.kept[name] {
		c.kept[name] = true
		writer := c.links[name].writer
		if writer == none || c.operations[writer].Kind != Swap {
			return
		}
		name = int64(c.operations[writer].Expected)
	}
}

// join puts every operation to the value that it saw.
func (c *chains) join() (Answer, bool) {
	for i := range c.operations {
		o := &c.operations[i]
		saw := o.Value
		switch {
		case o.Kind == Write || !c.kept[o.Value]:
			continue
		case o.Kind == Swap:
			saw = int64(o.Expected)
		}
		at := &c.links[saw]
		if at.writer == none && saw != 0 {
			return invalid(Unwritten, i), false
		}
		if o.Kind == Read {
			at.reads.take(int32(i), o.Call, o.Return)
			continue
		}
		if at.next != none {
			return invalid(Forked, int(at.next), i), false
		}
		at.next = int32(i)
		c.swaps++
	}
	return Answer{}, true
}

// zones are those of the chains: of the initial value, and of each that was written, not swapped in.
func (c *chains) zones() ([]zone, Answer, bool) {
	zones := make([]zone, 0, len(c.links)-c.swaps)
	first, answer, ok := c.walk(0)
	if !ok {
		return nil, answer, false
	}
	zones = append(zones, first)
	for i := range c.operations {
		o := &c.operations[i]
		if o.Kind != Write || !c.kept[o.Value] {
			continue
		}
		z, answer, ok := c.walk(o.Value)
		if !ok {
			return nil, answer, false
		}
		zones = append(zones, z)
	}
	if c.walked < c.swaps {
		return nil, c.circle(), false
	}
	return zones, Answer{}, true
}

// walk goes through a chain in the only order there is, value, its reads, swap, its reads, ..., and
// finds its zone, or an operation that returned before one was called that must come first.
func (c *chains) walk(root int64) (zone, Answer, bool) {
	z := emptyZone
	if root == 0 {
		z.returned = beginning // the initial value was there before all
	}
	for name := root; ; {
		at := &c.links[name]
		if at.writer != none {
			writer := &c.operations[at.writer]
			if writer.Return < z.called {
				return z, invalid(Backwards, int(z.latest), int(at.writer)), false
			}
			z.take(at.writer, writer.Call, writer.Return)
		}
		if at.reads.earliest != none {
			if at.reads.returned < z.called {
				return z, invalid(Backwards, int(z.latest), int(at.reads.earliest)), false
			}
			z.take(at.reads.earliest, beginning, at.reads.returned)
			z.take(at.reads.latest, at.reads.called, Never)
		}
		if at.next == none {
			return z, Answer{}, true
		}
		c.walked++
		name = c.operations[at.next].Value
	}
}

// circle is one of swaps that rest on each other, which no chain from a root comes by.
func (c *chains) circle() Answer {
	reached := make([]bool, len(c.links))
	for name := range c.links {
		writer := c.links[name].writer
		if name != 0 && (writer == none || c.operations[writer].Kind == Swap) {
			continue
		}
		for at := int64(name); !reached[at]; {
			reached[at] = true
			if next := c.links[at].next; next != none {
				at = c.operations[next].Value
			}
		}
	}
	for i := range c.operations {
		if o := &c.operations[i]; o.Kind == Swap && c.kept[o.Value] && !reached[o.Value] {
			return invalid(Circular, c.round(o.Value)...)
		}
	}
	panic("linear: fewer swaps were reached than there are, but all were")
}

// round are the writers of a circle of values, from one of them on.
func (c *chains) round(start int64) []int {
	circle := []int{int(c.links[start].writer)}
	for name := c.operations[c.links[start].next].Value; name != start; name = c.operations[c.links[name].next].Value {
		circle = append(circle, int(c.links[name].writer))
	}
	return circle
}
