package linear

import (
	"cmp"
	"slices"
)

// deadline is the latest time by which a value must have been taken, though nobody is known to have.
type deadline struct {
	by      int64 // Never if it need not have been
	name    int32
	because int32 // the operation that returned at that time
}

func (d *deadline) limit(by int64, because int32) {
	if by < d.by {
		d.by, d.because = by, because
	}
}

// guess judges a collection with takes of which nobody learnt the outcome. Each may have taken any value
// that is left over, or none.
//
// To leave values out never does harm, so the history is invalid if what was certainly taken has no
// order alone. Whatever must be gone by some time needs a take that was called by then: if these do not suffice,
// taken in the order of their calls for the values in the order of their deadlines, the history is invalid
// too. If they do, they are put down as having taken these values, and if that has an order, the
// history is valid. Only what is between stays open.
func (c *collection) guess(d discipline) Answer {
	certain := c.clone()
	for i := range certain.items {
		if certain.items[i].take == none {
			certain.items[i].put = none
		}
	}
	if answer := d.order(certain); answer.Verdict != Valid {
		return answer
	}
	untaken := c.untaken(d)
	slices.SortFunc(c.blind, func(a, b int32) int {
		return cmp.Or(cmp.Compare(c.operations[a].Call, c.operations[b].Call), cmp.Compare(a, b))
	})
	if answer, found := c.shortage(untaken); found {
		return answer
	}
	guessed, possible := c.clone(), true
	for i, position := range c.blind[:min(len(c.blind), len(untaken))] {
		at := &guessed.items[untaken[i].name]
		at.takenBy(position, c.operations[position].Call, untaken[i].by)
		possible = possible && at.leave <= at.gone
	}
	if possible {
		if answer := d.order(guessed); answer.Verdict == Valid {
			return answer
		}
	}
	return unsuited("%d takes have an unknown outcome, and which values they took is not certain", int64(len(c.blind)))
}

func (c *collection) clone() *collection {
	clone := *c
	clone.items = slices.Clone(c.items)
	return &clone
}

// takenBy puts down a take, called at a time, that must have happened by another.
func (i *item) takenBy(take int32, called, by int64) {
	i.take, i.gone, i.left = take, by, take
	i.leave = max(i.looked, i.asked, called)
	i.seen = min(i.seen, by)
	i.enter = min(i.enter, by)
}

// untaken are the values left over, by their deadlines.
func (c *collection) untaken(d discipline) []deadline {
	var untaken []deadline
	c.each(func(name int, at *item) {
		if at.take == none {
			untaken = append(untaken, deadline{Never, int32(name), none})
		}
	})
	d.deadlines(c, untaken)
	empties := newEarliest(len(c.empties), func(i int) int64 { return c.empties[i].from })
	for _, empty := range c.empties {
		empties.put(empty.from, empty.to, empty.position)
	}
	for i := range untaken {
		untaken[i].limit(empties.after(c.items[untaken[i].name].enter))
	}
	slices.SortFunc(untaken, func(a, b deadline) int { return cmp.Or(cmp.Compare(a.by, b.by), cmp.Compare(a.name, b.name)) })
	return untaken
}

// shortage finds that fewer takes had been called by some deadline than values had to be gone.
func (c *collection) shortage(untaken []deadline) (Answer, bool) {
	for i, left := range untaken {
		if left.by == Never {
			break
		}
		if i < len(c.blind) && c.operations[c.blind[i]].Call <= left.by {
			continue
		}
		answer := invalid(NotEnoughTakes, int(c.items[left.name].put), int(left.because))
		if value := c.operations[left.because].Value; value != 0 {
			answer.Roles = append(answer.Roles, int(c.items[value].put))
		}
		const few = 3 // of the other values that had to be gone
		for _, other := range untaken[:min(i, few)] {
			answer.Roles = append(answer.Roles, int(c.items[other.name].put))
		}
		answer.Count = int64(i)
		return answer, true
	}
	return Answer{}, false
}

// earliest answers which of some intervals that begin after a time ends first. It is a Fenwick tree of
// minima, over the beginnings from the last to the first.
type earliest struct {
	begins []int64
	tree   []deadline
}

// newEarliest makes room for n intervals with given beginnings.
func newEarliest(n int, begin func(i int) int64) *earliest {
	e := &earliest{begins: make([]int64, n)}
	for i := range e.begins {
		e.begins[i] = begin(i)
	}
	slices.Sort(e.begins)
	e.begins = slices.Compact(e.begins)
	e.tree = make([]deadline, len(e.begins)+1)
	for i := range e.tree {
		e.tree[i] = deadline{Never, 0, none}
	}
	return e
}

// put adds an interval.
func (e *earliest) put(begin, end int64, position int32) {
	place, _ := slices.BinarySearch(e.begins, begin)
	for at := len(e.begins) - place; at < len(e.tree); at += at & -at {
		e.tree[at].limit(end, position)
	}
}

// after is the first end of the intervals that begin after a time, Never if there are none, and whose it is.
func (e *earliest) after(time int64) (int64, int32) {
	found := deadline{Never, 0, none}
	place, _ := slices.BinarySearch(e.begins, time)
	if place < len(e.begins) && e.begins[place] == time {
		place++
	}
	for at := len(e.begins) - place; at > 0; at -= at & -at {
		found.limit(e.tree[at].by, e.tree[at].because)
	}
	return found.by, found.because
}
