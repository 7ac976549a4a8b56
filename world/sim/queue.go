package sim

import (
	"math/bits"

	"cleave/history"
)

// eventKind says what an event does when its time comes.
type eventKind uint8

const (
	actionEvent   eventKind = iota // the harness does something
	timerEvent                     // a process's timer fires
	segmentEvent                   // a segment reaches the other side of a connection
	retryEvent                     // a stalled pipe sends again
	ackEvent                       // a pipe looks whether anything was ever acknowledged
	dialEvent                      // a connection request arrives
	redialEvent                    // a dialler that had no answer tries again
	refusalEvent                   // a dialler hears that nobody listens
	datagramEvent                  // a datagram arrives
	syncEvent                      // a disk has made something durable, or could not
	haltEvent                      // a process that said it has halted ends
	wakeEvent                      // a slow process does the next thing
)

var kindNames = [...]string{"action", "timer", "segment", "retry", "ack", "dial", "redial", "refusal", "datagram", "sync", "halt", "wake"}

// event is something that will happen. Which fields count depends on its kind.
type event struct {
	kind    eventKind
	life    uint32    // the life of target it belongs to: what died since does not happen
	target  *endpoint // whom it happens to; nil for actions
	side    *side
	segment segment
	from    *endpoint
	timer   *timer
	action  func()
}

// queue is a 4-ary heap of events ordered by (time, order). Events live in a slab, so that the heap
// moves 24 bytes an entry, and slots are used again. An event is filled in and read where it is: copied
// whole, its many pointers would cost more than the heap does.
type queue struct {
	heap  []entry
	slab  []event
	free  []int32
	taken int32 // 1 + the slot of the event that was popped last; 0 if it is free again
}

type entry struct {
	at    history.Time
	order uint64
	slot  int32
}

// before compares as one number of 128 bits, without a branch that would often be guessed wrong. No time is
// below 0.
func (a *entry) before(b *entry) bool {
	_, less := bits.Sub64(a.order, b.order, 0)
	_, less = bits.Sub64(uint64(a.at), uint64(b.at), less)
	return less != 0
}

// push makes an event, to be filled in before the next one.
func (q *queue) push(at history.Time, order uint64) *event {
	var slot int32
	if last := len(q.free) - 1; last >= 0 {
		slot, q.free = q.free[last], q.free[:last]
	} else {
		slot = int32(len(q.slab))
		q.slab = append(q.slab, event{})
	}
	q.heap = append(q.heap, entry{at, order, slot})
	q.up(len(q.heap) - 1)
	return &q.slab[slot]
}

// peek is the time of the earliest event, and whether there is one.
func (q *queue) peek() (history.Time, bool) {
	if len(q.heap) == 0 {
		return 0, false
	}
	return q.heap[0].at, true
}

// pop takes the earliest event out. It stays as it is until the next one is popped: what is pushed meanwhile
// may move the slab, but not what the caller holds. The queue must not be empty.
func (q *queue) pop() *event {
	q.release()
	first := q.heap[0]
	last := len(q.heap) - 1
	q.heap[0] = q.heap[last]
	q.heap = q.heap[:last]
	if last > 0 {
		q.down(0)
	}
	q.taken = first.slot + 1
	return &q.slab[first.slot]
}

// release lets go of the event that was popped last, and of what it held.
func (q *queue) release() {
	if q.taken > 0 {
		q.slab[q.taken-1] = event{}
		q.free = append(q.free, q.taken-1)
		q.taken = 0
	}
}

func (q *queue) up(i int) {
	moving := q.heap[i]
	for i > 0 {
		parent := (i - 1) / 4
		if !moving.before(&q.heap[parent]) {
			break
		}
		q.heap[i] = q.heap[parent]
		i = parent
	}
	q.heap[i] = moving
}

func (q *queue) down(i int) {
	moving := q.heap[i]
	for {
		child := 4*i + 1
		if child >= len(q.heap) {
			break
		}
		least := child
		for next := child + 1; next < min(child+4, len(q.heap)); next++ {
			if q.heap[next].before(&q.heap[least]) {
				least = next
			}
		}
		if !q.heap[least].before(&moving) {
			break
		}
		q.heap[i] = q.heap[least]
		i = least
	}
	q.heap[i] = moving
}
