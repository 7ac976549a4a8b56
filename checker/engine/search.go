package engine

import (
	"fmt"
	"slices"

	"cleave/models"
)

// search looks for an order, depth first: it takes operations from the timeline one by one, and puts them
// back when it can go no further.
type search struct {
	line   *timeline
	steps  *steps
	tried  int64
	table  *table
	bounds Bounds
	over   *overwrites // nil if the model is no register
	stop   *stopwatch

	state  int32
	passed int      // completions behind: the ranks below it are all taken
	done   []bool   // by operation: taken
	taken  []uint64 // the same by bit, of operations that are open: required ones, then optional ones
	path   []move
	best   int // the most completions passed
	cause  string
}

// move is an operation that was taken, and where the search was before.
type move struct {
	operation int32
	state     int32
	passed    int32
	kind      moveKind
}

type moveKind uint8

const (
	chosen  moveKind = iota // others can be tried in its place
	forced                  // nothing else need be tried in its place
	skipped                 // it had no effect: the last that can be tried in its place
	under                   // a write hidden under the chosen one before it: right before that in the order
)

func newSearch(model models.Model, kept *kept, bounds Bounds, stop *stopwatch) *search {
	line := newTimeline(model, kept)
	s := &search{line: line, over: newOverwrites(model, kept), steps: newSteps(model), bounds: bounds, stop: stop,
		table: newTable(len(line.byRank)+1, line.requiredWords, line.optionalWords),
		done:  make([]bool, len(kept.operations)), taken: make([]uint64, line.requiredWords+line.optionalWords)}
	s.state = s.steps.states.number(model.Init())
	return s
}

// run searches to the end, or to a bound.
func (s *search) run() Answer {
	answer := Answer{Verdict: s.explore(), Stuck: nobody}
	switch answer.Verdict {
	case Valid:
		answer.Order = s.order()
	case Invalid:
		answer.Stuck = int(s.line.byRank[s.best])
	case Unknown:
		answer.Cause = s.cause
	}
	answer.Reached, answer.Configurations, answer.Bytes = s.best, s.tried, s.bytes()
	return answer
}

// order is the path as an order: without what had no effect, and with what is hidden under a write before it.
func (s *search) order() []int {
	order := make([]int, 0, len(s.path))
	var write int // where the last chosen operation is
	for _, move := range s.path {
		switch move.kind {
		case skipped:
			continue
		case chosen:
			write = len(order)
		case under:
			order = slices.Insert(order, write, int(move.operation))
			write++
			continue
		}
		order = append(order, int(move.operation))
	}
	return order
}

func (s *search) explore() Verdict {
	at := s.enter()
	for {
		switch {
		case s.passed == len(s.line.byRank):
			return Valid
		case s.cause != "":
			return Unknown
		case at != end && s.line.returns[at]:
			at = s.skip(s.line.operation[at])
		case at == end:
			left, more := s.back()
			if !more {
				return Invalid
			}
			at = left
		case s.fits(at):
			at = s.enter()
		default:
			at = s.line.next[at]
		}
	}
}

// end is no event: there is nothing more to try here.
const end = -1

// enter comes to a new configuration: it takes what fits and changes nothing, and gives the first event to
// try, or end if the configuration was met before.
func (s *search) enter() int32 {
	s.observe()
	s.best = max(s.best, s.passed)
	if s.passed == len(s.line.byRank) || s.spent() || !s.table.add(s.passed, s.state, s.taken) {
		return end
	}
	s.tried++
	return s.line.next[0]
}

// skip lets an operation whose time is up have had no effect, if that is possible.
func (s *search) skip(operation int32) (at int32) {
	if s.line.certain[operation] {
		return end
	}
	s.take(operation, s.state, skipped)
	return s.enter()
}

// observe takes the operations that leave every state as it is and fit this one. None of them can fit
// better later: whatever order there is from here, there is one that begins with them.
func (s *search) observe() {
	before := int32(0)
	for at := s.line.next[before]; !s.line.returns[at]; at = s.line.next[before] {
		operation := s.line.operation[at]
		if s.line.observes[operation] && s.lead(operation) != impossible {
			s.take(operation, s.state, forced)
			continue
		}
		before = at
	}
}

