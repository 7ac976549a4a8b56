package shrink

import "slices"

// minimise takes away as many of n items as it can: halves, then quarters, down to single ones (Zeller and
// Hildebrandt's ddmin, TSE 2002), the last first, since what comes first explains more. It gives the
// positions that stay, of which none can be taken alone if stretches of least one were tried, unless first
// ended early.
//
// first is asked for the first of a number of candidates that still fails, -1 if none does; it may try
// several at a time.
func minimise(n, least int, first func(count int, candidate func(int) []int) int) []int {
	kept := make([]int, n)
	for i := range kept {
		kept[i] = i
	}
	for size := (n + 1) / 2; size >= least; {
		before := len(kept)
		kept = sweep(kept, size, first)
		switch {
		case size > least:
			size = min(max(size/2, least), max(len(kept)/2, 1))
		case len(kept) == before:
			return kept
		}
	}
	return kept
}

// sweep tries once to take away each stretch of a size.
func sweep(kept []int, size int, first func(int, func(int) []int) int) []int {
	for end := len(kept); end > 0; {
		stretch := func(i int) (from, to int) { return max(end-(i+1)*size, 0), end - i*size }
		found := first((end+size-1)/size, func(i int) []int {
			from, to := stretch(i)
			return slices.Concat(kept[:from], kept[to:])
		})
		if found < 0 {
			return kept
		}
		from, to := stretch(found)
		kept, end = slices.Concat(kept[:from], kept[to:]), from
	}
	return kept
}
