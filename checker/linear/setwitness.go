package linear

// timeline judges an element of a set roughly, but never too harshly: it knows at each time whether the element can be in,
// and can be out. Whoever adds or removes may do so, at any time of his interval and as often as he likes; only
// some operations, those that are needed, must have found what they say, and leave behind what they do.
type timeline struct {
	operations     []Operation
	calls, returns []int32
	active         [2]int   // how many can remove it, or add it, now
	lately         [2]int64 // when somebody last could
	can            [2]bool  // whether it can be out, or in
	could          [2]int64 // when it last could
}

func newTimeline(operations []Operation, positions []int32) *timeline {
	t := &timeline{operations: operations}
	for _, position := range positions {
		t.calls = append(t.calls, position)
		if !operations[position].unknown() {
			t.returns = append(t.returns, position)
		}
	}
	byCall(operations, t.calls)
	byReturn(operations, t.returns)
	return t
}

// effects are, for each kind, what it must find (none for either), what is so afterwards, and whether it brings that about.
var effects = [...]struct {
	finds, leaves int
	changes       bool
}{
	Add: {none, 1, true}, Added: {0, 1, true}, Remove: {none, 0, true}, Removed: {1, 0, true}, Has: {1, 1, false}, Lacks: {0, 0, false},
}

// broken tells that the needed operations contradict each other.
func (t *timeline) broken(needed []bool) bool {
	t.active, t.lately, t.can = [2]int{}, [2]int64{beginning, beginning}, [2]bool{true, false}
	t.could = t.lately
	next := 0
	for _, position := range t.returns {
		o := &t.operations[position]
		for ; next < len(t.calls) && t.operations[t.calls[next]].Call <= o.Return; next++ {
			if e := effects[t.operations[t.calls[next]].Kind]; e.changes {
				t.active[e.leaves]++
				t.can[e.leaves] = true
			}
		}
		if t.end(o, needed[position]) {
			return true
		}
	}
	return false
}

// end lets an operation return, and tells whether it is needed and cannot have found what it says.
func (t *timeline) end(o *Operation, needed bool) bool {
	e := effects[o.Kind]
	if e.changes {
		t.active[e.leaves]--
		t.lately[e.leaves] = o.Return
	}
	if !needed {
		return false
	}
	if e.finds != none && !t.can[e.finds] && t.could[e.finds] < o.Call {
		return true
	}
	other := 1 - e.leaves
	if t.active[other] == 0 && t.lately[other] < o.Call && t.can[other] {
		t.can[other], t.could[other] = false, o.Return
	}
	t.can[e.leaves] = true
	return false
}
