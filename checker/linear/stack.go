package linear

import (
	"math"
	"slices"
)

// stack is the discipline of last in, first out. At an instant at which no value is certainly in, all can
// be out at once, so the history falls apart there; what is left of it, from L to R, always has the same
// value at the bottom, which went in by L and left from R on. Any value that can have done so may be
// taken for the bottom, and taken away; then the rest falls apart again (Lee and Mathur, OOPSLA 2025).
//
//	put a |---|                             take a |--|
//	put b    |---|      take b |--|                         a is the bottom, then b alone remains
//	         L                              R
type stack struct{}

func (stack) order(c *collection) Answer {
	if answer, ok := c.emptiness(); !ok {
		return answer
	}
	if broken := c.bottomless(c.held()); broken != nil {
		return c.tell(invalid(Crossed), core(broken, c.crossed))
	}
	if c.peeks {
		return unsuited("somebody peeked at a stack")
	}
	return valid()
}

// held are the values that were certainly in at some time. The others cannot be in anybody's way.
func (c *collection) held() []int32 {
	var names []int32
	c.each(func(name int, at *item) {
		if at.certain() {
			names = append(names, int32(name))
		}
	})
	return names
}

func (c *collection) crossed(names []int32) bool { return c.bottomless(names) != nil }

// bottomless gives values that stand together without any that can be at the bottom, nil if there are none.
func (c *collection) bottomless(names []int32) []int32 {
	p := newPile(c, names)
	for len(p.stretches) > 0 {
		last := p.stretches[len(p.stretches)-1]
		p.stretches = p.stretches[:len(p.stretches)-1]
		bottom := p.bottom(last)
		if bottom < 0 {
			return p.within(last)
		}
		p.remove(bottom, last)
	}
	return nil
}

// stretch is a part of time, from one of the ends to another, within which there is no end at which no
// value is certainly in.
type stretch struct{ from, to int32 }

// pile is what is left of a stack's values.
type pile struct {
	c         *collection
	names     []int32 // in the order in which they were in
	ends      []int64 // all enters and leaves, in order
	stretches []stretch
	layers    *layers // at each end, how many values are certainly in
	removed   []bool
	waiting   *heights // complement of asked, of values that cannot be at a bottom yet
	ready     *heights // gone, of values that were asked for early enough to be at the bottom where they are
}

func newPile(c *collection, names []int32) *pile {
	p := &pile{c: c, names: slices.Clone(names), removed: make([]bool, len(names))}
	sortBy(p.names, func(name int32) int64 { return c.items[name].enter })
	p.ends = make([]int64, 0, 2*len(names))
	for _, name := range names {
		p.ends = append(p.ends, c.items[name].enter, c.items[name].leave)
	}
	slices.Sort(p.ends)
	p.ends = slices.Compact(p.ends)
	steps := make([]int32, len(p.ends)+1)
	p.waiting, p.ready = newHeights(len(names)), newHeights(len(names))
	for place, name := range p.names {
		inner := p.inner(name)
		if inner.from <= inner.to {
			steps[inner.from]++
			steps[inner.to+1]--
		}
		p.waiting.set(place, ^c.items[name].asked)
	}
	for i := 1; i < len(steps); i++ {
		steps[i] += steps[i-1]
	}
	p.layers = newLayers(steps[:len(p.ends)])
	p.cut(stretch{0, int32(len(p.ends) - 1)})
	return p
}

// inner are the ends at which a value was certainly in.
func (p *pile) inner(name int32) stretch {
	from, _ := slices.BinarySearch(p.ends, p.c.items[name].enter)
	to, _ := slices.BinarySearch(p.ends, p.c.items[name].leave)
	return stretch{int32(from) + 1, int32(to) - 1}
}

// cut parts a stretch at the ends at which no value is certainly in any more. Parts without an end
// within them need no bottom: all their values may be it.
func (p *pile) cut(whole stretch) {
	from := whole.from
	for from < whole.to {
		to := p.layers.open(from+1, whole.to)
		if to < 0 {
			to = whole.to
		}
		if to > from+1 {
			p.stretches = append(p.stretches, stretch{from, to})
		}
		from = to
	}
}

// places are those in names of the values that came in within a stretch.
func (p *pile) places(s stretch) (from, to int) {
	first := func(end int32) int {
		place, _ := slices.BinarySearchFunc(p.names, p.ends[end], func(name int32, at int64) int {
			if p.c.items[name].enter < at {
				return -1
			}
			return 1
		})
		return place
	}
	return first(s.from), first(s.to)
}

// bottom is the place of a value that can be beneath all others of a stretch, below 0 if there is none.
func (p *pile) bottom(s stretch) int {
	from, to := p.places(s)
	for {
		place := p.waiting.find(from, to, ^p.ends[s.from])
		if place < 0 {
			return p.ready.find(from, to, p.ends[s.to])
		}
		p.waiting.set(place, math.MinInt64)
		p.ready.set(place, p.c.items[p.names[place]].gone)
	}
}

// remove takes a value away from a stretch, which may fall apart.
func (p *pile) remove(place int, s stretch) {
	p.ready.set(place, math.MinInt64)
	p.removed[place] = true
	if inner := p.inner(p.names[place]); inner.from <= inner.to {
		p.layers.lower(inner.from, inner.to)
	}
	p.cut(s)
}

// within are the values of a stretch.
func (p *pile) within(s stretch) []int32 {
	var names []int32
	from, to := p.places(s)
	for place := from; place < to; place++ {
		if !p.removed[place] {
			names = append(names, p.names[place])
		}
	}
	return names
}

// core takes values away as long as the rest is still broken, which it stays if more are added. It
// looks for the shortest broken beginning of what is left, whose last value is needed, and puts that first.
func core(names []int32, broken func([]int32) bool) []int32 {
	names = slices.Clone(names)
	for needed := 0; ; needed++ {
		low, high := needed, len(names) // the beginning of length high is broken
		for low < high {
			if middle := (low + high) / 2; broken(names[:middle]) {
				high = middle
			} else {
				low = middle + 1
			}
		}
		names = names[:high]
		if high <= needed {
			slices.Sort(names)
			return names
		}
		last := names[high-1]
		copy(names[1:], names[:high-1])
		names[0] = last
	}
}

// deadlines: a value that went in above another must be gone when that is taken.
func (stack) deadlines(c *collection, untaken []deadline) {
	var below []int32
	c.each(func(name int, at *item) {
		if at.take != none {
			below = append(below, int32(name))
		}
	})
	sortBy(below, func(name int32) int64 { return c.items[name].enter })
	later := newEarliest(len(below), func(i int) int64 { return c.items[below[i]].leave })
	above := make([]int32, len(untaken))
	for i := range above {
		above[i] = int32(i)
	}
	sortBy(above, func(i int32) int64 { return c.items[untaken[i].name].asked })
	for _, i := range above {
		left := &c.items[untaken[i].name]
		for len(below) > 0 && c.items[below[0]].enter < left.asked {
			at := &c.items[below[0]]
			later.put(at.leave, at.gone, at.take)
			below = below[1:]
		}
		untaken[i].limit(later.after(left.enter))
	}
}
