package cpstore

import (
	"time"

	"cleave/history"
	"cleave/world"
)

// client is one user of the store, beside a node. It implements world.Client.
//
// It holds one connection, to its host's node first and to the others in turn when that fails, and a
// session that outlives connections. What it has registered it keeps registered: if the session
// ends, it does so again under a new one.
type client struct {
	options Options
	host    string
	cluster world.Cluster
	env     world.Environment
	started time.Duration

	servers    []string // its host, then the others in an order of its own
	current    int      // the server it is connected to, or tries
	connection world.Connection
	phase      phase
	attempt    uint64 // counts connections, so that late timers know theirs is gone

	session int64         // 0 for none
	timeout time.Duration // as agreed
	seen    int64         // the highest zxid in any answer, for life
	former  []int64       // sessions of its own that have ended, or were abandoned

	xid     uint64
	asked   []asked // sent and not answered, in order
	sentAt  time.Duration
	heardAt time.Duration

	operation *operation // the request under way, nil if none
	desired   []*instance
	unwanted  []string // instances whose removal was asked for and is not acknowledged
}

// phase is how far a connection is.
type phase uint8

const (
	apart    phase = iota // no connection; a timer will try again
	dialling              // no answer yet
	greeting              // open; the session is being attached
	attached
)

// asked is a request whose reply is awaited.
type asked struct {
	xid    uint64
	handle func(*reply)
}

func newClient(options Options, host string, cluster world.Cluster) *client {
	return &client{options: options, host: host, cluster: cluster}
}

// Start connects.
func (c *client) Start(env world.Environment) {
	c.env = env
	c.started = env.Elapsed()
	c.servers = []string{c.host}
	for _, name := range c.cluster.Nodes {
		if name != c.host {
			c.servers = append(c.servers, name)
		}
	}
	others := c.servers[1:]
	env.Random().Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	c.connect()
}

// Accepted sends away whoever dials a client.
func (c *client) Accepted(connection world.Connection) { connection.Close() }

// Datagram ignores what this protocol does not have.
func (c *client) Datagram(string, []byte) {}

// Invoke starts a request.
func (c *client) Invoke(request history.Request, done func(history.Completion)) {
	o := &operation{client: c, request: request, done: done}
	if c.operation != nil {
		panic("cpstore: a client was given a request while one is under way")
	}
	if !o.prepare() {
		return
	}
	c.operation = o
	o.timer = c.env.After(c.options.RequestTimeout, func() { o.failed(errorTimeout) })
	if request.Function == history.Home {
		c.goHome(o)
	} else if c.phase == attached {
		o.start()
	}
}

// die leaves without a word: the session, and what it holds, is left to expire.
func (c *client) die() {
	c.desired = nil
	c.retire()
	c.leave()
	c.current = 0
	c.connect()
}

// retire gives the session up.
func (c *client) retire() {
	if c.session == 0 {
		return
	}
	const remembered = 8
	if len(c.former) == remembered {
		c.former = append(c.former[:0], c.former[1:]...)
	}
	c.former = append(c.former, c.session)
	c.session = 0
	c.unwanted = nil // they end with the session
	for _, i := range c.desired {
		i.held = false
	}
}

// ask sends a request; the reply, if it comes, is handed over.
func (c *client) ask(q request, handle func(*reply)) {
	c.xid++
	q.xid = c.xid
	c.asked = append(c.asked, asked{xid: q.xid, handle: handle})
	c.sentAt = c.env.Elapsed()
	c.connection.Send(q.encode())
}

// Received takes a reply. One that does not fit ends the connection.
func (c *client) Received(connection world.Connection, message []byte) {
	if !c.ours(connection) {
		return
	}
	p, good := decodeReply(message)
	if !good {
		c.lost()
		return
	}
	c.heardAt = c.env.Elapsed()
	c.seen = max(c.seen, p.zxid)
	if p.kind == requestPing {
		return
	}
	if len(c.asked) == 0 || c.asked[0].xid != p.xid {
		c.lost()
		return
	}
	handle := c.asked[0].handle
	c.asked = c.asked[1:]
	handle(&p)
}

func (c *client) ours(connection world.Connection) bool {
	return c.connection != nil && c.connection.ID() == connection.ID()
}
