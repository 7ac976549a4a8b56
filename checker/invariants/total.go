package invariants

import (
	"fmt"

	"cleave/checker/evidence"
	"cleave/history"
)

// Total judges the reads of a counter that comes to be right, by and by. Every read is one of what some of the adds that
// had been asked for by its end make: not above the sum of the positive ones, nor below that of the negative ones. And those
// that are final are the sum of all adds that had completed a time, settle, before they were invoked, and of some of the
// others that had been asked for by their end, those of unknown outcome among them.
//
//	c1 |-add 1-|  |-add 1-|      settle
//	c2                         |........|-read = 1-|     broken, if it is final: 2
//
// Counted: "reads", "final reads" and "of unknown outcome", adds. It takes O(n log n), and for each final read as long as the
// sums that are possible are many.
func Total(operations []history.Operation, final func(read history.Operation) bool, settle history.Time) Report {
	c := newCounter(of(operations, history.Add))
	if c.problem != "" {
		return undecided(c.problem)
	}
	c.settle = settle
	reads, finals := 0, 0
	for _, o := range of(operations, history.Read) {
		if o.Outcome != history.Ok {
			continue
		}
		value, isNumber := numberOf(o.Result)
		if !isNumber {
			return undecided(fmt.Sprintf("a read gave %s, which is no number", o.Result))
		}
		reads++
		found := c.invented(o, value)
		if found == nil && final(o) {
			finals++
			found = c.unsettled(o, value)
		}
		if found != nil {
			return Report{Finding: *found}
		}
	}
	if finals == 0 {
		return undecided("no final read of the counter")
	}
	numbers := []Number{count("reads", reads), count("final reads", finals), count("of unknown outcome", len(c.asked)-len(c.done))}
	return Report{evidence.Holding(fmt.Sprintf("%s, of which %d final: those are the sum", evidence.Counted(reads, "read"), finals)), numbers}
}

// invented tells of a read beyond all that had been asked for.
func (c *counter) invented(o history.Operation, value int64) *evidence.Finding {
	asked := c.askedBy(o)
	if least, most := c.askDown[asked], c.askedUp[asked]; value < least || value > most {
		found := evidence.Against("a counter is beyond what was asked for", []history.Operation{o}, o.ID,
			fmt.Sprintf("all adds that had been asked for by then make %d to %d", least, most))
		return &found
	}
	return nil
}

// unsettled tells of a final read that is not what the adds make.
func (c *counter) unsettled(o history.Operation, value int64) *evidence.Finding {
	var found evidence.Finding
	switch least, most := c.bounds(o); {
	case value < least:
		found = c.tooLow(o, least)
	case value > most:
		found = c.tooHigh(o, most)
	case !c.possible(o)[value]:
		found = evidence.Against("a counter is what no adds make", []history.Operation{o}, o.ID,
			fmt.Sprintf("the adds that are certain make %d, and no choice of the others makes the rest", c.certain(o)))
	default:
		return nil
	}
	return &found
}

// certain is the sum of the adds that a read must have.
func (c *counter) certain(o history.Operation) int64 {
	done := c.doneBefore(o)
	return c.doneUp[done] + c.doneDown[done]
}

// mostSums bounds the sums that are told apart.
const mostSums = 1 << 16

// possible are the sums that a read may show; where they are too many, all between the bounds count as such.
func (c *counter) possible(o history.Operation) map[int64]bool {
	sums := map[int64]bool{c.certain(o): true}
	if least, most := c.bounds(o); most-least >= mostSums {
		value, _ := numberOf(o.Result)
		return map[int64]bool{value: true}
	}
	for _, add := range c.asked[:c.askedBy(o)] {
		if add.Completed < o.Invoked-c.settle && add.Outcome == history.Ok {
			continue
		}
		number, _ := add.Argument.AsInteger()
		more := make([]int64, 0, len(sums))
		// order does not matter: they go into a set
		for sum := range sums {
			more = append(more, sum+number)
		}
		for _, sum := range more {
			sums[sum] = true
		}
	}
	return sums
}
