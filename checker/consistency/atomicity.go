package consistency

import (
	"cmp"
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
)

// Beginning is before every time.
const beginning = -history.Forever - 1

// Delta is the least length of time by which the invocations of all reads must move back for the history of
// registers to be linearizable (Golab, Li and Shah, PODC 2011: Δ-atomicity): no read was staler than that, and
// some read, or pair of reads, was as stale. Of several keys it is the greatest, which the key returned is of.
//
//	c1 |-write 1-|  |-write 2-|
//	c2                          |-read 1-|     Δ is from the end of write 2 to the invocation of the read
//	                          ^^^
//
// If the finding is undecided, values were not unique; if it is broken, no length is enough: writes contradict
// each other, or what was read was yet to be written. It takes O(n log n log Δ).
func Delta(operations []history.Operation) (delta history.Time, key string, found evidence.Finding) {
	r, problem := read(operations)
	if problem != nil {
		return 0, "", *problem
	}
	if breach := r.forked(); breach != nil {
		return 0, "", evidence.Finding{State: evidence.Broken, Reason: breach.reason}
	}
	for _, line := range r.lines() {
		if !line.atomic(forMuch) {
			return 0, r.keys[line.key], evidence.Finding{State: evidence.Broken, Key: r.keys[line.key],
				Reason: "no staleness of reads explains what was written and read"}
		}
		if line.atomic(delta) {
			continue
		}
		key = r.keys[line.key]
		delta += leastAbove(func(more history.Time) bool { return line.atomic(delta + more) })
	}
	return delta, key, evidence.Holding("a least staleness explains every read")
}

// forMuch is a longer time than any history takes.
const forMuch = history.Forever / 4

// leastAbove is the least number above 0 for which a test holds, given that it holds for all above one for which
// it does, and for forMuch.
func leastAbove(holds func(history.Time) bool) history.Time {
	high := history.Time(1)
	for high < forMuch && !holds(high) {
		high *= 2
	}
	for low := high / 2; low+1 < high; {
		if middle := low + (high-low)/2; holds(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// line is the chains of one key in the order in which each had certainly begun: see zones in package checker,
// whose judgement this is, as a function of how far reads may move back.
type line struct {
	*record
	key    int32
	chains []chain
}

// chain is a value and what compare-and-sets made of it: its operations in groups, each of which comes before
// the next: the write, its reads, the swap, its reads, ...
type chain struct {
	groups    [][]int32
	completed history.Time // the earliest of all; the beginning of time for the initial value
}

// lines are the keys, in order.
func (r *record) lines() []line {
	lines := make([]line, len(r.keys))
	for i := range lines {
		lines[i] = line{record: r, key: int32(i)}
	}
	for i := range r.values {
		if v := &r.values[i]; v.root == int32(i) {
			lines[v.key].chains = append(lines[v.key].chains, r.chainFrom(int32(i)))
		}
	}
	for i := range lines {
		slices.SortStableFunc(lines[i].chains, func(a, b chain) int { return cmp.Compare(a.completed, b.completed) })
	}
	return lines
}

func (r *record) chainFrom(root int32) chain {
	c := chain{completed: history.Forever}
	if r.initial(root) {
		c.completed = beginning
	}
	for v := root; ; {
		value := &r.values[v]
		if value.writer != none {
			c.groups = append(c.groups, []int32{value.writer})
		}
		if len(value.readers) > 0 {
			c.groups = append(c.groups, value.readers)
		}
		if len(value.swaps) == 0 {
			break
		}
		v = r.nodes[value.swaps[0]].writes
	}
	for _, group := range c.groups {
		for _, at := range group {
			c.completed = min(c.completed, r.operations[at].Completed)
		}
	}
	return c
}

// atomic tells whether the key is linearizable once its reads are invoked so much earlier.
func (l *line) atomic(delta history.Time) bool {
	type zone struct{ completed, invoked history.Time }
	var forward, backward []zone // forward ones in order
	for i := range l.chains {
		invoked, fits := l.invoked(&l.chains[i], delta)
		if !fits {
			return false
		}
		z := zone{l.chains[i].completed, invoked}
		switch last := len(forward) - 1; {
		case z.completed >= z.invoked:
			backward = append(backward, z)
		case last >= 0 && z.completed < forward[last].invoked:
			return false
		default:
			forward = append(forward, z)
		}
	}
	for _, inner := range backward {
		after, _ := slices.BinarySearchFunc(forward, inner.invoked, func(z zone, at history.Time) int { return cmp.Compare(z.completed, at) })
		if after > 0 && inner.completed < forward[after-1].invoked {
			return false
		}
	}
	return true
}

// invoked is the latest invocation of a chain, unless one of its operations had completed before another one
// was invoked that must come before it.
func (l *line) invoked(c *chain, delta history.Time) (latest history.Time, fits bool) {
	latest = beginning
	for _, group := range c.groups {
		before := latest
		for _, at := range group {
			o := &l.operations[at]
			if o.Completed < before {
				return 0, false
			}
			invoked := o.Invoked
			if l.nodes[at].writes == none {
				invoked -= delta
			}
			latest = max(latest, invoked)
		}
	}
	return latest, true
}
