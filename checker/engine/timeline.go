package engine

import (
	"cmp"
	"slices"

	"cleave/history"
	"cleave/models"
)

// timeline is the calls and returns of operations in order, as a list from which operations are taken out and
// put back. An operation that may happen at any time, or never, has no return.
//
//	head -> call a -> call b -> return a -> call c -> ... -> end
//
// The operations that can be taken next are those called before the first return in the list.
type timeline struct {
	operations []history.Operation
	next, prev []int32 // by event; event 0 is the head, event len-1 the end
	operation  []int32 // of an event
	returns    []bool  // whether an event is a return

	called, returned []int32 // by operation: its events; returned is 0 if there is none
	rank             []int32 // by operation: its place in the order of returns; those without one come last
	byRank           []int32 // operations by rank, those with returns alone
	bit              []int32 // by operation: its bit in a configuration
	class            []int32 // by operation: operations of one class are the same to the model
	before           []int32 // by operation: that of its class which comes next before it by rank, or nobody
	observes         []bool  // by operation: it leaves every state as it is
	certain          []bool  // by operation: it certainly had its effect

	requiredWords, optionalWords int
}

func newTimeline(model models.Model, kept *kept) *timeline {
	operations := kept.operations
	n := len(operations)
	t := &timeline{operations: operations, called: make([]int32, n), returned: make([]int32, n),
		rank: make([]int32, n), bit: make([]int32, n), observes: make([]bool, n), certain: kept.certain}
	t.line(t.events())
	t.number()
	t.classify(model)
	for i := range operations {
		t.observes[i] = model.Observes(operations[i])
	}
	return t
}

// event is a call or a return.
type event struct {
	at        history.Time
	returns   bool
	operation int32
}

// events are in order of time; calls before returns, since intervals that touch overlap.
func (t *timeline) events() []event {
	events := make([]event, 0, 2*len(t.operations))
	for i := range t.operations {
		o := &t.operations[i]
		events = append(events, event{o.Invoked, false, int32(i)})
		if o.Completed != history.Forever {
			events = append(events, event{o.Completed, true, int32(i)})
		}
	}
	slices.SortFunc(events, func(a, b event) int {
		switch {
		case a.at != b.at:
			return cmp.Compare(a.at, b.at)
		case a.returns != b.returns && b.returns:
			return -1
		case a.returns != b.returns:
			return 1
		}
		return cmp.Compare(a.operation, b.operation)
	})
	return events
}

// line makes the list.
func (t *timeline) line(events []event) {
	size := len(events) + 2
	t.next, t.prev = make([]int32, size), make([]int32, size)
	t.operation, t.returns = make([]int32, size), make([]bool, size)
	for i := range size {
		t.next[i], t.prev[i] = int32(i+1), int32(i-1)
	}
	for i, event := range events {
		at := int32(i + 1)
		t.operation[at], t.returns[at] = event.operation, event.returns
		if event.returns {
			t.returned[event.operation] = at
			t.byRank = append(t.byRank, event.operation)
		} else {
			t.called[event.operation] = at
		}
	}
	t.operation[size-1], t.returns[size-1] = nobody, true
}

// number gives each operation its rank, and its bit: one that no other has while it is open.
func (t *timeline) number() {
	for rank, operation := range t.byRank {
		t.rank[operation] = int32(rank)
	}
	var free []int32
	bits, optional := int32(0), int32(0)
	for at := t.next[0]; int(at) < len(t.next)-1; at = t.next[at] {
		operation := t.operation[at]
		switch {
		case t.returns[at]:
			free = append(free, t.bit[operation])
		case t.returned[operation] == 0:
			t.rank[operation] = int32(len(t.byRank)) + optional
			t.bit[operation] = optional
			optional++
		case len(free) > 0:
			t.bit[operation] = free[len(free)-1]
			free = free[:len(free)-1]
		default:
			t.bit[operation] = bits
			bits++
		}
	}
	t.requiredWords, t.optionalWords = int(bits+63)/64, int(optional+63)/64
	for i := range t.operations {
		if t.returned[i] == 0 {
			t.bit[i] += int32(64 * t.requiredWords)
		}
	}
}

// classify puts operations that no step of the model can tell apart in one class.
func (t *timeline) classify(model models.Model) {
	t.class, t.before = make([]int32, len(t.operations)), make([]int32, len(t.operations))
	kinds := newStates()
	var last []int32 // by class, as the operations come by rank
	byRank := make([]int32, len(t.operations))
	for i, rank := range t.rank {
		byRank[rank] = int32(i)
	}
	for _, i := range byRank {
		class := int32(len(last))
		if !model.Timed {
			class = kinds.number(models.Holding(kindOf(model, &t.operations[i])))
		}
		if int(class) == len(last) {
			last = append(last, nobody)
		}
		t.class[i], t.before[i] = class, last[class]
		last[class] = i
	}
}

// kindOf is all of an operation that a model which is not Timed looks at.
func kindOf(model models.Model, operation *history.Operation) history.Value {
	kind := []history.Value{history.Text(string(operation.Function)), history.Text(string(operation.Outcome)), operation.Argument}
	if operation.Outcome == history.Ok {
		kind = append(kind, operation.Result)
	}
	if model.Whole {
		kind = append(kind, history.Text(operation.Key))
	}
	if model.ByClient {
		kind = append(kind, history.Text(operation.Client))
	}
	return history.List(kind...)
}

// firstReturn is the first return in the list when so many have been taken out.
func (t *timeline) firstReturn(passed int) int32 { return t.returned[t.byRank[passed]] }

// take takes an operation out of the list.
func (t *timeline) take(operation int32) {
	t.remove(t.called[operation])
	if at := t.returned[operation]; at != 0 {
		t.remove(at)
	}
}

// putBack is the reverse of take, of what was taken last.
func (t *timeline) putBack(operation int32) {
	if at := t.returned[operation]; at != 0 {
		t.insert(at)
	}
	t.insert(t.called[operation])
}

func (t *timeline) remove(at int32) {
	t.next[t.prev[at]], t.prev[t.next[at]] = t.next[at], t.prev[at]
}

func (t *timeline) insert(at int32) { t.next[t.prev[at]], t.prev[t.next[at]] = at, at }

// bestTime is when the last of so many operations completed.
func (t *timeline) bestTime(completed int) history.Time {
	if completed == 0 {
		return 0
	}
	return t.operations[t.byRank[completed-1]].Completed
}

// bytes is roughly what the timeline takes, with the operations.
func (t *timeline) bytes() int64 { return int64(len(t.operations)) * (13*4 + 2*18 + 480) }
