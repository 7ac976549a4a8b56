package checker

import (
	"cmp"
	"fmt"
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
	"cleave/models"
)

// Staleness measures how old what was read was (Golab, Li and Shah, PODC 2011, per read). A read is
// stale by the time for which, at its invocation, its value had certainly been replaced:
//
//	c1 |--write 1--|  |--write 2--|
//	c2                               |--read 1--|
//	                              ^^^ stale by this much: 2 had been acknowledged
//
// It is behind by the number of writes wholly between the end of the write that it read and its own
// invocation. Both are lower bounds, and 0 for a linearizable read. A write of unknown outcome ends
// when somebody has read its value.
//
// Measured, of all ok reads of every side, phase and function and their sums: the part of "stale
// reads", "staleness p50", "staleness p99", "staleness max" and "versions behind max". It judges nothing: Valid means that something was measured.
// A value that was written twice, or that was read and never written, cannot be dated: Unknown.
type Staleness struct {
	Functions []history.Function // the reads that are measured
	Writes    []history.Function // what writes: "write", "cas"
}

// Name is "staleness".
func (Staleness) Name() string { return "staleness" }

// Check measures.
func (s Staleness) Check(h *history.History, _ Budget) Result {
	sides, phases := NewSides(h), phasesOf(h)
	var ages table[staleness]
	reads := 0
	for _, key := range h.Keys() {
		line, err := s.lineOf(h.ByKey(key))
		if err != nil {
			return Result{Verdict: Unknown, Reason: fmt.Sprintf("of key %s: %v", key, err)}
		}
		for _, read := range line.reads {
			age, behind := line.age(read)
			for _, c := range (cell{sides.During(read), phases.at(read.Invoked), read.Function}).cells() {
				if c.side != Changing {
					ages.at(c).add(age, behind)
				}
			}
		}
		reads += len(line.reads)
	}
	if reads == 0 {
		return Result{Verdict: Unknown, Reason: "no ok read to measure"}
	}
	result := Result{Verdict: Valid, Reason: "measured on " + counted(reads, "ok read")}
	for _, c := range ages.sorted() {
		result.Measures = append(result.Measures, ages.at(c).measures(c)...)
	}
	return result
}

// ReadAge is how out of date one ok read was.
type ReadAge struct {
	Operation history.Operation
	Age       history.Time // for how long, at least, what it gave had been replaced when it was asked; 0 if it had not
	Behind    int          // by how many writes in turn
}

// Ages are the ok reads one by one, key after key, as Check counts them together. It errs where Check is Unknown because
// a value cannot be dated.
func (s Staleness) Ages(h *history.History) ([]ReadAge, error) {
	var ages []ReadAge
	for _, key := range h.Keys() {
		line, err := s.lineOf(h.ByKey(key))
		if err != nil {
			return nil, fmt.Errorf("of key %s: %w", key, err)
		}
		for _, read := range line.reads {
			age, behind := line.age(read)
			ages = append(ages, ReadAge{read, age, behind})
		}
	}
	return ages, nil
}

// staleness is what was found of the reads of a cell.
type staleness struct {
	ages   []history.Time
	stale  int
	behind int
}

func (s *staleness) add(age history.Time, behind int) {
	s.ages = append(s.ages, age)
	if age > 0 {
		s.stale++
	}
	s.behind = max(s.behind, behind)
}

func (s *staleness) measures(c cell) []Measure {
	slices.Sort(s.ages)
	return []Measure{
		c.measure("stale reads", ratio(s.stale, len(s.ages)), Ratio),
		c.measure("staleness p50", milliseconds(quantile(s.ages, 50)), Milliseconds),
		c.measure("staleness p99", milliseconds(quantile(s.ages, 99)), Milliseconds),
		c.measure("staleness max", milliseconds(s.ages[len(s.ages)-1]), Milliseconds),
		c.measure("versions behind max", float64(s.behind), Count),
	}
}

// timeline is the writes of a key, and its reads.
type timeline struct {
	reads   []history.Operation
	ended   map[evidence.Identity]history.Time // when the write of a value had certainly happened
	invoked []history.Time                     // of all writes, sorted
	replace []history.Time                     // at the same position: the earliest end of the writes from there on
	spans   *spans
}

// lineOf sorts the operations on a key. It errs if a value cannot be dated.
func (s Staleness) lineOf(operations []history.Operation) (*timeline, error) {
	var writes []history.Operation
	line := &timeline{ended: map[evidence.Identity]history.Time{evidence.Identify(history.Nothing): beginning}}
	for _, operation := range operations {
		switch {
		case operation.Outcome == history.Ok && slices.Contains(s.Functions, operation.Function):
			line.reads = append(line.reads, operation)
		case operation.Outcome != history.Fail && slices.Contains(s.Writes, operation.Function):
			writes = append(writes, operation)
		}
	}
	for _, write := range writes {
		value, isWrite := models.Written(write)
		if !isWrite {
			return nil, fmt.Errorf("%s writes nothing that a register can hold", write.Function)
		}
		if _, again := line.ended[evidence.Identify(value)]; again {
			return nil, fmt.Errorf("%s was written twice, so that its age cannot be told", value)
		}
		line.ended[evidence.Identify(value)] = write.Completed
	}
	if err := line.seen(writes); err != nil {
		return nil, err
	}
	line.index(writes)
	return line, nil
}

// seen ends every write when its value had been seen, if that is earlier.
func (l *timeline) seen(writes []history.Operation) error {
	for _, operations := range [][]history.Operation{l.reads, writes} {
		for _, operation := range operations {
			value, sees := models.Observed(operation)
			if !sees {
				continue
			}
			id := evidence.Identify(value)
			ended, known := l.ended[id]
			if !known {
				return fmt.Errorf("%s was read, which nobody wrote", value)
			}
			l.ended[id] = min(ended, operation.Completed)
		}
	}
	return nil
}

// index makes the writes searchable by time.
func (l *timeline) index(writes []history.Operation) {
	slices.SortStableFunc(writes, func(a, b history.Operation) int { return cmp.Compare(a.Invoked, b.Invoked) })
	l.invoked, l.replace = make([]history.Time, len(writes)), make([]history.Time, len(writes))
	ends := make([]history.Time, len(writes))
	earliest := history.Forever
	for i := len(writes) - 1; i >= 0; i-- {
		value, _ := models.Written(writes[i])
		ends[i] = l.ended[evidence.Identify(value)]
		earliest = min(earliest, ends[i])
		l.invoked[i], l.replace[i] = writes[i].Invoked, earliest
	}
	l.spans = newSpans(l.invoked, ends)
}

// age is for how long, at least, what was read had been replaced, and by how many writes in turn.
func (l *timeline) age(read history.Operation) (age history.Time, behind int) {
	written := l.ended[evidence.Identify(read.Result)]
	later := lastAtMost(l.invoked, written) + 1
	if later < len(l.invoked) && l.replace[later] < read.Invoked {
		age = read.Invoked - l.replace[later]
	}
	return age, l.spans.within(written, read.Invoked)
}
