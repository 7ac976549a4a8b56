package checker

import (
	"fmt"
	"slices"

	"cleave/checker/consistency"
	"cleave/checker/evidence"
	"cleave/history"
	"cleave/models"
)

// Atomicity measures how far registers are from atomic, as numbers instead of a verdict. Of all ok reads of every
// side and phase and their sums:
//   - "fresh within 10 ms" and the like: the part of reads whose value had been replaced for no longer than that at
//     their invocation, which is the curve of t-visibility (Bailis et al., PVLDB 2012) as measured, 0 included;
//   - "age p50", "age p99", "age max": how long before its invocation what was read had been written, at least
//     (reads of the initial value aside).
//
// Of the whole run, and of the reads of each side and phase with all writes: "delta-atomicity", the least staleness
// of reads that explains all of them (Golab, Li and Shah, PODC 2011). Of the whole run: "k-atomicity at least" and
// "k-atomicity at most", between which is the least k such that each read sees one of the last k values.
//
// Compare-and-sets count as writes, what they found aside. It judges nothing: Valid means that something was
// measured. Values that were written twice make it Unknown.
type Atomicity struct {
	Functions []history.Function // the reads that are measured
	Writes    []history.Function // what writes: "write", "cas"
}

// freshness are the lengths of time at which the curve is measured, in milliseconds.
var freshness = []int64{0, 1, 10, 100, 1_000, 10_000}

// Name is "atomicity".
func (Atomicity) Name() string { return "atomicity" }

// Check measures.
func (a Atomicity) Check(h *history.History, budget Budget) Result {
	cells, reads, problem := a.collect(h, budget)
	switch {
	case problem != nil:
		return Result{Verdict: Unknown, Reason: problem.Error()}
	case reads == 0:
		return Result{Verdict: Unknown, Reason: "no ok read to measure"}
	}
	writes := plain(chosen(h.Operations, a.Writes))
	all := slices.Concat(writes, chosen(h.Operations, a.Functions))
	_, key, whole := consistency.Delta(evidence.InOrder(all))
	reason := "measured on " + counted(reads, "ok read")
	if whole.State != evidence.Holds {
		reason += "; no delta explains them: " + whole.Reason
	} else if key != "" {
		reason += "; the stalest was of " + key
	}
	result := Result{Verdict: Valid, Reason: reason}
	for _, c := range cells.sorted() {
		result.Measures = append(result.Measures, cells.at(c).measures(c)...)
		if whole.State == evidence.Holds {
			if delta, _, found := consistency.Delta(evidence.InOrder(slices.Concat(writes, cells.at(c).reads))); found.State == evidence.Holds {
				result.Measures = append(result.Measures, c.measure("delta-atomicity", milliseconds(delta), Milliseconds))
			}
		}
	}
	result.Measures = append(result.Measures, versions(all)...)
	return result
}

// plain takes compare-and-sets for writes: what they found is not judged, or they could contradict each other and
// no staleness of reads would explain them.
func plain(writes []history.Operation) []history.Operation {
	for i := range writes {
		if value, isSwap := models.Written(writes[i]); isSwap {
			writes[i].Function, writes[i].Argument = history.Write, value
		}
	}
	return writes
}

// collect takes the reads into their cells.
func (a Atomicity) collect(h *history.History, budget Budget) (*table[ages], int, error) {
	sides, phases := budget.Facts.sidesOf(h), phasesOf(h)
	cells, reads := &table[ages]{}, 0
	dated := Staleness(a)
	for _, key := range h.Keys() {
		line, err := dated.lineOf(h.ByKey(key))
		if err != nil {
			return nil, 0, fmt.Errorf("of key %s: %w", key, err)
		}
		for _, read := range line.reads {
			stale, _ := line.age(read)
			written := line.ended[evidence.Identify(read.Result)]
			side, phase := sides.During(read), phases.at(read.Invoked)
			for _, c := range []cell{{}, {side: side}, {phase: phase}, {side: side, phase: phase}} {
				if c.side != Changing {
					cells.at(c).add(read, stale, written)
				}
			}
		}
		reads += len(line.reads)
	}
	return cells, reads, nil
}

// ages is what was found of the reads of a cell.
type ages struct {
	reads []history.Operation
	stale []history.Time
	old   []history.Time
}

func (a *ages) add(read history.Operation, stale, written history.Time) {
	a.reads = append(a.reads, read)
	a.stale = append(a.stale, stale)
	if written != beginning {
		a.old = append(a.old, max(read.Invoked-written, 0))
	}
}

func (a *ages) measures(c cell) []Measure {
	slices.Sort(a.stale)
	var measures []Measure
	for _, within := range freshness {
		fresh := lastAtMost(a.stale, history.Time(within*1e6)) + 1
		measures = append(measures, c.measure(fmt.Sprintf("fresh within %d ms", within), ratio(fresh, len(a.stale)), Ratio))
	}
	if len(a.old) == 0 {
		return measures
	}
	slices.Sort(a.old)
	return append(measures, c.measure("age p50", milliseconds(quantile(a.old, 50)), Milliseconds),
		c.measure("age p99", milliseconds(quantile(a.old, 99)), Milliseconds),
		c.measure("age max", milliseconds(a.old[len(a.old)-1]), Milliseconds))
}

// versions are the bounds of k.
func versions(operations []history.Operation) []Measure {
	const steps = 100_000
	least, most, found := consistency.Versions(evidence.InOrder(operations), steps)
	if found.State != evidence.Holds {
		return nil
	}
	measures := []Measure{cell{}.measure("k-atomicity at least", float64(least), Count)}
	if most > 0 {
		measures = append(measures, cell{}.measure("k-atomicity at most", float64(most), Count))
	}
	return measures
}
