package host

import (
	"sync"
	"time"

	"cleave/world"
)

type eventKind uint8

const (
	acceptedEvent eventKind = iota // somebody connected
	openedEvent                    // what was dialled is there
	receivedEvent                  // whole frames came
	wordEvent                      // a four-letter word came
	endedEvent                     // the socket has nothing more to give
	askedEvent                     // somebody asks, and waits for the answer
	actionEvent                    // the disk is done with something
)

// event is something for the loop to do.
type event struct {
	kind       eventKind
	reason     world.CloseReason // of endedEvent
	connection *connection
	asked      *asked
	data       []byte // frames with their lengths, or a word
	action     func()
}

// queue holds the events that the loop has not taken yet. Any goroutine may post.
type queue struct {
	mutex  sync.Mutex
	events []event
	asleep bool // the loop waits for wake, or soon will; who sends it clears this
	wake   chan struct{}
}

func newQueue() queue { return queue{wake: make(chan struct{}, 1)} }

func (q *queue) post(e event) {
	q.mutex.Lock()
	q.events = append(q.events, e)
	asleep := q.asleep
	q.asleep = false
	q.mutex.Unlock()
	if !asleep {
		return
	}
	select {
	case q.wake <- struct{}{}:
	default: // it wakes anyway
	}
}

// take gives all events and leaves the memory of the last batch in their place. It waits for the first
// one, but not beyond a time, nor for longer than stop is open; a negative wait has no bound.
func (q *queue) take(last []event, wait time.Duration, stop <-chan struct{}, clock *time.Timer) []event {
	events := q.swap(last[:0])
	if len(events) > 0 || wait == 0 {
		return events
	}
	var due <-chan time.Time
	if wait > 0 {
		clock.Reset(wait)
		defer clock.Stop()
		due = clock.C
	}
	select {
	case <-q.wake:
	case <-due:
	case <-stop:
	}
	return q.swap(events)
}

// swap gives all events there are. If there are none, the next post wakes the loop.
func (q *queue) swap(empty []event) []event {
	q.mutex.Lock()
	defer q.mutex.Unlock()
	if len(q.events) == 0 {
		q.asleep = true
		return empty
	}
	events := q.events
	q.events = empty
	return events
}
