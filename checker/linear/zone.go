package linear

import (
	"cmp"
	"slices"
)

// zone is the time of operations that must stand together in any order.
//
//	write 1 |----|                          earliest return
//	read 1            |----|                latest call
//	             f....s                     forward zone: the value surely held from f to s
//
//	write 1 |-------|
//	read 1      |-------|
//	            s...f                       backward zone: all may happen at any instant of it
type zone struct {
	returned, called int64 // the earliest return and the latest call
	earliest, latest int32 // the operations with these, none if it was the initial value
}

// none is no position.
const none = -1

// forward tells that not all of the zone's operations fit at one instant.
func (z *zone) forward() bool { return z.returned < z.called }

// take extends a zone by an operation.
func (z *zone) take(position int32, call, end int64) {
	if end < z.returned || z.earliest == none && end == Never && z.returned == Never {
		z.returned, z.earliest = end, position
	}
	if call > z.called || z.latest == none {
		z.called, z.latest = call, position
	}
}

// emptyZone has no operation.
var emptyZone = zone{returned: Never, called: beginning, earliest: none, latest: none}

// clash finds two forward zones that overlap, or a backward one strictly within a forward one: then, and
// only then, the zones have no order (Gibbons and Korach, SIAM J. Comput. 1997; Golab, Li and Shah, PODC
// 2011). It changes the order of zones.
func clash(zones []zone) (Answer, bool) {
	forward := make([]zone, 0, len(zones)/2)
	for i := range zones {
		if zones[i].forward() {
			forward = append(forward, zones[i])
		}
	}
	slices.SortFunc(forward, func(a, b zone) int {
		return cmp.Or(cmp.Compare(a.returned, b.returned), cmp.Compare(a.latest, b.latest))
	})
	for i := 1; i < len(forward); i++ {
		if first, second := &forward[i-1], &forward[i]; second.returned < first.called {
			return invalid(Interleaved, int(first.earliest), int(first.latest), int(second.earliest), int(second.latest)), true
		}
	}
	for i := range zones {
		inner := &zones[i]
		if inner.forward() {
			continue
		}
		if outer := enclosing(forward, inner.called); outer != nil && inner.returned < outer.called {
			return invalid(Enclosed, int(outer.earliest), int(outer.latest), int(inner.earliest), int(inner.latest)), true
		}
	}
	return Answer{}, false
}

// enclosing is the last of some forward zones that begins before a time, nil if there is none.
func enclosing(forward []zone, at int64) *zone {
	low, high := 0, len(forward)
	for low < high {
		if middle := (low + high) / 2; forward[middle].returned < at {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == 0 {
		return nil
	}
	return &forward[low-1]
}