// fits takes the operation called at an event, if it is one to try and the model allows it.
func (s *search) fits(at int32) bool {
	operation := s.line.operation[at]
	if s.line.observes[operation] || s.canWait(operation) || s.overtakes(operation) {
		return false
	}
	next := s.lead(operation)
	if next == impossible || s.idle(operation, next) || s.deadEnd(operation, next) {
		return false
	}
	first := s.line.firstReturn(s.passed)
	s.take(operation, next, chosen)
	if s.over != nil && s.over.sets[operation] {
		s.hide(first)
	}
	return true
}

// idle tells that an operation need not have an effect, and has none here; nor can it hide another.
func (s *search) idle(operation, next int32) bool {
	return next == s.state && !s.line.certain[operation] && (s.over == nil || !s.over.sets[operation])
}

// overtakes tells whether another operation that is the same can be taken, and has to complete before. If any
// order takes this one first, so does one with the two exchanged.
func (s *search) overtakes(operation int32) bool {
	for other := s.line.before[operation]; other != nobody && int(s.line.rank[other]) >= s.passed; other = s.line.before[other] {
		if !s.done[other] && s.open(other) {
			return true
		}
	}
	return false
}

// open tells whether an operation was called before the first return in the list.
func (s *search) open(operation int32) bool {
	return s.line.called[operation] < s.line.firstReturn(s.passed)
}

func (s *search) lead(operation int32) int32 {
	return s.steps.from(s.state, s.line.class[operation], &s.line.operations[operation])
}

// take takes an operation, to a state.
func (s *search) take(operation, next int32, kind moveKind) {
	s.path = append(s.path, move{operation, s.state, int32(s.passed), kind})
	s.line.take(operation)
	s.done[operation], s.state = true, next
	if s.over != nil {
		s.over.count(operation, s.line.certain[operation], -1)
	}
	s.flip(operation)
	for s.passed < len(s.line.byRank) && s.done[s.line.byRank[s.passed]] {
		s.flip(s.line.byRank[s.passed]) // its bit is for others now
		s.passed++
	}
}

// back puts operations back up to one in whose place another can be tried, and gives the event after its call.
func (s *search) back() (at int32, more bool) {
	for len(s.path) > 0 {
		last := s.path[len(s.path)-1]
		s.path = s.path[:len(s.path)-1]
		for s.passed > int(last.passed) {
			s.passed--
			s.flip(s.line.byRank[s.passed])
		}
		s.flip(last.operation)
		s.done[last.operation], s.state = false, last.state
		if s.over != nil {
			s.over.count(last.operation, s.line.certain[last.operation], 1)
		}
		s.line.putBack(last.operation)
		if last.kind == chosen {
			return s.line.next[s.line.called[last.operation]], true
		}
	}
	return end, false
}

// flip changes the bit of an operation.
func (s *search) flip(operation int32) {
	bit := s.line.bit[operation]
	s.taken[bit>>6] ^= 1 << (bit & 63)
}

// spent tells whether a bound is passed.
func (s *search) spent() bool {
	switch {
	case s.stop.up():
		s.cause = "the search did not end in time; " + s.progress()
	case s.bounds.Memory > 0 && s.bytes() > s.bounds.Memory:
		s.cause = fmt.Sprintf("the search came to its bound of %d bytes; %s", s.bounds.Memory, s.progress())
	case s.bounds.Configurations > 0 && s.tried >= s.bounds.Configurations:
		s.cause = fmt.Sprintf("the search came to its bound; %s", s.progress())
	}
	return s.cause != ""
}

// bytes is roughly what the search holds.
func (s *search) bytes() int64 {
	return s.line.bytes() + s.table.bytes + s.steps.bytes() + int64(cap(s.path))*16 + int64(len(s.done))
}
