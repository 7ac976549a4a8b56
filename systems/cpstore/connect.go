package cpstore

import (
	"fmt"
	"slices"
	"time"

	"cleave/history"
	"cleave/world"
)

// connectLimit is how long a server may take to accept the connection and the session.
const connectLimit = time.Second

// connect tries the current server.
func (c *client) connect() {
	c.attempt++
	c.phase = dialling
	c.connection = c.env.Dial(c.servers[c.current])
	attempt := c.attempt
	c.env.After(connectLimit, func() {
		if c.attempt == attempt && c.phase != attached && c.phase != apart {
			c.lost()
		}
	})
}

// Opened offers the session, or asks for one.
func (c *client) Opened(connection world.Connection) {
	if !c.ours(connection) {
		return
	}
	c.phase = greeting
	hello := request{kind: requestHello, session: c.session, timeout: c.options.SessionTimeout, seen: c.seen}
	c.ask(hello, c.greeted)
}

// greeted learns whether the session is attached.
func (c *client) greeted(p *reply) {
	if p.code != CodeOK {
		if p.code == CodeSessionExpired {
			c.env.Note("session expired", fmt.Sprintf("%#x", c.session))
			c.retire()
		}
		c.leave()
		c.connect() // the server answers, so it will take a new session
		return
	}
	c.session, c.timeout = p.session, p.timeout
	c.phase = attached
	c.watchServer(c.attempt)
	c.remove()
	for _, i := range slices.Clone(c.desired) { // an answer may change what is desired
		i.ensure()
	}
	if o := c.operation; o != nil {
		o.attached()
	}
}

// Closed tries the next server, after a short wait.
func (c *client) Closed(connection world.Connection, _ world.CloseReason) {
	if c.ours(connection) {
		c.lost()
	}
}

// leave ends the connection, if there is one, and forgets what was asked on it.
func (c *client) leave() {
	if c.connection != nil {
		c.connection.Close()
	}
	c.connection, c.phase, c.asked = nil, apart, nil
	c.attempt++
	for _, i := range c.desired {
		i.interrupted()
	}
}

// lost is the end of a connection, or of the try to get one. An operation that has sent something
// ends with it.
func (c *client) lost() {
	c.leave()
	if !c.staysHome() {
		c.current = (c.current + 1) % len(c.servers)
	}
	attempt := c.attempt
	wait := 50*time.Millisecond + time.Duration(c.env.Random().Below(int64(100*time.Millisecond)))
	c.env.After(wait, func() {
		if c.attempt == attempt && c.phase == apart {
			c.connect()
		}
	})
	if o := c.operation; o != nil && o.begun {
		o.failed(errorConnectionLoss)
	}
}

// staysHome tells whether its host is the only server it wants: when it was told to go there, and at
// the very start, while the nodes are still electing their first leader.
func (c *client) staysHome() bool {
	if o := c.operation; o != nil && o.request.Function == history.Home {
		return true
	}
	return c.seen == 0 && c.env.Elapsed()-c.started < 4*c.options.ElectionBase
}

// watchServer pings a server that has nothing else to answer, and leaves one that is silent.
func (c *client) watchServer(attempt uint64) {
	if c.attempt != attempt || c.phase != attached {
		return
	}
	now := c.env.Elapsed()
	ping, silence := c.sentAt+c.timeout/3, c.heardAt+2*c.timeout/3
	if now >= silence {
		c.lost()
		return
	}
	if now >= ping {
		c.sentAt = now
		c.connection.Send((&request{kind: requestPing}).encode())
		ping = now + c.timeout/3
	}
	c.env.After(min(ping, silence)-now, func() { c.watchServer(attempt) })
}

// goHome returns to the host's node.
func (c *client) goHome(o *operation) {
	if c.current == 0 && c.phase == attached {
		o.ok(history.Nothing, c.seen)
		return
	}
	if c.current != 0 || c.phase == apart {
		c.leave()
		c.current = 0
		c.connect()
	}
}
