package zkclient

import (
	"slices"
	"time"

	"cleave/history"
	"cleave/systems/zkwire"
	"cleave/world"
)

// passwordSize is what ZooKeeper's sessions have; a client without a session sends zeros.
const passwordSize = 16

// connect tries the current server.
func (c *client) connect() {
	c.attempt++
	c.phase = dialling
	c.connection = c.env.Dial(c.servers[c.current])
	attempt := c.attempt
	c.env.After(c.options.ConnectLimit, func() {
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
	hello := zkwire.ConnectRequest{
		LastZxidSeen: c.seen,
		Timeout:      int32(c.options.SessionTimeout / time.Millisecond),
		SessionID:    c.session,
		Password:     c.password,
		HasReadOnly:  true, // and ReadOnly false: a server that cannot write will not do
	}
	if c.session == 0 {
		hello.Password = make([]byte, passwordSize)
	}
	c.sentAt = c.env.Elapsed()
	c.connection.Send(hello.Append(nil))
}

// greeted learns whether the session is attached. go-zookeeper knows a session that is gone by its id
// of 0, Java's client by the timeout of 0; servers send both.
func (c *client) greeted(message []byte) {
	p, err := zkwire.DecodeConnectResponse(message)
	gone := p.SessionID == 0 || p.Timeout <= 0
	switch {
	case err != nil || p.ReadOnly || gone && c.session == 0:
		c.lost()
	case gone:
		c.env.Note("expired", SessionText(c.session))
		c.retire()
		c.leave()
		c.connect() // the server answers, so it will take a new session
	default:
		fresh := c.session == 0
		c.answeredAt = c.sentAt
		c.session, c.password = p.SessionID, slices.Clone(p.Password)
		c.timeout = time.Duration(p.Timeout) * time.Millisecond
		c.phase = attached
		c.env.Note("connected", c.servers[c.current]+" session "+SessionText(c.session))
		c.begin()
		if c.application != nil && c.phase == attached {
			c.application.Attached(fresh)
		}
	}
}

// begin takes up the session's affairs on a new connection. The watches come first: what is asked
// after them cannot show a change whose event is still to come.
func (c *client) begin() {
	c.watchServer(c.attempt)
	c.restoreWatches()
	c.remove()
	for _, i := range slices.Clone(c.desired) { // an answer may change what is desired
		i.ensure()
	}
	if o := c.operation; o != nil {
		o.attached()
	}
}

// restoreWatches sets again, on a new connection, what was armed on the last. The server fires at
// once what changed since the zxid. A client with more watches than fit a message would send several;
// this one never has as many.
func (c *client) restoreWatches() {
	q, some := c.watches.request(c.seen)
	if !some {
		return
	}
	c.ask(q, func(p *zkwire.Reply) {
		if p.Code != zkwire.OK {
			c.lost() // no watch is armed here, and nobody would know
		}
	})
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
	was, lost := c.phase, c.asked
	if was == attached {
		c.env.Note("disconnected", c.servers[c.current])
	}
	c.connection, c.phase, c.asked, c.pinged = nil, apart, nil, c.pinged[:0]
	c.attempt++
	for _, i := range c.desired {
		i.interrupted()
	}
	if c.application != nil && was == attached {
		for i := range lost {
			if lost[i].lossy {
				lost[i].handle(nil)
			}
		}
		c.application.Suspended()
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
		o.failed(ErrorConnectionLoss)
	}
}

// staysHome tells whether its host is the only server it wants: when it was told to go there, and at
// the very start, while the nodes are still electing their first leader.
func (c *client) staysHome() bool {
	if o := c.operation; o != nil && o.request.Function == history.Home {
		return true
	}
	return c.seen == 0 && c.env.Elapsed()-c.started < c.options.Settle
}

// watchServer pings a server that has been asked nothing for a third of the session's time, and
// leaves one that was silent for two: what is left of it is for finding another server.
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
		c.send(&zkwire.Request{Xid: zkwire.XidPing, Op: zkwire.OpPing})
		c.pinged = append(c.pinged, now)
		ping = now + c.timeout/3
	}
	c.env.After(min(ping, silence)-now, func() { c.watchServer(attempt) })
}

// goHome returns to the host's server.
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
