package checker

import (
	"cmp"
	"slices"

	"cleave/history"
	"cleave/models"
)

// contradiction is why a register's operations have no order, told by the fewest of them.
type contradiction struct {
	kind       contradictionKind
	operations []int // positions; what each is depends on the kind
}

type contradictionKind uint8

const (
	// unwritten: [0] saw a value that nobody wrote.
	unwritten contradictionKind = iota
	// forked: [0] and [1] both replaced the same value.
	forked
	// circular: each swap found what another of them wrote.
	circular
	// backwards: [0] must come before [1], because of the values, but was invoked after [1] had
	// completed.
	backwards
	// interleaved: the values of [0] and [1] and those of [2] and [3] must each stand together, but
	// [0] completed before [3] was invoked, and [2] before [1].
	interleaved
	// enclosed: the values of [0] and [1] stand together and surround [2] and [3], of others: [0]
	// completed before [3] was invoked, [2] completed before [1] was invoked.
	enclosed
)

// zone is the time of a chain of values, which must stand together in any order. A chain is a value
// that was written, what swaps made of it one after the other, and all reads of these.
//
//	write 1 |----|                          earliest completion f
//	read 1            |----|                latest invocation s
//	             f....s                     forward zone: the value surely held from f to s
//
//	write 1 |-------|
//	read 1      |-------|
//	            s...f                       backward zone: all may happen at any instant of it
type zone struct {
	earliest, latest int // positions of the operation that completes first, and that is invoked last
	completed        history.Time
	invoked          history.Time
}

func (z zone) forward() bool { return z.completed < z.invoked }

// checkZones judges a register whose written values are all different (Gibbons and Korach, SIAM J.
// Comput. 1997; Golab, Li and Shah, PODC 2011; extended from single values to chains of swaps). It
// takes O(n log n). It does not apply if a value was written twice. Ties are concurrent.
func checkZones(operations []history.Operation) (found *contradiction, applies bool) {
	written, unique := writersOf(operations)
	if !unique {
		return nil, false
	}
	chains, found := chainsOf(operations, written)
	if found != nil {
		return found, true
	}
	zones := make([]zone, 0, len(chains.roots))
	for _, root := range chains.roots {
		z, found := chains.walk(root)
		if found != nil {
			return found, true
		}
		zones = append(zones, z)
	}
	return clash(zones), true
}

// clash finds two forward zones that overlap, or a backward one strictly within a forward one.
func clash(zones []zone) *contradiction {
	var forward, backward []zone
	for _, z := range zones {
		if z.forward() {
			forward = append(forward, z)
		} else {
			backward = append(backward, z)
		}
	}
	slices.SortFunc(forward, func(a, b zone) int {
		return cmp.Or(cmp.Compare(a.completed, b.completed), cmp.Compare(a.latest, b.latest))
	})
	for i := 1; i < len(forward); i++ {
		if first, second := forward[i-1], forward[i]; second.completed < first.invoked {
			return &contradiction{interleaved, []int{first.earliest, first.latest, second.earliest, second.latest}}
		}
	}
	for _, inner := range backward {
		after, _ := slices.BinarySearchFunc(forward, inner.invoked, func(z zone, at history.Time) int {
			return cmp.Compare(z.completed, at)
		})
		if after == 0 {
			continue // no forward zone begins before it
		}
		if outer := forward[after-1]; inner.completed < outer.invoked {
			return &contradiction{enclosed, []int{outer.earliest, outer.latest, inner.earliest, inner.latest}}
		}
	}
	return nil
}

// link is one value of a chain.
type link struct {
	writer int // noWriter for the initial value
	reads  []int
	next   int // the swap that replaced the value, noWriter if none did
}

// chains are the values of a register and how swaps join them.
type chains struct {
	operations []history.Operation
	links      []link
	place      map[identity]int // value -> position in links
	roots      []int            // positions in links of values that no swap wrote, the initial one first
}

