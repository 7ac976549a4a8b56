package host

import (
	"container/heap"
	"time"
)

// timer is a pending call of After. It implements world.Timer.
type timer struct {
	timers *timers
	due    time.Duration
	order  uint64
	place  int // in the heap, -1 once it is out
	action func()
}

// Stop cancels the call.
func (t *timer) Stop() {
	if t.place >= 0 {
		heap.Remove(t.timers, t.place)
	}
}

// timers are the pending calls, the earliest first; of those due at one time, the one set first. They
// belong to the loop.
type timers struct {
	pending []*timer
	order   uint64
}

func (t *timers) add(due time.Duration, action func()) *timer {
	t.order++
	added := &timer{timers: t, due: due, order: t.order, action: action}
	heap.Push(t, added)
	return added
}

// wait is how long until the first call is due: 0 if it is, negative if there is none.
func (t *timers) wait(now time.Duration) time.Duration {
	if len(t.pending) == 0 {
		return -1
	}
	return max(t.pending[0].due-now, 0)
}

// fire makes the calls that are due. One that they set is due later, for the clock goes on.
func (t *timers) fire(now time.Duration) {
	for len(t.pending) > 0 && t.pending[0].due <= now {
		heap.Pop(t).(*timer).action()
	}
}

// The rest is heap.Interface.

// Len is how many calls are pending.
func (t *timers) Len() int { return len(t.pending) }

// Less orders by time, then by who was set first.
func (t *timers) Less(i, j int) bool {
	a, b := t.pending[i], t.pending[j]
	return a.due < b.due || a.due == b.due && a.order < b.order
}

// Swap exchanges two.
func (t *timers) Swap(i, j int) {
	p := t.pending
	p[i], p[j] = p[j], p[i]
	p[i].place, p[j].place = i, j
}

// Push adds a timer at the end.
func (t *timers) Push(added any) {
	a := added.(*timer)
	a.place = len(t.pending)
	t.pending = append(t.pending, a)
}

// Pop takes the last one out.
func (t *timers) Pop() any {
	end := len(t.pending) - 1
	last := t.pending[end]
	t.pending[end] = nil
	t.pending = t.pending[:end]
	last.place = -1
	return last
}
