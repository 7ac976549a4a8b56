package invariants

import (
	"cmp"
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
)

// Report is what was found of an invariant of one object, and what was counted on the way.
type Report struct {
	evidence.Finding
	Numbers []Number
}

// Number is a count, or a length of time.
type Number struct {
	Name   string // e.g. "lost", "overlap max"
	Count  int
	Length history.Time
	IsTime bool // Length counts, in nanoseconds; otherwise Count does
}

func count(name string, number int) Number { return Number{Name: name, Count: number} }

func length(name string, of history.Time) Number {
	return Number{Name: name, Length: of, IsTime: true}
}

// quantiles are the 50 %, 99 % and greatest of some lengths of time, by nearest rank; none of none.
func quantiles(name string, of []history.Time) []Number {
	if len(of) == 0 {
		return nil
	}
	slices.Sort(of)
	at := func(percent int) history.Time { return of[max((len(of)*percent+99)/100, 1)-1] }
	return []Number{length(name+" p50", at(50)), length(name+" p99", at(99)), length(name+" max", at(100))}
}

func undecided(reason string) Report { return Report{Finding: evidence.Undecidable(reason)} }

// byInvocation and byCompletion are the operations in order; those that are in order already are not copied.
func byInvocation(operations []history.Operation) []history.Operation {
	return sorted(operations, func(o *history.Operation) history.Time { return o.Invoked })
}

func byCompletion(operations []history.Operation) []history.Operation {
	return sorted(operations, func(o *history.Operation) history.Time { return o.Completed })
}

func sorted(operations []history.Operation, at func(*history.Operation) history.Time) []history.Operation {
	type place struct {
		at           history.Time
		id, position int
	}
	places := make([]place, len(operations)) // operations are large: their places are sorted
	for i := range operations {
		places[i] = place{at(&operations[i]), operations[i].ID, i}
	}
	before := func(a, b place) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id)) }
	if slices.IsSortedFunc(places, before) {
		return operations
	}
	slices.SortFunc(places, before)
	order := make([]history.Operation, len(operations))
	for i, p := range places {
		order[i] = operations[p.position]
	}
	return order
}

// of are the operations with a function that did not fail.
func of(operations []history.Operation, functions ...history.Function) []history.Operation {
	var found []history.Operation
	for i := range operations {
		if operations[i].Outcome != history.Fail && slices.Contains(functions, operations[i].Function) {
			found = append(found, operations[i])
		}
	}
	return found
}
