package checker

import (
	"slices"

	"cleave/checker/engine"
	"cleave/checker/evidence"
	"cleave/history"
	"cleave/models"
)

// shrink takes operations away as long as the rest is still illegal: half of them at a time, then
// quarters, down to single ones (Zeller and Hildebrandt's ddmin, TSE 2002). Reduced takes from the rest what
// means nothing without those that are gone. From the result no operation can be taken.
func shrink(operations []history.Operation, reduced func(all, some []history.Operation) []history.Operation,
	illegal func([]history.Operation) bool) []history.Operation {
	fewest := operations
	for size := max(len(fewest)/2, 1); ; {
		smaller := shrinkBy(fewest, size, reduced, illegal)
		shrank := len(smaller) < len(fewest)
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
func shrinkBy(operations []history.Operation, size int, reduced func(all, some []history.Operation) []history.Operation,
	illegal func([]history.Operation) bool) []history.Operation {
	for end := len(operations); end > 0; {
		start := max(end-size, 0)
		candidate := reduced(operations, slices.Concat(operations[:start], operations[end:]))
		if len(candidate) < len(operations) && illegal(candidate) {
			operations = candidate
			start = min(start, len(operations))
		}
		end = start
	}
	return operations
}

// withoutOrphans takes from some of the operations those that need a value which somebody among all operations
// brings, but nobody among these.
func withoutOrphans(model models.Model) func(all, some []history.Operation) []history.Operation {
	return func(all, some []history.Operation) []history.Operation {
		if model.Brings == nil || model.Needs == nil {
			return some
		}
		before := brought(model, all)
		for {
			left := brought(model, some)
			kept := make([]history.Operation, 0, len(some))
			for i := range some {
				orphan := slices.ContainsFunc(model.Needs(some[i]), func(value history.Value) bool {
					id := evidence.Identify(value)
					return before[id] && !left[id]
				})
				if !orphan {
					kept = append(kept, some[i])
				}
			}
			if len(kept) == len(some) {
				return kept
			}
			some = kept
		}
	}
}

// brought are the values that operations bring.
func brought(model models.Model, operations []history.Operation) map[evidence.Identity]bool {
	values := make(map[evidence.Identity]bool, len(operations))
	for i := range operations {
		for _, value := range model.Brings(operations[i]) {
			values[evidence.Identify(value)] = true
		}
	}
	return values
}

// withWriters are the operations at some positions and all that brought what they need, in order.
func withWriters(model models.Model, operations []history.Operation, positions []int) []history.Operation {
	writers := make(map[evidence.Identity]int, len(operations))
	for i := range operations {
		for _, value := range model.Brings(operations[i]) {
			writers[evidence.Identify(value)] = i
		}
	}
	wanted := make([]bool, len(operations))
	follow := slices.Clone(positions)
	for len(follow) > 0 {
		position := follow[len(follow)-1]
		follow = follow[:len(follow)-1]
		if wanted[position] {
			continue
		}
		wanted[position] = true
		for _, value := range model.Needs(operations[position]) {
			if writer, known := writers[evidence.Identify(value)]; known {
				follow = append(follow, writer)
			}
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

// stuckOnes are the fewest operations that a search finds invalid, given one that cannot complete after those
// before it. Taking an operation away must not make a contradiction that is none: a queue without one of its
// dequeues is another queue. So those taken away stay as operations of unknown outcome, which in their time can
// do what they did, or anything else, or nothing. What is invalid in spite of them is invalid by itself, and
// makes the whole invalid.
func (l Linearizable) stuckOnes(operations []history.Operation, stuck history.Operation, limit limit) []history.Operation {
	illegal := func(all, some []history.Operation) bool {
		bounds := engine.Bounds{Time: limit.left(), Memory: limit.memory, Configurations: shrinkingEach}
		return engine.Check(l.Model, loosenedBut(all, some), bounds).Verdict == engine.Invalid
	}
	all := until(operations, stuck.Completed)
	if !illegal(all, all) {
		all = operations
	}
	return shrink(all, withoutOrphans(l.Model), func(some []history.Operation) bool { return illegal(all, some) })
}

// until are the operations invoked by a time, those not complete by then loosened: what came later cannot help
// them.
func until(operations []history.Operation, time history.Time) []history.Operation {
	var early []history.Operation
	for _, operation := range operations {
		if operation.Invoked > time {
			continue
		}
		if operation.Completed > time {
			operation = loosened(operation)
			operation.Completed = history.Forever
		}
		early = append(early, operation)
	}
	return early
}

// shrinkingEach bounds the configurations of each search by which a witness is made smaller, so that it is the
// same on a fast machine and on a slow one.
const shrinkingEach = 20_000

// loosened is an operation as if nobody had learnt its outcome.
func loosened(operation history.Operation) history.Operation {
	operation.Outcome, operation.Result = history.Info, history.Nothing
	return operation
}

// loosenedBut loosens all but some operations, which are in the same order.
func loosenedBut(all, some []history.Operation) []history.Operation {
	result := make([]history.Operation, len(all))
	for i := range all {
		if len(some) > 0 && some[0].ID == all[i].ID {
			result[i], some = some[0], some[1:]
		} else {
			result[i] = loosened(all[i])
		}
	}
	return result
}
