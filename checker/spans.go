package checker

import (
	"cmp"
	"slices"
	"sort"

	"cleave/history"
)

// spans counts the intervals that lie wholly within another: a tree over the intervals in order of
// their start, in which each node holds the ends below it, sorted (a merge sort tree). It takes
// O(n log² n) to build and O(log² n) to ask.
type spans struct {
	starts []history.Time
	levels [][]history.Time // ends; at level k sorted in blocks of 2^k
}

// newSpans takes intervals, their starts sorted.
func newSpans(starts, ends []history.Time) *spans {
	s := &spans{starts: starts, levels: [][]history.Time{slices.Clone(ends)}}
	for size := 2; size/2 < len(ends); size *= 2 {
		level := slices.Clone(s.levels[len(s.levels)-1])
		for from := 0; from < len(level); from += size {
			slices.SortFunc(level[from:min(from+size, len(level))], cmp.Compare[history.Time])
		}
		s.levels = append(s.levels, level)
	}
	return s
}

// within counts the intervals that start after one instant and end before another.
func (s *spans) within(after, before history.Time) int {
	count := 0
	for from := lastAtMost(s.starts, after) + 1; from < len(s.starts); {
		level := 0
		for level+1 < len(s.levels) && from%(2<<level) == 0 && from+(2<<level) <= len(s.starts) {
			level++
		}
		block := s.levels[level][from:min(from+(1<<level), len(s.starts))]
		count += sort.Search(len(block), func(i int) bool { return block[i] >= before })
		from += 1 << level
	}
	return count
}
