package linear

import (
	"cmp"
	"slices"
)

// span is an open interval of time: its ends do not belong to it.
type span struct {
	from, to int64
	name     int32
}

// cover is a union of open intervals. Two that only touch leave an instant between them.
type cover struct {
	spans  []span
	merged []span
}

func (c *cover) add(from, to int64, name int32) { c.spans = append(c.spans, span{from, to, name}) }

// merge sorts the intervals and joins those that overlap. It comes after all adds.
func (c *cover) merge() {
	slices.SortFunc(c.spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.name, b.name)) })
	for _, s := range c.spans {
		if last := len(c.merged) - 1; last >= 0 && s.from < c.merged[last].to {
			c.merged[last].to = max(c.merged[last].to, s.to)
			continue
		}
		c.merged = append(c.merged, s)
	}
}

// hides tells whether every instant of a closed interval is covered.
func (c *cover) hides(from, to int64) bool {
	after, _ := slices.BinarySearchFunc(c.merged, from, func(s span, at int64) int { return cmp.Compare(s.from, at) })
	return after > 0 && to < c.merged[after-1].to
}

// chain names the fewest intervals that cover a closed interval, which is hidden.
func (c *cover) chain(from, to int64) []int32 {
	var names []int32
	reached, best := from, span{to: beginning}
	for _, s := range c.spans {
		for s.from >= reached {
			if best.to <= reached {
				panic("linear: a time was said to be covered, and is not")
			}
			names, reached = append(names, best.name), best.to
			if reached > to {
				return names
			}
		}
		if s.to > best.to {
			best = s
		}
	}
	return append(names, best.name)
}
