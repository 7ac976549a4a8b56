package consistency

import (
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
)

// breach is why a record does not satisfy a model, told by a few nodes. Culprit is the one that contradicts
// the others, none if it is all of them; but says why.
type breach struct {
	reason  string
	nodes   []int32
	culprit int32
	but     string
}

// judge is a model as a function: a breach, or nil; or why it gave up.
type judge func(r *record) (found *breach, unknown string)

// mostShrinking bounds how many operations are judged to find the fewest: a witness that hangs on very many is
// given as far as it has been shrunk.
const mostShrinking = 20_000_000

// decide judges a record, and makes of a breach the fewest operations that the model forbids by themselves.
func decide(r *record, judge judge, holds string) evidence.Finding {
	found, unknown := judge(r)
	switch {
	case unknown != "":
		return evidence.Undecidable(unknown)
	case found == nil:
		return evidence.Holding(holds)
	}
	breaks := func(operations []history.Operation) (*record, *breach) {
		small, problem := read(operations)
		if problem != nil {
			return nil, nil
		}
		again, _ := judge(small)
		return small, again
	}
	core := r.withWriters(found.nodes)
	if _, again := breaks(core); again == nil {
		core = r.operations
	}
	left := mostShrinking
	core = shrink(core, func(operations []history.Operation) bool {
		if left -= len(operations); left < 0 {
			return false
		}
		_, again := breaks(operations)
		return again != nil
	})
	if small, again := breaks(core); again != nil {
		r, found = small, again
	}
	culprit := none
	if found.culprit != none {
		culprit = r.operations[found.culprit].ID
	}
	return evidence.Against(found.reason, core, culprit, found.but)
}

// withWriters are the operations of some nodes and all that wrote what they saw.
func (r *record) withWriters(nodes []int32) []history.Operation {
	wanted := map[int32]bool{}
	follow := slices.Clone(nodes)
	var operations []history.Operation
	for len(follow) > 0 {
		at := follow[len(follow)-1]
		follow = follow[:len(follow)-1]
		if at == none || wanted[at] {
			continue
		}
		wanted[at] = true
		operations = append(operations, r.operations[at])
		if v := r.nodes[at].sees; v != none {
			follow = append(follow, r.values[v].writer)
		}
	}
	return evidence.InOrder(operations)
}

// shrink takes operations away as long as the rest is still forbidden: half of them at a time, then
// quarters, down to single ones (Zeller and Hildebrandt's ddmin, TSE 2002), each with those that saw what
// it wrote.
func shrink(operations []history.Operation, forbidden func([]history.Operation) bool) []history.Operation {
	for size := max(len(operations)/2, 1); ; {
		shrank := false
		for end := len(operations); end > 0; {
			start := max(end-size, 0)
			rest := withoutOrphans(slices.Concat(operations[:start], operations[end:]), operations[start:end])
			if forbidden(rest) {
				operations, shrank = rest, true
				start = min(start, len(rest))
			}
			end = start
		}
		if size == 1 && !shrank {
			return operations
		}
		size = max(min(size/2, len(operations)/2), 1)
	}
}

// withoutOrphans takes from the rest all that saw what was written by those that are gone.
func withoutOrphans(rest, gone []history.Operation) []history.Operation {
	for len(gone) > 0 {
		orphaned := map[label]bool{}
		keys := map[string]int32{}
		number := func(key string) int32 {
			if _, known := keys[key]; !known {
				keys[key] = int32(len(keys))
			}
			return keys[key]
		}
		for i := range gone {
			if v, writes := written(&gone[i]); writes {
				orphaned[labelOf(number(gone[i].Key), v)] = true
			}
		}
		gone = nil
		kept := make([]history.Operation, 0, len(rest))
		for i := range rest {
			if v, sees := seen(&rest[i]); sees && orphaned[labelOf(number(rest[i].Key), v)] {
				gone = append(gone, rest[i])
				continue
			}
			kept = append(kept, rest[i])
		}
		rest = kept
	}
	return rest
}
