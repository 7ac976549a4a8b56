package host

import (
	"context"

	"cleave/world"
)

// asked is the connection that an Ask makes up: one message goes in, one comes out. It implements
// world.Connection. The loop alone touches state.
type asked struct {
	host   *host
	id     uint64
	peer   string
	state  state
	answer chan []byte // of one; closed if there will be none
}

// ask is the host's Ask.
func (h *host) ask(ctx context.Context, remote string, message []byte) ([]byte, error) {
	a := &asked{host: h, id: h.lastID.Add(1), peer: remote, answer: make(chan []byte, 1)}
	h.queue.post(event{kind: askedEvent, asked: a, data: message})
	select {
	case answer, some := <-a.answer:
		if !some {
			return nil, ErrNoAnswer
		}
		return answer, nil
	case <-ctx.Done():
		h.queue.post(event{kind: actionEvent, action: func() { a.end(world.Reset) }})
		return nil, ctx.Err()
	case <-h.web.over:
		return nil, ErrStopped
	}
}

// ID is unique in this host.
func (a *asked) ID() uint64 { return a.id }

// Peer is who asks.
func (a *asked) Peer() string { return a.peer }

// Send answers. The asker wants one message only.
func (a *asked) Send(message []byte) {
	if a.state != open {
		return
	}
	a.state = broken
	a.answer <- message
	a.host.queue.post(event{kind: actionEvent, action: func() { a.end(world.Ended) }})
}

// Close ends it: without an answer, if none was sent.
func (a *asked) Close() {
	if a.state == open {
		close(a.answer)
	}
	a.state = closed
}

// end tells the process that the asker has gone.
func (a *asked) end(reason world.CloseReason) {
	if a.state == closed {
		return
	}
	a.state = closed
	a.host.process.Closed(a, reason)
}

// begin hands the message to the process.
func (a *asked) begin(message []byte) {
	a.state = open
	a.host.process.Accepted(a)
	if a.state == open {
		a.host.process.Received(a, message)
	}
}
