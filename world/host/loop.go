package host

import (
	"context"
	"time"
)

// Batcher is a Process that would rather do some of its work once a batch of events than once an
// event. It may put off work until Turn, which is called after each batch: messages, timers that
// fired, and what the disk is done with.
type Batcher interface {
	Turn()
}

// Batches tells a process, which may ask for it with a type assertion on its environment, that its Turn
// is called after each batch.
func (h *host) Batches() bool { return h.batcher != nil }

// loop runs the process until the context ends.
func (h *host) loop(ctx context.Context) {
	clock := time.NewTimer(time.Hour)
	clock.Stop()
	h.process.Start(h)
	h.endBatch()
	if h.options.Ready != nil {
		h.options.Ready(h.addresses)
	}
	h.accept()
	h.admin.serves()
	var batch []event
	for ctx.Err() == nil {
		batch = h.queue.take(batch, h.timers.wait(h.Elapsed()), ctx.Done(), clock)
		h.timers.fire(h.Elapsed())
		for i := range batch {
			h.handle(&batch[i])
			batch[i] = event{}
		}
		h.endBatch()
	}
}

// endBatch lets out what the batch has gathered. The disk begins first, for it takes longest.
func (h *host) endBatch() {
	if h.batcher != nil {
		h.batcher.Turn()
	}
	h.admin.look()
	if h.disk != nil {
		h.disk.begin()
	}
	for i := 0; i < len(h.unflushed); i++ {
		h.unflushed[i].flush()
		h.unflushed[i] = nil
	}
	h.unflushed = h.unflushed[:0]
}

// handle hands one event to the process. What comes from a connection that the process has closed is
// for nobody.
func (h *host) handle(e *event) {
	c := e.connection
	switch e.kind {
	case acceptedEvent:
		c.state = open
		h.connections[c.id] = c
		h.process.Accepted(c)
	case openedEvent:
		if c.state != dialling {
			c.finish()
			return
		}
		c.state = open
		h.process.Opened(c)
	case receivedEvent:
		for message, rest := []byte(nil), e.data; len(rest) > 0 && c.state == open; {
			message, rest = cut(rest)
			h.process.Received(c, message)
		}
		c.handled(len(e.data))
	case wordEvent:
		if c.state == open {
			c.word = true
			h.process.Received(c, e.data)
		}
		c.handled(len(e.data))
	case askedEvent:
		e.asked.begin(e.data)
	case endedEvent:
		h.finished(c, e.reason)
	case actionEvent:
		e.action()
	}
}

// forget drops a connection that the process knows no more.
func (h *host) forget(c *connection) { delete(h.connections, c.id) }
