package apregistry

import (
	"time"

	"cleave/world"
)

// failure says why a request has no answer, and so what is known of its effect.
type failure uint8

const (
	answered failure = iota // it has one
	unsent                  // nobody listens or the connection never opened: it certainly had no effect
	lost                    // it was sent, then the connection ended
	late                    // it was sent, and no answer came in time
)

// caller asks requests of one other process, over a connection that it dials when needed. Answers
// come in the order of the requests. A request without an answer in time ends the connection, and
// with it every other request that waits, as nothing later can come sooner.
type caller struct {
	env        world.Environment
	to         string
	timeout    time.Duration
	connection world.Connection // nil when there is none
	open       bool
	number     uint64
	waiting    []call
	watching   bool // a timer looks at the oldest call
}

// call is a request under way.
type call struct {
	number   uint64
	message  []byte // until the connection is open
	deadline time.Duration
	done     func(response, failure)
}

// ask sends a request and calls done exactly once, never before ask has returned.
func (c *caller) ask(r *request, done func(response, failure)) { c.askWithin(c.timeout, r, done) }

// askWithin is ask with a time of its own.
func (c *caller) askWithin(timeout time.Duration, r *request, done func(response, failure)) {
	if c.connection == nil {
		c.connection, c.open = c.env.Dial(c.to), false
	}
	c.number++
	next := call{number: c.number, message: encodeRequest(c.number, r), deadline: c.env.Elapsed() + timeout, done: done}
	if c.open {
		c.connection.Send(next.message)
		next.message = nil
	}
	c.waiting = append(c.waiting, next)
	if !c.watching {
		c.watching = true
		c.env.After(timeout, c.watch)
	}
}

// owns tells whether a connection is this caller's present one.
func (c *caller) owns(connection world.Connection) bool {
	return c.connection != nil && c.connection.ID() == connection.ID()
}

// opened sends what has been waiting for the connection.
func (c *caller) opened() {
	c.open = true
	for i := range c.waiting {
		c.connection.Send(c.waiting[i].message)
		c.waiting[i].message = nil
	}
}

// received takes the answer to the oldest request. Anything else is a broken peer, and ends the
// connection.
func (c *caller) received(message []byte) {
	number, answer, err := decodeResponse(message)
	if err != nil || len(c.waiting) == 0 || c.waiting[0].number != number {
		c.connection.Close()
		c.fail(lost)
		return
	}
	done := c.waiting[0].done
	if c.waiting = c.waiting[1:]; len(c.waiting) == 0 {
		c.waiting = nil
	}
	done(answer, answered)
}

// closed hears that the other side, or the network, ended the connection.
func (c *caller) closed() { c.fail(lost) }

// watch ends the connection when the oldest request is out of time.
func (c *caller) watch() {
	c.watching = false
	if len(c.waiting) == 0 {
		return
	}
	if left := c.waiting[0].deadline - c.env.Elapsed(); left > 0 {
		c.watching = true
		c.env.After(left, c.watch)
		return
	}
	c.connection.Close()
	c.fail(late)
}

// fail ends all requests that wait. The next request dials anew.
func (c *caller) fail(why failure) {
	if !c.open {
		why = unsent
	}
	waiting := c.waiting
	c.connection, c.open, c.waiting = nil, false, nil
	for i := range waiting {
		waiting[i].done(response{}, why)
	}
}
