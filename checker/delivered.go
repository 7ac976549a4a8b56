package checker

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"cleave/checker/evidence"
	"cleave/history"
)

// Delivered judges whether what is known to be there comes to be on every node: of sets, one per key, that are added to and
// read as a whole, and from which nothing is taken, by systems that owe no read the latest. Of every node the last ok read
// counts that was invoked Settle or more after the quiet phase began. It has every element that was acknowledged, or read by
// anybody, Settle or more before it was invoked. And no read at all has an element twice, or one that nobody had asked to add.
//
//	                            quiet  Settle
//	c1 from n1 |--add s 7--|      |......
//	c2 from n2                    |......  |--read s = []--|     invalid: n2 lacks 7
//
// Measured: "elements", how many were known, and "final reads", how many had to have them.
// A lack that is younger than Recovery, or than twice as long as an element took to come to a node before the faults, is Unknown.
type Delivered struct {
	Settle, Recovery time.Duration
}

// Name is "delivered".
func (Delivered) Name() string { return "delivered" }

// Check judges. It is Unknown if of a key not every node beside which a client lives answered in the end.
func (d Delivered) Check(h *history.History, _ Budget) Result {
	return recovered(d.Settle, d.Recovery, func(settle history.Time) Result { return d.check(h, settle) })
}

func (d Delivered) check(h *history.History, settle history.Time) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	if !isQuiet {
		return Result{Verdict: Unknown, Reason: "there was no quiet phase"}
	}
	start := quiet
	if faults, disturbed := h.PhaseStart(history.Faults); disturbed {
		start = faults
	}
	elements, judged, open := 0, 0, ""
	for _, key := range h.Keys() {
		operations := chosen(h.ByKey(key), []history.Function{history.Add, history.Read})
		if len(operations) == 0 {
			continue
		}
		s := deliveriesOf(operations)
		if s.broken != nil {
			return *s.broken
		}
		elements += len(s.all)
		finals := finalReads(Convergence{Functions: []history.Function{history.Read}}.readsOf(operations, quiet), quiet+settle)
		for i := range finals {
			lacked := s.lacks(&finals[i], settle)
			if lacked == nil {
				continue
			}
			slowest := s.slowest(operations, start)
			if finals[i].Invoked-lacked.known >= 2*slowest {
				return lacked.missing(&finals[i])
			}
			open = cmp.Or(open, fmt.Sprintf("%s may still be on its way to %s after %s: before the faults some took %s",
				lacked.add.Argument, finals[i].Node, second(finals[i].Invoked-lacked.known), second(slowest)))
		}
		judged += len(finals)
		if node := unheard(h.Run.Clients, finals); node != "" && open == "" {
			open = fmt.Sprintf("of %s, %s answered no read once all had settled", key, node)
		}
	}
	if open == "" && judged == 0 {
		open = "there was nothing to read"
	}
	if open != "" {
		return Result{Verdict: Unknown, Reason: open}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s, in all of %s", counted(elements, "element"), counted(judged, "final read")),
		Measures: []Measure{cell{}.measure("elements", float64(elements), Count), cell{}.measure("final reads", float64(judged), Count)}}
}

// unheard is a node beside which a client lives and that none of some reads is of, "" if there is none.
func unheard(clients []history.Placement, reads []history.Operation) string {
	for _, client := range clients {
		if !slices.ContainsFunc(reads, func(read history.Operation) bool { return read.Node == client.Host }) {
			return client.Host
		}
	}
	return ""
}

// delivery is how an element came to be known to be in a set.
type delivery struct {
	add   *history.Operation // by which it was asked for
	known history.Time       // when its add was acknowledged, or a first read of it was completed
	read  *history.Operation // that read, nil if the add was acknowledged before
}

// deliveries are those of one set.
type deliveries struct {
	all    []*delivery // in order of invocation
	of     map[evidence.Identity]*delivery
	broken *Result // the first read that no adds explain
}

