package linear

import "slices"

// checkSet judges a set, element by element, which is enough: linearizability is local.
func checkSet(operations []Operation) Answer {
	starts, positions := byValue(operations)
	var e element
	open := int64(none)
	for name := range len(starts) - 1 {
		of := positions[starts[name]:starts[name+1]]
		if len(of) == 0 {
			continue
		}
		e.fill(operations, of)
		switch e.judge() {
		case Invalid:
			return explainSet(operations, of)
		case Unsuited:
			open = int64(name)
		}
	}
	if open >= 0 {
		return unsuited("element %d is added several times, and not everybody was told whether that changed anything", open)
	}
	return valid()
}

// byValue sorts positions by the operations' values: those of value v are positions[starts[v]:starts[v+1]].
func byValue(operations []Operation) (starts, positions []int32) {
	starts = make([]int32, names(operations)+1)
	for i := range operations {
		starts[operations[i].Value+1]++
	}
	for name := 1; name < len(starts); name++ {
		starts[name] += starts[name-1]
	}
	positions = make([]int32, len(operations))
	place := slices.Clone(starts)
	for i := range operations {
		value := operations[i].Value
		positions[place[value]] = int32(i)
		place[value]++
	}
	return starts, positions
}

// element is all that was done with one element of a set.
type element struct {
	operations []Operation
	sweep      sweep
}

func (e *element) fill(operations []Operation, positions []int32) {
	e.operations = e.operations[:0]
	for _, position := range positions {
		o := operations[position]
		if o.unknown() {
			o = o.blind()
		}
		e.operations = append(e.operations, o)
	}
}

// judge decides whether the element can have come and gone so. There are two exact ways: if it was added
// once at most; and, however often, if all who added or removed it learnt whether that changed anything, or learnt nothing at all.
func (e *element) judge() Verdict {
	adds, silent := 0, false
	for i := range e.operations {
		switch o := &e.operations[i]; o.Kind {
		case Add, Added:
			adds++
			silent = silent || o.Kind == Add && !o.unknown()
		case Remove:
			silent = silent || !o.unknown()
		}
	}
	legal := false
	switch {
	case adds <= 1:
		legal = once(e.operations)
	case silent:
		return Unsuited
	default:
		legal = e.sweep.run(e.operations)
	}
	if legal {
		return Valid
	}
	return Invalid
}

// presence is when an element that is added once was in the set: from an instant in [asked, in] to one that is at
// least out.
type presence struct {
	asked, in, out int64
	required       bool // somebody saw it
	strict         int  // position of who removed it for certain, or none
}

// once judges an element that is added once at most: from the instant a on it is in the set, from the instant d on, at
// the first remove, it is not. All must have found it so. The latest a and the earliest d leave the most room
// for those who did not find it.
func once(operations []Operation) bool {
	p := presence{asked: Never, in: beginning, out: beginning, strict: none}
	for i := range operations {
		if o := &operations[i]; o.Kind == Add || o.Kind == Added {
			p.asked, p.in, p.required = o.Call, o.Return, !o.unknown()
		}
	}
	for i := range operations {
		switch o := &operations[i]; o.Kind {
		case Removed:
			if p.strict != none {
				return false
			}
			p.strict, p.required, p.in = i, true, min(p.in, o.Return)
		case Has:
			p.required, p.in, p.out = true, min(p.in, o.Return), max(p.out, o.Call)
		}
	}
	if !p.required {
		return true
	}
	if p.in < p.asked {
		return false
	}
	in, out, ok := p.choose(operations)
	if !ok {
		return false
	}
	for i := range operations {
		o := &operations[i]
		if (o.Kind == Lacks || o.Kind == Remove && !o.unknown()) && in < o.Call && o.Return < out {
			return false
		}
	}
	return true
}

// choose is the best instant to come, and to go; Never, if nobody need have removed the element.
func (p *presence) choose(operations []Operation) (in, out int64, ok bool) {
	in, out = p.in, Never
	for i := range operations {
		o := &operations[i]
		if o.Kind != Remove && o.Kind != Removed || p.strict != none && p.strict != i {
			continue
		}
		if o.Return < p.out || o.Return < p.asked {
			continue
		}
		if o.Return <= p.in {
			return o.Return, o.Return, p.out <= o.Return
		}
		if gone := max(p.in, p.out, o.Call); gone < out || out == Never {
			out, ok = gone, true
		}
	}
	return in, out, ok || p.strict == none
}

