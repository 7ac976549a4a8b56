package apregistry

import (
	"slices"
	"time"

	"cleave/internal/octets"
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

// mostKept is of how many instances the memory of a list is kept for the next one.
const mostKept = 256

// asker is who asked a request, and hears once how it ended. An answer, and all that is in it but for texts, is
// there until heard returns.
type asker interface {
	heard(answer *response, why failure)
}

// hears is an asker that is a function.
type hears func(answer *response, why failure)

func (h hears) heard(answer *response, why failure) { h(answer, why) }

// caller asks requests of one other process, over a connection that it dials when needed. Answers
// come in the order of the requests. A request without an answer in time ends the connection, and
// with it every other request that waits, as nothing later can come sooner.
type caller struct {
	env        world.Environment
	to         string
	timeout    time.Duration
	outbox     *outbox
	inbox      *inbox
	connection world.Connection // nil when there is none
	id         uint64           // its own
	open       bool
	number     uint64
	waiting    []call
	watching   bool   // a timer looks at the oldest call
	watched    func() // what it calls
}

// inbox is where a process reads answers, each in the memory of the one before.
type inbox struct {
	answer    response
	instances []instance // memory of its list, unless that was large
}

// call is a request under way.
type call struct {
	number   uint64
	message  []byte // until the connection is open
	deadline time.Duration
	delta    bool // what it asks for
	asker    asker
}

// ask sends a request. The asker hears of it exactly once, never before ask has returned.
func (c *caller) ask(r *request, who asker) { c.askWithin(c.timeout, r, who) }

// askWithin is ask with a time of its own.
func (c *caller) askWithin(timeout time.Duration, r *request, who asker) {
	if c.connection == nil {
		c.connection, c.open = c.env.Dial(c.to), false
		c.id = c.connection.ID()
	}
	c.number++
	next := call{number: c.number, message: c.outbox.request(c.number, r), deadline: c.env.Elapsed() + timeout,
		delta: r.action == actionGetDelta, asker: who}
	if c.open {
		c.connection.Send(next.message)
		next.message = nil
	}
	c.waiting = append(c.waiting, next)
	if !c.watching {
		c.watchIn(timeout)
	}
}

// owns tells whether a connection is this caller's present one, by its ID.
func (c *caller) owns(id uint64) bool { return c.connection != nil && c.id == id }

// opened sends what has been waiting for the connection.
func (c *caller) opened() {
	c.open = true
	for i := range c.waiting {
		c.connection.Send(c.waiting[i].message)
		c.waiting[i].message = nil
	}
}

// received takes the answer to the oldest request. Anything else is a broken peer, and ends the
// connection. Of a delta, what a cache says already is left out.
func (c *caller) received(message []byte, known *cache) {
	d := decoder{Reader: octets.Reader{Data: message}}
	if len(c.waiting) > 0 && c.waiting[0].delta {
		d.cache = known
	}
	answer := &c.inbox.answer
	*answer = response{instances: c.inbox.instances, results: answer.results[:0]}
	number, err := d.responseMessage(answer)
	if err != nil || len(c.waiting) == 0 || c.waiting[0].number != number {
		c.connection.Close()
		c.fail(lost)
		return
	}
	if list := answer.instances; cap(list) > cap(c.inbox.instances) && len(list) <= mostKept {
		c.inbox.instances = list
	}
	who := c.waiting[0].asker
	c.waiting = slices.Delete(c.waiting, 0, 1)
	who.heard(answer, answered)
}

// closed hears that the other side, or the network, ended the connection.
func (c *caller) closed() { c.fail(lost) }

func (c *caller) watchIn(wait time.Duration) {
	if c.watched == nil {
		c.watched = c.watch
	}
	c.watching = true
	c.env.After(wait, c.watched)
}

// watch ends the connection when the oldest request is out of time.
func (c *caller) watch() {
	c.watching = false
	if len(c.waiting) == 0 {
		return
	}
	if left := c.waiting[0].deadline - c.env.Elapsed(); left > 0 {
		c.watchIn(left)
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
		waiting[i].asker.heard(&response{}, why)
	}
}
