package linear

import (
	"math"
	"slices"
)

// counter is what is known of a counter: its increases and its reads.
type counter struct {
	operations []Operation
	increases  []int32 // positions, by call
	reads      []int32 // positions
}

// checkCounter judges a counter. It is exact if all increases are by the same amount; or if they are all up,
// or all down, and happened one after the other. Of other increases it finds only reads that are out of
// all bounds: which of them make up a sum is as hard as any search.
func checkCounter(operations []Operation) Answer {
	c := &counter{operations: operations}
	largest := int64(math.MaxInt64) / int64(len(operations)+1)
	for i := range operations {
		o := &operations[i]
		switch {
		case o.Kind == Read:
			c.reads = append(c.reads, int32(i))
		case o.Value > largest || o.Value < -largest:
			return unsuited("operation %d increases by so much that sums overflow", int64(i))
		case o.Value != 0:
			c.increases = append(c.increases, int32(i))
		}
	}
	byCall(operations, c.increases)
	if amount, same := c.amount(); same {
		return c.steps(amount)
	}
	if answer, found := c.bounds(); found {
		return answer
	}
	if c.oneByOne() {
		return c.sums()
	}
	return unsuited("the %d increases are by different amounts, and some at the same time", int64(len(c.increases)))
}

// amount is that of all increases, if they have the same. That of none is 1.
func (c *counter) amount() (int64, bool) {
	if len(c.increases) == 0 {
		return 1, true
	}
	amount := c.operations[c.increases[0]].Value
	for _, position := range c.increases {
		if c.operations[position].Value != amount {
			return 0, false
		}
	}
	return amount, true
}

// steps judges increases by one amount: values are then numbers of increases.
func (c *counter) steps(amount int64) Answer {
	for _, position := range c.reads {
		if value := c.operations[position].Value; value%amount != 0 || value/amount < 0 {
			answer := invalid(NotMultiple, int(position))
			answer.Count = amount
			return answer
		}
	}
	tally := c.tally(c.reads, amount)
	answer := tally.answer
	if answer.Verdict == Invalid && answer.Reason == TooLow {
		others := c.needed(tally, amount)
		if len(others) == 0 {
			others = c.acknowledged(&c.operations[answer.Roles[0]], amount)
		}
		answer.Roles = append(answer.Roles, others...)
	}
	answer.Count *= amount
	return answer
}

// needed are the fewest of the reads that had to be counted on which contradict a later one.
func (c *counter) needed(t *tally, amount int64) []int {
	last := int32(t.answer.Roles[0])
	broken := func(reads []int32) bool { return c.tally(reads, amount).answer.Verdict == Invalid }
	slices.Reverse(t.forced) // the latest is the likeliest
	reads := append([]int32{last}, t.forced...)
	for few := 1; few <= min(2, len(reads)); few++ {
		if broken(reads[:few]) {
			reads = reads[:few]
		}
	}
	var others []int
	for _, position := range core(reads, broken) {
		if position != last {
			others = append(others, int(position))
		}
	}
	return others
}

// acknowledged are as many increases before a read as contradict it, or one if these are many.
func (c *counter) acknowledged(read *Operation, amount int64) []int {
	const few = 3
	most := int(read.Value/amount) + 1
	if most > few {
		most = 1
	}
	var found []int
	for _, position := range c.increases {
		if len(found) < most && c.operations[position].Return < read.Call {
			found = append(found, int(position))
		}
	}
	return found
}

// tally is a count of increases through time, each of which takes effect as late as it can: when it
// returns, or when a read returns that needs it; then those first that have to return first. So the count is
// at every time the least that it can be.
type tally struct {
	amount  int64
	count   int64
	pending heap    // increases that were called and did not count yet, by return
	called  int64   // how many were called
	forced  []int32 // reads that needed increases which had not returned
	answer  Answer
}

// tally counts increases in view of some reads.
func (c *counter) tally(reads []int32, amount int64) *tally {
	t := &tally{amount: amount}
	calls := slices.Concat(c.increases, reads)
	byCall(c.operations, calls)
	returns := slices.DeleteFunc(slices.Clone(calls), func(position int32) bool { return c.operations[position].unknown() })
	byReturn(c.operations, returns)
	for _, position := range returns {
		for len(calls) > 0 && c.operations[calls[0]].Call <= c.operations[position].Return {
			if t.call(calls[0], &c.operations[calls[0]]) {
				return t
			}
			calls = calls[1:]
		}
		if t.end(position, &c.operations[position]) {
			return t
		}
	}
	return t
}

