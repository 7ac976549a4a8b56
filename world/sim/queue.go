package sim

import (
	"math"
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

// queue gives events in the order of (time, order). What is due soon is in a heap, which so stays small; what is due
// later waits in chains until its day comes.
//
//	      heap           days of the page, 4 ms each               late
//	-------------------|----------|----------|-- ... --|-----------------------> time
//	                  edge                            end
//
// Events live in a slab, so that the heap moves 24 bytes an entry, and slots are used again. An event is
// filled in and read where it is: copied whole, its many pointers would cost more than the heap does.
type queue struct {
	heap  []entry         // 4-ary: what is due before edge
	edge  history.Time    // end of the day that is in the heap
	days  [pageDays]chain // those from edge on
	end   history.Time    // end of the page
	late  chain           // what is due from end on
	slab  []slot
	free  chain
	taken chain // the event that was popped last, if it is not free again
}

// The lengths of a day, some 4 ms, and of a page, about a second.
const (
	day      = history.Time(1 << 22)
	pageDays = 1 << 8
	page     = day * pageDays
)

// chain is a list of slots in no order: 1 + the place of its first in the slab, 0 for none.
type chain int32

type slot struct {
	event event
	entry entry
	next  chain
}

type entry struct {
	at    history.Time
	order uint64
	place int32 // in the slab
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
	if q.free == 0 {
		q.slab = append(q.slab, slot{})
		q.free = chain(len(q.slab))
	}
	place := int32(q.free - 1)
	s := &q.slab[place]
	q.free, s.next = s.next, 0
	if at < q.edge {
		q.heap = append(q.heap, entry{at, order, place})
		q.up(len(q.heap) - 1)
	} else {
		s.entry = entry{at, order, place}
		q.put(s)
	}
	return &s.event
}

// put has what is not due before edge wait for its day.
func (q *queue) put(s *slot) {
	waits := &q.late
	if s.entry.at < q.end {
		waits = &q.days[s.entry.at%page/day]
	}
	s.next, *waits = *waits, chain(s.entry.place+1)
}

// peek is the time of the earliest event, and whether there is one.
func (q *queue) peek() (history.Time, bool) {
	for len(q.heap) == 0 {
		switch {
		case q.edge < q.end:
			q.begin(&q.days[q.edge%page/day])
		case q.late != 0:
			q.turn()
		default:
			return 0, false
		}
	}
	return q.heap[0].at, true
}

// begin puts a day's events into the heap.
func (q *queue) begin(today *chain) {
	for *today != 0 {
		s := &q.slab[*today-1]
		*today = s.next
		q.heap = append(q.heap, s.entry)
		q.up(len(q.heap) - 1)
	}
	q.edge += day
}

// turn goes on to the page of the earliest event, when one is at its end.
func (q *queue) turn() {
	first := history.Time(math.MaxInt64)
	for c := q.late; c != 0; c = q.slab[c-1].next {
		first = min(first, q.slab[c-1].entry.at)
	}
	q.edge = first - first%page
	q.end = q.edge + page
	all := q.late
	q.late = 0
	for all != 0 {
		s := &q.slab[all-1]
		all = s.next
		q.put(s)
	}
}

// pop takes the earliest event out. It stays as it is until the next one is popped: what is pushed meanwhile
// may move the slab, but not what the caller holds. peek must have found one.
func (q *queue) pop() *event {
	q.release()
	first := q.heap[0]
	last := len(q.heap) - 1
	q.heap[0] = q.heap[last]
	q.heap = q.heap[:last]
	if last > 0 {
		q.down(0)
	}
	q.taken = chain(first.place + 1)
	return &q.slab[first.place].event
}

// release lets go of the event that was popped last, and of what it held.
func (q *queue) release() {
	if q.taken > 0 {
		s := &q.slab[q.taken-1]
		s.event, s.next, q.free = event{}, q.free, q.taken
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
