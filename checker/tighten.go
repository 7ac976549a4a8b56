package checker

import (
	"slices"

	"cleave/history"
	"cleave/models"
)

// identity is a value as a map key.
type identity struct {
	integer bool
	number  int64
	other   string // the value as JSON, if it is no integer
}

// nothing is the identity of the initial value.
var nothing = identify(history.Nothing)

func identify(value history.Value) identity {
	if number, isInteger := value.AsInteger(); isInteger {
		return identity{integer: true, number: number}
	}
	text, _ := value.MarshalJSON() // never errs
	return identity{other: string(text)}
}

// noWriter and manyWriters are no positions: of a value that nobody wrote, and of one that several
// operations wrote, or that was there at the start.
const (
	noWriter    = -1
	manyWriters = -2
)

// writers tells who wrote a value.
type writers map[identity]int

func (w writers) of(value identity) int {
	if position, written := w[value]; written {
		return position
	}
	return noWriter
}

// writersOf finds the writer of each value. Unique tells that no value was written twice, nor the
// initial one at all.
func writersOf(operations []history.Operation) (found writers, unique bool) {
	found, unique = make(writers, len(operations)), true
	for i := range operations {
		value, writes := models.Written(operations[i])
		if !writes {
			continue
		}
		id := identify(value)
		if _, again := found[id]; again || id == nothing {
			found[id], unique = manyWriters, false
			continue
		}
		found[id] = i
	}
	return found, unique
}

// observedOnly tells which operations to keep when no value was written twice: those that certainly
// happened, and those of unknown outcome whose value was seen, by others or by one that is kept. What
// nobody saw need not have happened: without answers that say what a register does not hold, nothing
// depends on it.
func observedOnly(operations []history.Operation, found writers) []bool {
	keep := make([]bool, len(operations))
	follow := make([]int, 0, len(operations)) // kept, and what it saw is yet to be looked at
	for i := range operations {
		if operations[i].Outcome == history.Ok {
			keep[i] = true
			follow = append(follow, i)
		}
	}
	for len(follow) > 0 {
		last := follow[len(follow)-1]
		follow = follow[:len(follow)-1]
		value, sees := seen(operations[last])
		if !sees {
			continue
		}
		if writer := found.of(identify(value)); writer >= 0 && !keep[writer] {
			keep[writer] = true
			follow = append(follow, writer)
		}
	}
	return keep
}

// seen is the value that an operation found, given that it took effect.
func seen(operation history.Operation) (history.Value, bool) {
	if expected, isSwap := models.Expected(operation); isSwap {
		return expected, true
	}
	return models.Observed(operation)
}

// tighten gives register operations with intervals as short as is certain: the only writer of a value
// took effect before whoever saw it, so
//
//	write |------------------ ?        write |----------|
//	read     |-----| value        =>   read     |-------|   (the read starts no earlier than the write)
//
// and it leaves out writes of unknown outcome that nobody saw, if every written value is different.
// What is left is linearizable exactly if the whole is, and takes a search far less.
func tighten(operations []history.Operation) []history.Operation {
	found, unique := writersOf(operations)
	tight := slices.Clone(operations)
	for i := range operations {
		value, sees := models.Observed(operations[i])
		if !sees {
			continue
		}
		if writer := found.of(identify(value)); writer >= 0 && writer != i {
			tight[writer].Completed = min(tight[writer].Completed, operations[i].Completed)
			tight[i].Invoked = max(tight[i].Invoked, operations[writer].Invoked)
		}
	}
	for i := range tight {
		if tight[i].Invoked > tight[i].Completed {
			return operations // a value was seen before anybody asked to write it: leave it to the search
		}
	}
	if !unique {
		return tight
	}
	keep := observedOnly(operations, found)
	kept := tight[:0]
	for i := range tight {
		if keep[i] {
			kept = append(kept, tight[i])
		}
	}
	return kept
}
