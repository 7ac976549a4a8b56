package engine

import "cleave/models"

// overwrites knows what a register adds to a search: a write makes its value go for good, unless somebody
// brings it again. Two rules follow. Both are about values that are yet needed, by operations not yet taken.
//
//   - A step that makes a value go which is yet needed, and which nobody is to bring any more, is a dead end.
//
//   - A write whose value nobody needs can be hidden under another: taken right before it, at the same instant.
//     So such a write is tried by itself only when it has to complete, and goes with any other otherwise.
//
//     write 1 |--------------------|
//     write 2   |-------|                 1 just before 2: nobody will know
//     read          |----------| 2
type overwrites struct {
	ties  *ties
	sets  []bool  // by operation: it writes, whatever was there
	value []int32 // by operation: what it sets, or nobody if that is how the register started
	made  []int32 // by state: the number of its value among those of the ties, or unknown
	// By value: how many operations not yet taken bring it, need it, and certainly need it.
	bring, need, mustNeed []int32
}

const unknown = -2

// newOverwrites is nil if the model is no register.
func newOverwrites(model models.Model, kept *kept) *overwrites {
	if !model.IsRegister {
		return nil
	}
	values := len(kept.ties.bringers)
	o := &overwrites{ties: kept.ties, sets: make([]bool, len(kept.operations)), value: make([]int32, len(kept.operations)),
		bring: make([]int32, values), need: make([]int32, values), mustNeed: make([]int32, values)}
	for i := range kept.operations {
		o.value[i] = nobody
		_, writes := models.Written(kept.operations[i])
		_, swaps := models.Expected(kept.operations[i])
		o.sets[i] = writes && !swaps
		if o.sets[i] && len(kept.ties.brings[i]) > 0 {
			o.value[i] = kept.ties.brings[i][0]
		}
		o.count(int32(i), kept.certain[i], 1)
	}
	return o
}

// count counts an operation as not yet taken, or, with change -1, as taken.
func (o *overwrites) count(operation int32, certain bool, change int32) {
	for _, value := range o.ties.brings[operation] {
		o.bring[value] += change
	}
	for _, value := range o.ties.needs[operation] {
		o.need[value] += change
		if certain {
			o.mustNeed[value] += change
		}
	}
}

// of is the value that a state holds, or nobody.
func (o *overwrites) of(state int32, states *states) int32 {
	for int(state) >= len(o.made) {
		o.made = append(o.made, unknown)
	}
	if o.made[state] == unknown {
		o.made[state] = o.ties.values.known(models.Holding(states.all[state].Value))
	}
	return o.made[state]
}

// hidden tells that nobody needs what an operation writes.
func (o *overwrites) hidden(operation int32) bool {
	return o.value[operation] != nobody && o.need[o.value[operation]] == 0
}

// deadEnd tells that after an operation, from one state to another, an operation cannot happen any more that
// must.
func (s *search) deadEnd(operation, next int32) bool {
	if s.over == nil || next == s.state {
		return false
	}
	gone := s.over.of(s.state, s.steps.states)
	if gone == nobody {
		return false
	}
	needed, brought := s.over.mustNeed[gone], s.over.bring[gone]
	for _, value := range s.over.ties.needs[operation] {
		if value == gone && s.line.certain[operation] {
			needed--
		}
	}
	for _, value := range s.over.ties.brings[operation] {
		if value == gone {
			brought--
		}
	}
	return needed > 0 && brought == 0
}

// canWait tells that an operation is a hidden write that need not complete next.
func (s *search) canWait(operation int32) bool {
	return s.over != nil && s.over.hidden(operation) && s.line.byRank[s.passed] != operation
}

// hide takes all hidden writes called before a return under the write that was taken last, when that was the
// first return.
func (s *search) hide(first int32) {
	before := int32(0)
	for at := s.line.next[before]; at < first; at = s.line.next[before] {
		operation := s.line.operation[at]
		if s.line.certain[operation] && s.over.hidden(operation) {
			s.take(operation, s.state, under)
			continue
		}
		before = at
	}
}