// sweep judges an element that comes and goes, whose adds and removes all say whether they changed
// anything, or have an unknown outcome. It goes through time, and lets it come or go only when somebody is about to return
// without having found it as he says; then by the add, or remove, that has to return first.
type sweep struct {
	calls, returns []int32
	pending        [2]heap    // removes and adds that may take effect, by return
	waiting        [2][]int32 // who is to find it absent, or present, and has not yet
	done           []bool
	in             int // 1 if it is in the set
}

// run tells whether all can have found the element as they say.
func (s *sweep) run(operations []Operation) bool {
	s.reset(operations)
	next := 0
	for _, position := range s.returns {
		end := operations[position].Return
		for ; next < len(s.calls) && operations[s.calls[next]].Call <= end; next++ {
			s.call(s.calls[next], &operations[s.calls[next]])
		}
		if !s.finish(position, operations[position].Kind) {
			return false
		}
	}
	return true
}

func (s *sweep) reset(operations []Operation) {
	s.calls, s.returns, s.done, s.in = s.calls[:0], s.returns[:0], s.done[:0], 0
	for i := range s.pending {
		s.pending[i], s.waiting[i] = s.pending[i][:0], s.waiting[i][:0]
	}
	for i := range operations {
		s.calls = append(s.calls, int32(i))
		s.done = append(s.done, false)
		if !operations[i].unknown() {
			s.returns = append(s.returns, int32(i))
		}
	}
	byCall(operations, s.calls)
	byReturn(operations, s.returns)
}

func (s *sweep) call(position int32, o *Operation) {
	switch o.Kind {
	case Remove, Removed:
		s.pending[0].push(moment{o.Return, position})
	case Add, Added:
		s.pending[1].push(moment{o.Return, position})
	case Lacks:
		s.wait(position, 0)
	case Has:
		s.wait(position, 1)
	}
}

func (s *sweep) wait(position int32, to int) {
	if s.in == to {
		s.done[position] = true
		return
	}
	s.waiting[to] = append(s.waiting[to], position)
}

// finish lets an operation return: if it has not found what it says, or not had its effect, the element comes or goes until it has.
func (s *sweep) finish(position int32, kind Kind) bool {
	for !s.done[position] {
		to := 1 - s.in
		if len(s.pending[to]) == 0 {
			return false
		}
		s.done[s.pending[to].pop().name] = true
		s.in = to
		for _, waiting := range s.waiting[to] {
			s.done[waiting] = true
		}
		s.waiting[to] = s.waiting[to][:0]
	}
	return true
}

// explainSet finds the fewest operations on an element that contradict each other. The others may have had
// any outcome: who only looked is left out, who added or removed may have done so or not.
func explainSet(operations []Operation, positions []int32) Answer {
	var e element
	needed := make([]bool, len(operations))
	broken := func(some []int32) bool {
		for _, position := range some {
			needed[position] = true
		}
		e.operations = e.operations[:0]
		for _, position := range positions {
			o := operations[position]
			if !needed[position] {
				o.Return = Never
			}
			if o.unknown() {
				o = o.blind()
			}
			if o.Kind != Has && o.Kind != Lacks || !o.unknown() {
				e.operations = append(e.operations, o)
			}
		}
		for _, position := range some {
			needed[position] = false
		}
		return e.judge() == Invalid
	}
	rough := newTimeline(operations, positions)
	roughly := func(some []int32) bool {
		for _, position := range some {
			needed[position] = true
		}
		contradicted := rough.broken(needed)
		for _, position := range some {
			needed[position] = false
		}
		return contradicted
	}
	if roughly(positions) {
		broken = roughly
	}
	few := core(positions, broken)
	last := few[0]
	for _, position := range few {
		if operations[position].Call > operations[last].Call {
			last = position
		}
	}
	roles := []int{int(last)}
	for _, position := range few {
		if position != last {
			roles = append(roles, int(position))
		}
	}
	switch kind := operations[last].Kind; {
	case kind != Has && kind != Removed:
		return invalid(Present, roles...)
	case len(roles) == 1:
		return invalid(NeverAdded, roles...)
	}
	return invalid(Absent, roles...)
}

// blind is an add or a remove of which nothing is known.
func (o Operation) blind() Operation {
	switch o.Kind {
	case Added:
		o.Kind = Add
	case Removed:
		o.Kind = Remove
	}
	return o
}
