package consistency

import (
	"cmp"
	"slices"

	"cleave/checker/evidence"
	"cleave/history"
	"cleave/internal/rng"
)

// Versions bounds the least k for which a history of registers is k-atomic: some order of the operations, each at
// an instant within its interval, has every read see one of the last k values written (Golab, Hurwitz and Li, ICDCS
// 2013). One is linearizable. Least is proved by writes that came one wholly after the other, most by an order.
// Where they differ, the numbers between are tried, write by write, within a bound of steps for each. Most is 0 if no
// bound is known: if there are compare-and-sets, which see no old value. A history that is k-atomic for no k is
// broken. It takes O(n log² n) and the steps.
func Versions(operations []history.Operation, steps int) (least, most int, found evidence.Finding) {
	r, problem := read(operations)
	if problem != nil {
		return 0, 0, *problem
	}
	if breach := r.forked(); breach != nil {
		return 0, 0, evidence.Finding{State: evidence.Broken, Reason: breach.reason}
	}
	least, most = 1, 1
	lines := r.lines()
	for i := range lines {
		if !lines[i].atomic(forMuch) {
			return 0, 0, evidence.Finding{State: evidence.Broken, Key: r.keys[i], Reason: "no staleness of reads explains what was written and read"}
		}
		if lines[i].atomic(0) {
			continue
		}
		low, high, swaps := r.stays(int32(i)).versions(steps)
		least = max(least, 2, low)
		if swaps {
			high = 0
		}
		if most != 0 && high != 0 {
			most = max(most, 2, high)
		} else {
			most = 0
		}
	}
	return least, most, evidence.Holding("bounded")
}

// stay is a value of a key: its write was invoked at asked, it was certainly there by there, and its last read was
// invoked at wanted.
type stay struct{ asked, there, wanted history.Time }

type stays struct {
	list  []stay // in order of there
	swaps bool
}

func (r *record) stays(key int32) stays {
	var all stays
	for i := range r.values {
		v := &r.values[i]
		if v.key != key {
			continue
		}
		s := stay{beginning, beginning, beginning}
		if v.writer != none {
			s.asked, s.there = r.operations[v.writer].Invoked, r.operations[v.writer].Completed
		}
		for _, reader := range v.readers {
			s.there, s.wanted = min(s.there, r.operations[reader].Completed), max(s.wanted, r.operations[reader].Invoked)
		}
		all.swaps = all.swaps || len(v.swaps) > 0
		all.list = append(all.list, s)
	}
	slices.SortStableFunc(all.list, func(a, b stay) int {
		return cmp.Or(cmp.Compare(a.there, b.there), cmp.Compare(a.wanted, b.wanted))
	})
	return all
}

func (s stays) versions(steps int) (least, most int, swaps bool) {
	least, most = 1+s.between(), 1
	for i, v := range s.list {
		later := s.thereBefore(v.wanted)
		most = max(most, later-i) // in the order of there, each as late as can be: later - i - 1 values come between
	}
	for k := max(least, 2); k < most && !s.swaps; k++ {
		fits, decided := newLineup(s.list, k, steps).search()
		if fits {
			return k, k, false
		}
		if !decided {
			return k, most, false
		}
		least = k + 1
	}
	return least, max(least, most), s.swaps
}

// thereBefore is how many values were there before an instant.
func (s stays) thereBefore(at history.Time) int {
	before, _ := slices.BinarySearchFunc(s.list, at, func(v stay, at history.Time) int { return cmp.Compare(v.there, at) })
	return before
}

// between is the greatest number of values whose whole writing lies between the time at which a value was there
// and its last read. Values are counted by a tree over there, filled in the order of asked from the last on.
func (s stays) between() int {
	byAsked := make([]int, len(s.list))
	for i := range byAsked {
		byAsked[i] = i
	}
	slices.SortStableFunc(byAsked, func(a, b int) int { return cmp.Compare(s.list[b].asked, s.list[a].asked) })
	tree := make([]int, len(s.list)+1)
	most, filled := 0, 0
	for i := len(s.list) - 1; i >= 0; i-- {
		for ; filled < len(byAsked) && s.list[byAsked[filled]].asked > s.list[i].there; filled++ {
			for at := byAsked[filled] + 1; at < len(tree); at += at & -at {
				tree[at]++
			}
		}
		count := 0
		for at := s.thereBefore(s.list[i].wanted); at > 0; at -= at & -at {
			count += tree[at]
		}
		most = max(most, count)
	}
	return most
}

// lineup looks for an order of values in which each read sees one of the last k. A value is put down at an
// instant from asked to there, no earlier than those before it, and no earlier than the last read of the
// value k places before it, which nobody sees from then on.
type lineup struct {
	list   []stay
	k      int
	steps  int
	used   []bool
	order  []int
	times  []history.Time
	hash   uint64
	failed map[uint64]bool
	first  int // all before it, in the order of there, are used
}

func newLineup(list []stay, k, steps int) *lineup {
	return &lineup{list: list, k: k, steps: steps, used: make([]bool, len(list)), failed: map[uint64]bool{}}
}

// search is depth-first; what can still be done depends on which values are used and the last k of them alone.
func (l *lineup) search() (fits, decided bool) {
	type level struct{ next int }
	levels := []level{{}}
	for {
		if len(l.order) == len(l.list) {
			return true, true
		}
		if l.steps--; l.steps < 0 {
			return false, false
		}
		at := &levels[len(levels)-1]
		candidate := l.candidate(at.next)
		if candidate < 0 {
			l.failed[l.state()] = true
			if levels = levels[:len(levels)-1]; len(levels) == 0 {
				return false, true
			}
			l.take(false, l.order[len(l.order)-1], 0)
			continue
		}
		at.next = candidate + 1
		if time, fits := l.time(candidate); fits {
			l.take(true, candidate, time)
			if l.failed[l.state()] {
				l.take(false, candidate, 0)
				continue
			}
			levels = append(levels, level{})
		}
	}
}

// candidate is the first unused value from a position on that was asked for by the time at which the first
// unused one was there; -1 if there is none.
func (l *lineup) candidate(from int) int {
	for l.first < len(l.list) && l.used[l.first] {
		l.first++
	}
	due := l.list[l.first].there
	// a value that is there much later may have been asked for early, so all have to be looked at
	for i := max(from, l.first); i < len(l.list); i++ {
		if !l.used[i] && l.list[i].asked <= due {
			return i
		}
	}
	return -1
}

// time is when a value can be put down next, at the earliest.
func (l *lineup) time(candidate int) (at history.Time, fits bool) {
	at = l.list[candidate].asked
	if n := len(l.times); n > 0 {
		at = max(at, l.times[n-1])
	}
	if n := len(l.order); n >= l.k {
		at = max(at, l.list[l.order[n-l.k]].wanted)
	}
	return at, at <= l.list[candidate].there
}

func (l *lineup) take(put bool, candidate int, at history.Time) {
	l.hash ^= rng.Mix(uint64(candidate))
	l.used[candidate] = put
	if put {
		l.order, l.times = append(l.order, candidate), append(l.times, at)
		return
	}
	l.order, l.times = l.order[:len(l.order)-1], l.times[:len(l.times)-1]
	l.first = min(l.first, candidate)
}

func (l *lineup) state() uint64 {
	hash := l.hash
	for _, candidate := range l.order[max(len(l.order)-l.k, 0):] {
		hash = rng.Mix(hash, uint64(candidate))
	}
	return hash
}
