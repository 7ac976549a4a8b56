package zkclient

import (
	"math"
	"slices"
	"time"

	"cleave/history"
	"cleave/systems/zkwire"
	"cleave/world"
)

// client is one user of the store, beside a node. It implements world.Client.
//
// It holds one connection, to its host's server first and to the others in turn when that fails, and
// a session that outlives connections. What it has registered it keeps registered: if the session
// ends, it does so again under a new one.
type client struct {
	options Options
	host    string
	nodes   []string
	env     world.Environment
	started time.Duration

	servers    []string // its host, then the others in an order of its own
	current    int      // the server it is connected to, or tries
	connection world.Connection
	phase      phase
	attempt    uint64 // counts connections, so that late timers know theirs is gone

	session  int64 // 0 for none
	password []byte
	timeout  time.Duration // as agreed
	former   []int64       // sessions of its own that have ended, or were abandoned
	watches  watches       // armed in this session

	// seen is the highest zxid in any reply. go-zookeeper forgets it when the session expires, and the
	// next session may then see the state go back. This client keeps it for life, so that what it reads
	// never goes back whatever becomes of its sessions.
	seen int64

	xid     int32
	asked   []asked // sent and not answered, in order
	scratch []byte  // for requests
	sentAt  time.Duration
	heardAt time.Duration
	pinged  []time.Duration // when the pings were sent that are not answered
	// answeredAt is when the last word was sent that a server has answered in this session.
	answeredAt time.Duration

	application Application // what shares the session, nil if nothing does
	operation   *operation  // the request under way, nil if none
	desired     []*instance
	unwanted    []string // instances whose removal was asked for and is not acknowledged
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
	request zkwire.Request
	handle  func(*zkwire.Reply)
	sentAt  time.Duration
	lossy   bool // it is answered with nil when the connection ends
}

// New makes a client that lives beside the node host and knows the servers nodes. It speaks to
// whatever serves zkwire there, one payload a message.
func New(options Options, host string, nodes []string) world.Client {
	return &client{options: options.withDefaults(), host: host, nodes: nodes}
}

// Start connects.
func (c *client) Start(env world.Environment) {
	c.env = env
	c.started = env.Elapsed()
	c.servers = []string{c.host}
	for _, name := range c.nodes {
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
	if c.application != nil && c.application.Has(request.Function) {
		c.application.Invoke(request, done)
		return
	}
	o := &operation{client: c, request: request, done: done}
	if c.operation != nil {
		panic("zkclient: a client was given a request while one is under way")
	}
	if !o.prepare() {
		return
	}
	c.operation = o
	o.timer = c.env.After(c.options.RequestTimeout, func() { o.failed(ErrorTimeout) })
	if request.Function == history.Home {
		c.goHome(o)
	} else if c.phase == attached {
		o.start()
	}
}

// retire gives the session up, and with it all that it holds.
func (c *client) retire() {
	if c.session == 0 {
		return
	}
	const remembered = 8
	if len(c.former) == remembered {
		c.former = append(c.former[:0], c.former[1:]...)
	}
	c.former = append(c.former, c.session)
	c.session, c.password = 0, nil
	if c.application != nil {
		c.application.Expired()
	}
	c.watches = watches{}
	c.unwanted = nil // they end with the session
	for _, i := range c.desired {
		i.held = false
	}
}

// abandon leaves a session, on purpose, for a new one: nothing is to be registered any more.
func (c *client) abandon() {
	c.desired = nil
	c.retire()
	if c.phase != apart { // else a timer is about to connect
		c.leave()
		c.connect()
	}
}

// ask sends a request; the reply, if it comes, is handed over.
func (c *client) ask(q zkwire.Request, handle func(*zkwire.Reply)) {
	if q.Xid == 0 {
		if c.xid == math.MaxInt32 {
			c.xid = 0 // as Java's client: negative ones have a meaning
		}
		c.xid++
		q.Xid = c.xid
	}
	c.asked = append(c.asked, asked{request: q, handle: handle, sentAt: c.env.Elapsed()})
	c.send(&c.asked[len(c.asked)-1].request)
}

func (c *client) send(q *zkwire.Request) {
	c.sentAt = c.env.Elapsed()
	c.scratch = q.Append(c.scratch[:0])
	c.connection.Send(slices.Clone(c.scratch))
}

// Received takes what the server sent. Whatever does not fit ends the connection.
func (c *client) Received(connection world.Connection, message []byte) {
	if !c.ours(connection) {
		return
	}
	c.heardAt = c.env.Elapsed()
	if c.phase == greeting {
		c.greeted(message)
		return
	}
	xid, _, _, err := zkwire.DecodeReplyHeader(message)
	switch {
	case err != nil:
		c.lost()
	case xid == zkwire.XidNotification:
		c.notified(message)
	case xid == zkwire.XidPing && len(c.pinged) > 0:
		c.answeredAt = max(c.answeredAt, c.pinged[0])
		c.pinged = append(c.pinged[:0], c.pinged[1:]...)
	case xid == zkwire.XidPing:
	case len(c.asked) == 0 || c.asked[0].request.Xid != xid:
		c.lost()
	default:
		c.answered(message)
	}
}

// answered takes the reply to the oldest request.
func (c *client) answered(message []byte) {
	oldest := &c.asked[0]
	p, err := zkwire.DecodeReply(message, oldest.request.Op)
	if err != nil {
		c.lost()
		return
	}
	c.seen = max(c.seen, p.Zxid)
	c.answeredAt = max(c.answeredAt, oldest.sentAt)
	c.watches.armed(&oldest.request, p.Code)
	handle := oldest.handle
	if *oldest = (asked{}); len(c.asked) == 1 {
		c.asked = c.asked[:0] // to be used again
	} else {
		c.asked = c.asked[1:]
	}
	handle(&p)
}

// notified takes an event, and tells of it at once.
func (c *client) notified(message []byte) {
	event, err := zkwire.DecodeEvent(message)
	kind, known := eventNames[event.Type]
	if err != nil || !known {
		c.lost()
		return
	}
	c.watches.fired(event)
	c.env.Note("event", kind+" "+event.Path)
	if c.application != nil {
		c.application.Event(event)
	}
}

func (c *client) ours(connection world.Connection) bool {
	return c.connection != nil && c.connection.ID() == connection.ID()
}
