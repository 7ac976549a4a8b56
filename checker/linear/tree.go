package linear

import "math"

// heights are numbers by place, among which one at least as high as a bound is found in O(log n).
type heights struct {
	size int     // a power of two
	most []int64 // of node i below 1, children 2i and 2i+1; the places are the nodes from size on
}

func newHeights(places int) *heights {
	h := &heights{size: 1}
	for h.size < places {
		h.size *= 2
	}
	h.most = make([]int64, 2*h.size)
	for i := range h.most {
		h.most[i] = math.MinInt64
	}
	return h
}

func (h *heights) set(place int, height int64) {
	node := h.size + place
	h.most[node] = height
	for node /= 2; node > 0; node /= 2 {
		h.most[node] = max(h.most[2*node], h.most[2*node+1])
	}
}

// find is the first place in [from, to) that is at least as high as a bound, below 0 if there is none.
// The bound is above the least number.
func (h *heights) find(from, to int, bound int64) int {
	left, right := from+h.size, to+h.size
	best := none
	for ; left < right; left, right = left/2, right/2 {
		if left&1 == 1 {
			if h.most[left] >= bound {
				return h.descend(left, bound)
			}
			left++
		}
		if right&1 == 1 {
			right--
			if h.most[right] >= bound {
				best = right
			}
		}
	}
	if best < 0 {
		return none
	}
	return h.descend(best, bound)
}

func (h *heights) descend(node int, bound int64) int {
	for node < h.size {
		node *= 2
		if h.most[node] < bound {
			node++
		}
	}
	return node - h.size
}

// layers are counts by place that are lowered over ranges, and among which a 0 is found in O(log n).
type layers struct {
	size int
	// least is the smallest count below a node, without what was taken from the nodes above it; taken is what was
	// taken from all places below the node at once, and is in least already.
	least, taken []int32
}

func newLayers(counts []int32) *layers {
	l := &layers{size: 1}
	for l.size < len(counts) {
		l.size *= 2
	}
	l.least, l.taken = make([]int32, 2*l.size), make([]int32, 2*l.size)
	for i := range l.size {
		l.least[l.size+i] = math.MaxInt32
	}
	copy(l.least[l.size:], counts)
	for i := l.size - 1; i > 0; i-- {
		l.least[i] = min(l.least[2*i], l.least[2*i+1])
	}
	return l
}

// lower takes one from the counts of the places from..to.
func (l *layers) lower(from, to int32) {
	first, last := int(from)+l.size, int(to)+l.size
	for left, right := first, last+1; left < right; left, right = left/2, right/2 {
		if left&1 == 1 {
			l.least[left]--
			l.taken[left]++
			left++
		}
		if right&1 == 1 {
			right--
			l.least[right]--
			l.taken[right]++
		}
	}
	l.mend(first)
	l.mend(last)
}

// mend brings the nodes above a place up to date.
func (l *layers) mend(node int) {
	for node /= 2; node > 0; node /= 2 {
		l.least[node] = min(l.least[2*node], l.least[2*node+1]) - l.taken[node]
	}
}

// open is the first place in from..to whose count is 0, below 0 if there is none.
func (l *layers) open(from, to int32) int32 {
	return l.openBelow(1, 0, l.size-1, int(from), int(to), 0)
}

// openBelow looks below a node, whose places are low..high; above is what was taken from the nodes above it.
func (l *layers) openBelow(node, low, high, from, to int, above int32) int32 {
	if high < from || to < low || l.least[node] > above {
		return none
	}
	if low == high {
		return int32(low)
	}
	above += l.taken[node]
	middle := (low + high) / 2
	if found := l.openBelow(2*node, low, middle, from, to, above); found >= 0 {
		return found
	}
	return l.openBelow(2*node+1, middle+1, high, from, to, above)
}