// chainsOf sorts every operation that happened to the value it wrote or saw.
func chainsOf(operations []history.Operation, written writers) (*chains, *contradiction) {
	c := &chains{operations: operations, place: make(map[identity]int, len(written)+1)}
	c.add(nothing, noWriter)
	c.roots = append(c.roots, 0)
	keep := observedOnly(operations, written)
	for i := range operations {
		value, writes := models.Written(operations[i])
		if !keep[i] || !writes {
			continue
		}
		if _, isSwap := models.Expected(operations[i]); !isSwap {
			c.roots = append(c.roots, len(c.links))
		}
		c.add(identify(value), i)
	}
	for i := range operations {
		if keep[i] {
			if found := c.join(i); found != nil {
				return nil, found
			}
		}
	}
	return c, c.rootless()
}

func (c *chains) add(value identity, writer int) {
	c.place[value] = len(c.links)
	c.links = append(c.links, link{writer: writer, next: noWriter})
}

// join puts an operation to the value that it saw.
func (c *chains) join(position int) *contradiction {
	value, sees := seen(c.operations[position])
	if !sees {
		return nil
	}
	place, known := c.place[identify(value)]
	if !known {
		return &contradiction{unwritten, []int{position}}
	}
	at := &c.links[place]
	if _, isSwap := models.Expected(c.operations[position]); !isSwap {
		at.reads = append(at.reads, position)
		return nil
	}
	if at.next != noWriter {
		return &contradiction{forked, []int{at.next, position}}
	}
	at.next = position
	return nil
}

// following is the place of the value that replaced the one at a place, noWriter if none did.
func (c *chains) following(place int) int {
	next := c.links[place].next
	if next == noWriter {
		return noWriter
	}
	value, _ := models.Written(c.operations[next])
	return c.place[identify(value)]
}

// rootless finds swaps that rest on each other in a circle: no chain from a root comes by.
func (c *chains) rootless() *contradiction {
	reached := make([]bool, len(c.links))
	for _, root := range c.roots {
		for place := root; place != noWriter; place = c.following(place) {
			reached[place] = true
		}
	}
	for start := range c.links {
		if reached[start] {
			continue
		}
		circle := []int{c.links[start].writer}
		for place := c.following(start); place != start; place = c.following(place) {
			circle = append(circle, c.links[place].writer)
		}
		return &contradiction{circular, circle}
	}
	return nil
}

// walk goes through a chain in the only order there is, value, its reads, swap, its reads, ..., and
// finds its zone, or an operation that completed before one was invoked that must come first.
func (c *chains) walk(root int) (zone, *contradiction) {
	z := zone{earliest: noWriter, latest: noWriter, completed: history.Forever, invoked: beginning}
	if c.links[root].writer == noWriter {
		z.completed = beginning // the initial value was there before all
	}
	for place := root; place != noWriter; place = c.following(place) {
		here := c.links[place]
		if here.writer != noWriter {
			if found := c.pass(z, here.writer); found != nil {
				return z, found
			}
			c.take(&z, here.writer)
		}
		for _, read := range here.reads {
			if found := c.pass(z, read); found != nil {
				return z, found
			}
		}
		for _, read := range here.reads {
			c.take(&z, read)
		}
	}
	return z, nil
}

// beginning is before every time.
const beginning = -history.Forever - 1

// pass checks an operation against all that come before it in its chain.
func (c *chains) pass(before zone, position int) *contradiction {
	if c.operations[position].Completed < before.invoked {
		return &contradiction{backwards, []int{before.latest, position}}
	}
	return nil
}

// take extends a zone by an operation.
func (c *chains) take(z *zone, position int) {
	operation := &c.operations[position]
	if z.earliest == noWriter && z.completed == history.Forever || operation.Completed < z.completed {
		z.earliest, z.completed = position, operation.Completed
	}
	if z.latest == noWriter || operation.Invoked > z.invoked {
		z.latest, z.invoked = position, operation.Invoked
	}
}
