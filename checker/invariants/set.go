package invariants

import (
	"fmt"

	"cleave/checker/evidence"
	"cleave/history"
)

// Set judges a set that is added to and read as a whole, element by element. An element is known from when its
// add was acknowledged, or it was first read; of the reads that were invoked after that, the last one that lacks it
// and the last one that has it tell what became of it:
//
//	stable      every read has it from some time on; stale, if a read lacked it before that
//	lost        the last reads lack it
//	never read  no read was invoked after it was known
//
// The set is broken if an element is lost, is in one read twice, or was never added. Counted: "stable", "stale",
// "lost", "never read", "doubled" and "unexpected"; measured: "stable after", from when an element is known to the
// last read that lacks it, and "lost after", to the last read that has it. Elements that anybody may have removed,
// and those that were added twice, are left out. It takes time in proportion to the elements read.
func Set(operations []history.Operation) Report {
	s := newSet(operations)
	for i := range s.reads {
		s.read(int32(i))
	}
	if len(s.reads) == 0 {
		return undecided("no ok read of the whole set")
	}
	s.findAbsent()
	numbers := s.classify()
	if s.broken != nil {
		return Report{*s.broken, numbers}
	}
	return Report{evidence.Holding(fmt.Sprintf("%s, %s: none lost",
		evidence.Counted(len(s.elements), "element"), evidence.Counted(len(s.reads), "read"))), numbers}
}

// element is what is known of one.
type element struct {
	value   history.Value
	add     int32        // none if nobody added it
	ignored bool         // removed, or added twice
	known   history.Time // when it was certainly there
	knownBy int32        // the read that shows it, none if its add does
	present int32        // the last read, by invocation, that has it
	until   history.Time // the last completion of a read that has it
	absent  int32        // the last read that lacks it
	stamp   int32        // the last read that was seen to have it
}

const none = -1

type set struct {
	adds, reads []history.Operation
	elements    []element
	place       map[evidence.Identity]int32
	doubled     int
	unexpected  int
	broken      *evidence.Finding
}

func newSet(operations []history.Operation) *set {
	s := &set{adds: of(operations, history.Add), place: map[evidence.Identity]int32{}}
	for i, o := range s.adds {
		at := s.at(o.Argument)
		e := &s.elements[at]
		if e.add != none {
			e.ignored = true
		}
		e.add = int32(i)
		if o.Outcome == history.Ok {
			e.known = o.Completed
		}
	}
	for _, o := range of(operations, history.Remove) {
		s.elements[s.at(o.Argument)].ignored = true
	}
	for _, o := range of(operations, history.Read) {
		if _, isList := o.Result.AsList(); o.Outcome == history.Ok && o.Argument.IsNothing() && (isList || o.Result.IsNothing()) {
			s.reads = append(s.reads, o)
		}
	}
	return s
}

// at is the place of an element.
func (s *set) at(v history.Value) int32 {
	id := evidence.Identify(v)
	at, known := s.place[id]
	if !known {
		at = int32(len(s.elements))
		s.place[id] = at
		s.elements = append(s.elements, element{value: v, add: none, known: history.Forever,
			knownBy: none, present: none, absent: none, stamp: none})
	}
	return at
}

func (s *set) breaks(found evidence.Finding) {
	if s.broken == nil {
		s.broken = &found
	}
}

// read takes what a read has.
func (s *set) read(number int32) {
	o := s.reads[number]
	list, _ := o.Result.AsList()
	for _, v := range list {
		e := &s.elements[s.at(v)]
		if e.stamp == number {
			s.doubled++
			s.breaks(evidence.Against("an element is in a set twice", []history.Operation{o}, o.ID, fmt.Sprintf("%s is there twice", v)))
		}
		if e.add == none && !e.ignored {
			s.unexpected++
			e.ignored = true
			s.breaks(evidence.Against("an element is in the set that was never added", []history.Operation{o}, o.ID,
				fmt.Sprintf("nobody had added %s", v)))
		}
		if e.add != none && o.Completed < s.adds[e.add].Invoked && !e.ignored {
			s.unexpected++
			e.ignored = true
			s.breaks(evidence.Against("an element is in the set before it was added", []history.Operation{o, s.adds[e.add]}, o.ID,
				fmt.Sprintf("%s was yet to be added", v)))
		}
		e.stamp, e.present, e.until = number, number, max(e.until, o.Completed)
		if o.Completed < e.known {
			e.known, e.knownBy = o.Completed, number
		}
	}
}

// findAbsent goes through the reads from the last on, with the elements that all of them so far have.
func (s *set) findAbsent() {
	left := make([]int32, len(s.elements))
	for i := range left {
		left[i], s.elements[i].stamp = int32(i), none
	}
	for number := int32(len(s.reads)) - 1; number >= 0 && len(left) > 0; number-- {
		list, _ := s.reads[number].Result.AsList()
		for _, v := range list {
			s.elements[s.place[evidence.Identify(v)]].stamp = number
		}
		kept := left[:0]
		for _, i := range left {
			if s.elements[i].stamp == number {
				kept = append(kept, i)
			} else {
				s.elements[i].absent = number
			}
		}
		left = kept
	}
}

func (s *set) classify() []Number {
	var stable, stale, lost, never int
	var stableAfter, lostAfter []history.Time
	for i := range s.elements {
		e := &s.elements[i]
		if e.ignored || e.known == history.Forever {
			continue
		}
		lacked := e.absent != none && s.reads[e.absent].Invoked > e.known
		had := e.present != none && s.reads[e.present].Invoked > e.known
		switch {
		case lacked && (e.present == none || e.until < s.reads[e.absent].Invoked):
			lost++
			lostAfter = append(lostAfter, s.lost(e))
		case !lacked && !had:
			never++
		default:
			stable++
			after := history.Time(0)
			if lacked {
				stale++
				after = s.reads[e.absent].Invoked - e.known
			}
			stableAfter = append(stableAfter, after)
		}
	}
	numbers := []Number{count("stable", stable), count("stale", stale), count("lost", lost), count("never read", never),
		count("doubled", s.doubled), count("unexpected", s.unexpected)}
	return append(append(numbers, quantiles("stable after", stableAfter)...), quantiles("lost after", lostAfter)...)
}

// lost tells of a lost element, and for how long it had been there.
func (s *set) lost(e *element) history.Time {
	absent := s.reads[e.absent]
	operations := []history.Operation{s.adds[e.add], absent}
	but := fmt.Sprintf("%s had been added and acknowledged, and no later read has it", e.value)
	if e.knownBy != none {
		operations = append(operations, s.reads[e.knownBy])
		but = fmt.Sprintf("%s had been read, and no later read has it", e.value)
	}
	s.breaks(evidence.Against("an element is lost", operations, absent.ID, but))
	if e.present == none {
		return 0
	}
	return max(s.reads[e.present].Invoked-e.known, 0)
}
