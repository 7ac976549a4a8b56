package linear

import "slices"

func before(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// byCall sorts positions by their operations' calls; equal ones stay in order.
func byCall(operations []Operation, positions []int32) {
	sortBy(positions, func(position int32) int64 { return operations[position].Call })
}

// byReturn sorts positions by their operations' returns; equal ones stay in order.
func byReturn(operations []Operation, positions []int32) {
	sortBy(positions, func(position int32) int64 { return operations[position].Return })
}

// sortBy sorts names or positions by a time; equal ones by themselves.
func sortBy(names []int32, time func(name int32) int64) {
	moments := make([]moment, len(names))
	for i, name := range names {
		moments[i] = moment{time(name), name}
	}
	sortMoments(moments)
	for i := range moments {
		names[i] = moments[i].name
	}
}

// moment is when something was done: with the value of a name, or by the operation at a position.
type moment struct {
	at   int64
	name int32
}

func sortMoments(moments []moment) {
	slices.SortFunc(moments, func(a, b moment) int {
		if order := before(a.at, b.at); order != 0 {
			return order
		}
		return int(a.name - b.name)
	})
}

// heap has the earliest of some moments at its root.
type heap []moment

func (h *heap) push(m moment) {
	*h = append(*h, m)
	s := *h
	for at := len(s) - 1; at > 0 && s[at].at < s[(at-1)/2].at; at = (at - 1) / 2 {
		s[at], s[(at-1)/2] = s[(at-1)/2], s[at]
	}
}

// pop takes the earliest away.
func (h *heap) pop() moment {
	s := *h
	earliest, last := s[0], len(s)-1
	s[0] = s[last]
	s = s[:last]
	*h = s
	for at := 0; ; {
		child := 2*at + 1
		if child >= last {
			return earliest
		}
		if child+1 < last && s[child+1].at < s[child].at {
			child++
		}
		if s[at].at <= s[child].at {
			return earliest
		}
		s[at], s[child] = s[child], s[at]
		at = child
	}
}
