package checker

import (
	"cmp"
	"slices"

	"cleave/history"
)

// cell is what a number is about: a side, a phase and a function, "" for all.
type cell struct {
	side     Side
	phase    history.Phase
	function history.Function
}

// cells are the cells that an operation counts in: its own, and those that sum over it.
func (c cell) cells() [6]cell {
	return [6]cell{{}, {side: c.side}, {phase: c.phase}, {function: c.function}, {side: c.side, phase: c.phase}, c}
}

// compare orders cells: the sums first, then by side, phase and function.
func (c cell) compare(other cell) int {
	return cmp.Or(cmp.Compare(c.side.order(), other.side.order()), cmp.Compare(phaseOrder(c.phase), phaseOrder(other.phase)),
		cmp.Compare(c.phase, other.phase), cmp.Compare(c.function, other.function))
}

func phaseOrder(phase history.Phase) int {
	return slices.Index([]history.Phase{"", history.Warmup, history.Faults, history.Quiet}, phase)
}

// measure makes a Measure of a number in a cell.
func (c cell) measure(name string, value float64, unit Unit) Measure {
	return Measure{Name: name, Side: string(c.side), Phase: string(c.phase), Function: c.function, Value: value, Unit: unit}
}

// table collects something for each cell.
type table[T any] struct {
	entries map[cell]*T
	order   []cell
}

// at is the entry of a cell, made when first asked for.
func (t *table[T]) at(c cell) *T {
	if t.entries == nil {
		t.entries = map[cell]*T{}
	}
	entry, known := t.entries[c]
	if !known {
		entry = new(T)
		t.entries[c] = entry
		t.order = append(t.order, c)
	}
	return entry
}

// sorted are the cells, in order.
func (t *table[T]) sorted() []cell {
	slices.SortFunc(t.order, cell.compare)
	return t.order
}

// quantile is the nearest-rank quantile: the smallest sample such that at least percent of all samples
// are no greater. The samples must be sorted and not empty; percent is from 1 to 100.
func quantile[T cmp.Ordered](sorted []T, percent int) T {
	rank := (len(sorted)*percent + 99) / 100
	return sorted[max(rank, 1)-1]
}

// milliseconds is a length of time as measures have it.
func milliseconds(length history.Time) float64 { return float64(length) / 1e6 }

// ratio is part of whole. The whole must not be 0.
func ratio(part, whole int) float64 { return float64(part) / float64(whole) }

// phases tells which phase an instant falls into.
type phases struct {
	from  []history.Time
	phase []history.Phase
}

func phasesOf(h *history.History) phases {
	p := phases{from: []history.Time{beginning}, phase: []history.Phase{history.Warmup}}
	for i := range h.Events {
		if h.Events[i].Type == history.PhaseEvent {
			p.from = append(p.from, h.Events[i].Time)
			p.phase = append(p.phase, h.Events[i].Phase)
		}
	}
	return p
}

func (p phases) at(instant history.Time) history.Phase {
	return p.phase[lastAtMost(p.from, instant)]
}

// lastAtMost is the last position of a sorted list whose element is not above a limit, -1 if none is.
func lastAtMost(sorted []history.Time, limit history.Time) int {
	low, high := 0, len(sorted)
	for low < high {
		if middle := (low + high) / 2; sorted[middle] <= limit {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low - 1
}
