package checker

import (
	"slices"

	"cleave/history"
)

// shrink takes operations away as long as the rest is still illegal: half of them at a time, then
// quarters, down to single ones (Zeller and Hildebrandt's ddmin, TSE 2002). Whoever saw a value
// goes with its writer, or the rest would be illegal for another reason. From the result no operation can be taken.
func shrink(operations []history.Operation, illegal func([]history.Operation) bool) []history.Operation {
	fewest := operations
	for size := max(len(fewest)/2, 1); ; {
		smaller, shrank := shrinkBy(fewest, size, illegal)
		fewest = smaller
		switch {
		case size == 1 && !shrank:
			return fewest
		case size > 1:
			size = max(min(size/2, len(fewest)/2), 1)
		}
	}
}

// shrinkBy tries to take away each stretch of a size, the last first: what came first explains more.
func shrinkBy(operations []history.Operation, size int, illegal func([]history.Operation) bool) ([]history.Operation, bool) {
	shrank := false
	for end := len(operations); end > 0; {
		start := max(end-size, 0)
		candidate := withoutOrphans(operations, slices.Concat(operations[:start], operations[end:]))
		if len(candidate) < len(operations) && illegal(candidate) {
			operations, shrank = candidate, true
			start = min(start, len(operations))
		}
		end = start
	}
	return operations, shrank
}

// withoutOrphans takes from some of the operations those that saw a value whose writer is among all
// operations but not among these.
func withoutOrphans(all, some []history.Operation) []history.Operation {
	before, _ := writersOf(all)
	for {
		left, _ := writersOf(some)
		kept := make([]history.Operation, 0, len(some))
		for i := range some {
			value, sees := seen(some[i])
			if sees {
				id := identify(value)
				if before.of(id) != noWriter && left.of(id) == noWriter {
					continue
				}
			}
			kept = append(kept, some[i])
		}
		if len(kept) == len(some) {
			return kept
		}
		some = kept
	}
}

// withWriters are the operations at some positions and all that wrote what they saw, in order.
// Positions below 0 are none.
func withWriters(operations []history.Operation, positions []int) []history.Operation {
	found, _ := writersOf(operations)
	wanted := make([]bool, len(operations))
	follow := slices.Clone(positions)
	for len(follow) > 0 {
		position := follow[len(follow)-1]
		follow = follow[:len(follow)-1]
		if position < 0 || wanted[position] {
			continue
		}
		wanted[position] = true
		if value, sees := seen(operations[position]); sees {
			follow = append(follow, found.of(identify(value)))
		}
	}
	var result []history.Operation
	for i := range operations {
		if wanted[i] {
			result = append(result, operations[i])
		}
	}
	return result
}