func deliveriesOf(operations []history.Operation) *deliveries {
	s := &deliveries{of: map[evidence.Identity]*delivery{}}
	for i := range operations {
		o := &operations[i]
		if o.Function != history.Add || o.Outcome == history.Fail {
			continue
		}
		if again := s.of[evidence.Identify(o.Argument)]; again != nil {
			again.known = min(again.known, o.Completed)
			continue
		}
		one := &delivery{add: o, known: o.Completed}
		s.all, s.of[evidence.Identify(o.Argument)] = append(s.all, one), one
	}
	for i := range operations {
		if o := &operations[i]; o.Function == history.Read && o.Outcome == history.Ok && s.broken == nil {
			s.read(o)
		}
	}
	return s
}

// read takes what a read has.
func (s *deliveries) read(o *history.Operation) {
	breaks := func(reason string, operations []history.Operation, but string) {
		result := resultOf(evidence.Against(reason, append(operations, *o), o.ID, but))
		s.broken = &result
	}
	list, _ := o.Result.AsList()
	seen := make(map[evidence.Identity]bool, len(list))
	for _, value := range list {
		id := evidence.Identify(value)
		one := s.of[id]
		switch {
		case one == nil:
			breaks("an element is there that was never added", nil, fmt.Sprintf("nobody had added %s, or its add had failed", value))
		case o.Completed < one.add.Invoked:
			breaks("an element is there before it was added", []history.Operation{*one.add}, fmt.Sprintf("%s was yet to be added", value))
		case seen[id]:
			breaks("an element is there twice", nil, fmt.Sprintf("%s is there twice", value))
		case o.Completed < one.known:
			one.known, one.read = o.Completed, o
		}
		if s.broken != nil {
			return
		}
		seen[id] = true
	}
}

// lacks is an element that a final read should have and has not, the first by its add; nil if there is none.
func (s *deliveries) lacks(read *history.Operation, settle history.Time) *delivery {
	has := identities(read.Result)
	for _, one := range s.all {
		if one.known < read.Invoked-settle && !has[evidence.Identify(one.add.Argument)] {
			return one
		}
	}
	return nil
}

// slowest is the longest that an element was seen to take to come to a node before a time: the node lacked it then, and had it later.
func (s *deliveries) slowest(operations []history.Operation, before history.Time) (slowest history.Time) {
	had := map[string]map[evidence.Identity]bool{} // what a node shows later
	for i := len(operations) - 1; i >= 0; i-- {
		read := &operations[i]
		if read.Function != history.Read || read.Outcome != history.Ok {
			continue
		}
		later := had[read.Node]
		has := identities(read.Result)
		had[read.Node] = has
		if read.Completed >= before {
			continue
		}
		for _, one := range s.all {
			if id := evidence.Identify(one.add.Argument); later[id] && !has[id] {
				slowest = max(slowest, read.Invoked-one.known)
			}
		}
	}
	return slowest
}

// identities are those of a list's values.
func identities(list history.Value) map[evidence.Identity]bool {
	values, _ := list.AsList()
	all := make(map[evidence.Identity]bool, len(values))
	for _, value := range values {
		all[evidence.Identify(value)] = true
	}
	return all
}

// missing tells of a final read that lacks the element.
func (a *delivery) missing(read *history.Operation) Result {
	operations := []history.Operation{*a.add, *read}
	how := "acknowledged"
	if a.read != nil {
		operations, how = append(operations, *a.read), "read by "+a.read.Client
	}
	fate := fmt.Sprintf("%s later it had not come to %s", second(read.Invoked-a.known), read.Node)
	if a.add.Outcome == history.Ok && a.add.Node == read.Node || a.read != nil && a.read.Node == read.Node {
		fate = read.Node + ", which had it, has it no more"
	}
	return resultOf(evidence.Against("a node lacks an element in the end", operations, read.ID,
		fmt.Sprintf("%s had been %s by %s, and %s", a.add.Argument, how, second(a.known), fate)))
}