// call lets an operation begin, and tells whether it is a contradiction.
func (t *tally) call(position int32, o *Operation) bool {
	if o.Kind == Increase {
		t.called++
		t.pending.push(moment{o.Return, position})
		return false
	}
	if t.count > o.Value/t.amount {
		t.answer = invalid(TooLow, int(position))
		t.answer.Count = t.count
		return true
	}
	return false
}

// end lets an operation end, and tells whether it is a contradiction.
func (t *tally) end(position int32, o *Operation) bool {
	if o.Kind == Increase {
		if len(t.pending) > 0 && t.pending[0].at <= o.Return {
			t.pending.pop()
			t.count++
		}
		return false
	}
	if t.count < o.Value/t.amount {
		t.forced = append(t.forced, position)
	}
	for t.count < o.Value/t.amount {
		if len(t.pending) == 0 {
			t.answer = invalid(TooHigh, int(position))
			t.answer.Count = t.called
			return true
		}
		t.pending.pop()
		t.count++
	}
	return false
}

// bounds finds a read that no choice of increases can explain: not the least that may have been added, nor the most.
func (c *counter) bounds() (Answer, bool) {
	done := slices.Clone(c.increases)
	byReturn(c.operations, done)
	calls, returns := newSums(c.operations, c.increases), newSums(c.operations, done)
	for _, position := range c.reads {
		read := &c.operations[position]
		began := calls.until(func(o *Operation) bool { return o.Call <= read.Return })
		ended := returns.until(func(o *Operation) bool { return o.Return < read.Call })
		least, most := ended.up+began.down, began.up+ended.down
		reason := TooLow
		switch {
		case read.Value > most:
			reason, least = TooHigh, most
		case read.Value >= least:
			continue
		}
		answer := invalid(reason, int(position))
		answer.Count = least
		if read.Value == 0 {
			answer.Roles = append(answer.Roles, c.oneWay(read.Call, reason == TooLow))
		}
		return answer, true
	}
	return Answer{}, false
}

// oneWay is an increase up, or down, that had returned before a time.
func (c *counter) oneWay(time int64, up bool) int {
	for _, position := range c.increases {
		if o := &c.operations[position]; o.Return < time && o.Value > 0 == up {
			return int(position)
		}
	}
	panic("linear: a sum was certain, but no increase was")
}

// sum is what increases add up to: those above 0, and those below.
type sum struct{ up, down int64 }

// sums are those of the first of some increases.
type sums struct {
	operations []Operation
	positions  []int32
	after      []sum
}

func newSums(operations []Operation, positions []int32) *sums {
	s := &sums{operations, positions, make([]sum, len(positions)+1)}
	for i, position := range positions {
		value := operations[position].Value
		s.after[i+1] = sum{s.after[i].up + max(value, 0), s.after[i].down + min(value, 0)}
	}
	return s
}

// until is the sum of the first increases of which something is true.
func (s *sums) until(holds func(o *Operation) bool) sum {
	low, high := 0, len(s.positions)
	for low < high {
		if middle := (low + high) / 2; holds(&s.operations[s.positions[middle]]) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return s.after[low]
}

// oneByOne tells that all increases are up, or all down, and that there is only one order of them.
func (c *counter) oneByOne() bool {
	up := c.operations[c.increases[0]].Value > 0
	for i, position := range c.increases {
		o := &c.operations[position]
		if o.Value > 0 != up || i > 0 && c.operations[c.increases[i-1]].Return >= o.Call {
			return false
		}
	}
	return true
}

// sums judges increases that have one order only: each value is then that of one time, as in a register.
func (c *counter) sums() Answer {
	register := make([]Operation, 0, len(c.operations))
	positions := make([]int, 0, len(c.operations))
	name := map[int64]int64{0: 0}
	sum := int64(0)
	for i, position := range c.increases {
		o := c.operations[position]
		sum += o.Value
		name[sum] = int64(i + 1)
		register = append(register, Operation{Call: o.Call, Return: o.Return, Kind: Swap, Expected: int32(i), Value: int64(i + 1)})
		positions = append(positions, int(position))
	}
	unread := int64(len(c.increases) + 1)
	for _, position := range c.reads {
		o := c.operations[position]
		known, found := name[o.Value]
		if !found {
			known = unread
		}
		register = append(register, Operation{Call: o.Call, Return: o.Return, Kind: Read, Value: known})
		positions = append(positions, int(position))
	}
	answer := checkRegister(register)
	for i, role := range answer.Roles {
		if role >= 0 {
			answer.Roles[i] = positions[role]
		}
	}
	return answer
}
