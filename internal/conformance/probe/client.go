package probe

import (
	"time"

	"cleave/history"
	"cleave/world"
)

// client asks nodes, over a connection to each that it keeps until it ends or does not answer.
type client struct {
	world.Process // for Accepted and Datagram, which never come
	host          string
	env           world.Environment
	roads         map[string]*road
	pending       *pending
	id            uint64
}

// road is the way to a node.
type road struct {
	node       string
	connection world.Connection // nil if there is none
	open       bool
	dials      int64
}

// pending is the request under way.
type pending struct {
	request history.Request
	road    *road
	message message
	sent    bool
	timer   world.Timer
	done    func(history.Completion)
}

func newClient(host string) *client { return &client{host: host, roads: map[string]*road{}} }

func (c *client) Start(env world.Environment) {
	c.env = env
	env.Note("start", "")
}

// Invoke sends a request, or dials first.
func (c *client) Invoke(request history.Request, done func(history.Completion)) {
	if request.Function == history.Home {
		done(history.Completion{Outcome: history.Ok, Value: history.Integer(int64(c.env.Now()))})
		return
	}
	node := request.Key
	if node == "" {
		node = c.host
	}
	c.id++
	p := &pending{request: request, road: c.road(node), done: done, message: message{string(request.Function), c.id, text(request.Value)}}
	p.timer = c.env.After(patience(request), func() { c.giveUp(p) })
	c.pending = p
	if p.road.open {
		c.send()
	}
}

// patience is how long a request may take.
func patience(request history.Request) time.Duration {
	if pings, is := pingsOf(text(request.Value)); is && request.Function == history.Lookup {
		return Timeout + pings.Patience
	}
	return Timeout
}

func (c *client) road(node string) *road {
	r := c.roads[node]
	if r == nil {
		r = &road{node: node}
		c.roads[node] = r
	}
	if r.connection == nil {
		r.dials++
		r.connection = c.env.Dial(node)
	}
	return r
}

func (c *client) send() {
	c.pending.sent = true
	c.pending.road.connection.Send(c.pending.message.encode())
}

// giveUp is the timeout: the connection is of no use, and the next request dials anew.
func (c *client) giveUp(p *pending) {
	p.road.connection.Close()
	p.road.connection, p.road.open = nil, false
	c.complete(history.Completion{Outcome: p.failure(), Error: NoAnswer})
}

// failure is the outcome of a request that got no answer, or a bad one.
func (p *pending) failure() history.Outcome {
	if p.sent && p.request.Function.Mutates() {
		return history.Info
	}
	return history.Fail
}

func (c *client) complete(completion history.Completion) {
	p := c.pending
	c.pending = nil
	p.timer.Stop()
	completion.Version = p.road.dials
	p.done(completion)
}

func (c *client) Opened(connection world.Connection) {
	if r := c.roads[connection.Peer()]; r.connection == connection {
		r.open = true
		if c.pending != nil && c.pending.road == r {
			c.send()
		}
	}
}

// Closed ends the request that was under way there. One that comes later dials anew.
func (c *client) Closed(connection world.Connection, reason world.CloseReason) {
	r := c.roads[connection.Peer()]
	if r.connection != connection {
		return
	}
	r.connection, r.open = nil, false
	if c.pending != nil && c.pending.road == r {
		c.complete(history.Completion{Outcome: c.pending.failure(), Error: string(reason)})
	}
}

// Received takes an answer. One to a request that was given up is nobody's.
func (c *client) Received(connection world.Connection, data []byte) {
	m, good := decode(data)
	p := c.pending
	if !good || p == nil || p.message.id != m.id {
		return
	}
	answer := history.Completion{Outcome: history.Ok, Node: connection.Peer()}
	if m.verb == yes {
		answer.Value = result(p.request.Function, m.text)
	} else {
		answer.Outcome, answer.Error = p.failure(), m.text
	}
	c.complete(answer)
}
