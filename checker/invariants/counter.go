package invariants

import (
	"cmp"
	"fmt"
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
)

// Counter judges the reads of a counter by bounds: each is at least the sum of the adds that had completed before
// it was invoked, and of the negative ones that may have happened by its end; and at most the sum of all that may
// have happened by its end, and of the negative ones that had completed. If nothing negative is added, no read is
// below one that had completed before. These are necessary, and with ties concurrent; a counter within them need
// not be linearizable.
//
//	c1 |-add 1-|  |-add 1-|
//	c2                        |-read = 1-|     broken: at least 2
//
// Counted: "reads", "too low", "too high" and "went back". It takes O(n log n).
func Counter(operations []history.Operation) Report {
	c := newCounter(of(operations, history.Add))
	if c.problem != "" {
		return undecided(c.problem)
	}
	var reads []history.Operation
	for _, o := range of(operations, history.Read) {
		if o.Outcome == history.Ok {
			reads = append(reads, o)
		}
	}
	var low, high, back int
	var broken *evidence.Finding
	note := func(kind *int, tell func() evidence.Finding) { // the first alone is told: each may take all adds
		*kind++
		if broken == nil {
			found := tell()
			broken = &found
		}
	}
	for _, o := range reads {
		value, isNumber := numberOf(o.Result)
		if !isNumber {
			return undecided(fmt.Sprintf("a read gave %s, which is no number", o.Result))
		}
		least, most := c.bounds(o)
		if value < least {
			note(&low, func() evidence.Finding { return c.tooLow(o, least) })
		}
		if value > most {
			note(&high, func() evidence.Finding { return c.tooHigh(o, most) })
		}
	}
	if !c.negative {
		for _, pair := range wentBack(reads) {
			note(&back, func() evidence.Finding {
				return evidence.Against("a counter that only grows went back", pair[:], pair[1].ID,
					fmt.Sprintf("%s had read %s", evidence.Who(pair[0]), pair[0].Result))
			})
		}
	}
	numbers := []Number{count("reads", len(reads)), count("too low", low), count("too high", high), count("went back", back)}
	switch {
	case broken != nil:
		return Report{*broken, numbers}
	case len(reads) == 0:
		return undecided("no ok read of the counter")
	}
	return Report{evidence.Holding(evidence.Counted(len(reads), "read") + " within the bounds"), numbers}
}

// numberOf is a number, 0 for nothing.
func numberOf(v history.Value) (int64, bool) {
	if v.IsNothing() {
		return 0, true
	}
	return v.AsInteger()
}

// counter has the adds as running sums: of those that had completed by a time, and that were invoked by it.
type counter struct {
	done     []history.Operation // ok adds by completion
	asked    []history.Operation // all by invocation
	doneUp   []int64             // of the first i of done, the sum of the positive ones; one more at the end
	doneDown []int64             // and of the negative ones
	askedUp  []int64
	askDown  []int64
	negative bool
	settle   history.Time // how long before a read an add must have completed to be surely seen
	problem  string
}

func newCounter(adds []history.Operation) *counter {
	c := &counter{asked: adds}
	for _, o := range adds {
		number, isNumber := o.Argument.AsInteger()
		if !isNumber {
			c.problem = fmt.Sprintf("%s was added, which is no number", o.Argument)
		}
		c.negative = c.negative || number < 0
		if o.Outcome == history.Ok {
			c.done = append(c.done, o)
		}
	}
	c.done, c.asked = byCompletion(c.done), byInvocation(c.asked)
	c.doneUp, c.doneDown = sums(c.done)
	c.askedUp, c.askDown = sums(c.asked)
	return c
}

// sums are running sums of the positive and the negative numbers added.
func sums(adds []history.Operation) (up, down []int64) {
	up, down = make([]int64, len(adds)+1), make([]int64, len(adds)+1)
	for i, o := range adds {
		number, _ := o.Argument.AsInteger()
		up[i+1], down[i+1] = up[i]+max(number, 0), down[i]+min(number, 0)
	}
	return up, down
}

// doneBefore and askedBy count adds that had completed before an operation was invoked, and that were invoked by
// its end.
func (c *counter) doneBefore(o history.Operation) int {
	place, _ := slices.BinarySearchFunc(c.done, o.Invoked-c.settle,
		func(add history.Operation, at history.Time) int { return cmp.Compare(add.Completed, at) })
	return place
}

func (c *counter) askedBy(o history.Operation) int {
	place, _ := slices.BinarySearchFunc(c.asked, o.Completed+1,
		func(add history.Operation, at history.Time) int { return cmp.Compare(add.Invoked, at) })
	return place
}

func (c *counter) bounds(o history.Operation) (least, most int64) {
	done, asked := c.doneBefore(o), c.askedBy(o)
	return c.doneUp[done] + c.askDown[asked], c.askedUp[asked] + c.doneDown[done]
}

// tooLow tells of a read below all that was certainly added: with the fewest positive adds that show it, the
// greatest first, and the negative ones that may have happened.
func (c *counter) tooLow(o history.Operation, least int64) evidence.Finding {
	value, _ := numberOf(o.Result)
	return evidence.Against("a counter is too low", c.against(o, 1, value), o.ID,
		fmt.Sprintf("all that had been added and acknowledged makes %d, at the least", least))
}

// tooHigh is the same, the other way round.
func (c *counter) tooHigh(o history.Operation, most int64) evidence.Finding {
	value, _ := numberOf(o.Result)
	return evidence.Against("a counter is too high", c.against(o, -1, -value), o.ID,
		fmt.Sprintf("all adds that may have happened by then make %d, at the most", most))
}

// against are a read, the adds of the other sign that may have happened by its end, and of those that had completed
// as many, the greatest first, as make more than its value. Numbers count times sign.
func (c *counter) against(o history.Operation, sign, value int64) []history.Operation {
	signed := func(add history.Operation) int64 {
		number, _ := add.Argument.AsInteger()
		return sign * number
	}
	operations, sum := []history.Operation{o}, int64(0)
	for _, add := range c.asked[:c.askedBy(o)] {
		if signed(add) < 0 {
			sum += signed(add)
			operations = append(operations, add)
		}
	}
	done := slices.Clone(c.done[:c.doneBefore(o)])
	slices.SortStableFunc(done, func(a, b history.Operation) int { return cmp.Compare(signed(b), signed(a)) })
	for _, add := range done {
		if sum > value {
			break
		}
		sum += signed(add)
		operations = append(operations, add)
	}
	return operations
}

// wentBack are the reads that are below one that had completed before they were invoked, each with that one.
func wentBack(reads []history.Operation) [][2]history.Operation {
	ended := byCompletion(reads)
	reads = byInvocation(reads)
	var found [][2]history.Operation
	var highest *history.Operation
	next := 0
	for _, o := range reads {
		for ; next < len(ended) && ended[next].Completed < o.Invoked; next++ {
			if highest == nil || less(*highest, ended[next]) {
				highest = &ended[next]
			}
		}
		if highest != nil && less(o, *highest) {
			found = append(found, [2]history.Operation{*highest, o})
		}
	}
	return found
}

func less(a, b history.Operation) bool {
	one, _ := numberOf(a.Result)
	other, _ := numberOf(b.Result)
	return one < other
}
