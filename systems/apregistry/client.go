package apregistry

import (
	"math"
	"strconv"
	"strings"
	"time"

	"cleave/internal/rng"
	"cleave/world"
)

// Client is a user of the registry, by the rules of Eureka's Java client. It keeps instances registered
// and a cache of what is registered, which has no end of life. It implements world.Process: its other
// methods are to be called where those of world.Process are, after Start.
type Client struct {
	options ClientOptions
	env     world.Environment
	servers []*server // in the order in which they are asked
	claims  []*claim  // in order of claiming
	index   map[key]*claim
	tie     int64 // the lowest bits of its stamps
	stamped int64 // its last stamp
	down    bool  // bugGoesOnDown: it has taken an instance down
	cache   cache
	fetched Fetches
	saving  saving
	beats   *repeat
	fetches *repeat
	changes world.Timer
	outbox  outbox
	inbox   inbox
	hashes  hashes
}

// NewClient makes a client. It needs at least one server.
func NewClient(options ClientOptions) *Client {
	if len(options.Servers) == 0 || options.Attempts < 1 {
		panic("apregistry: a client needs a server, and an attempt")
	}
	c := &Client{options: options, index: map[key]*claim{}, stamped: math.MinInt64}
	for _, address := range options.byZone() {
		c.servers = append(c.servers, &server{caller: caller{to: address.Name, timeout: options.AttemptTimeout}})
	}
	return c
}

// Start fills the cache, from its file at first, and begins the heartbeats and fetches, at a random moment
// of their intervals.
func (c *Client) Start(env world.Environment) {
	c.env = env
	c.tie = tieBreak(env.Name())
	for _, s := range c.servers {
		s.caller.env, s.caller.outbox, s.caller.inbox = env, &c.outbox, &c.inbox
	}
	c.load()
	random := env.Random()
	c.beats = newRepeat(env, c.options.HeartbeatInterval, c.options.BackOff, c.heartbeat)
	c.fetches = newRepeat(env, c.options.FetchInterval, c.options.BackOff, c.fetch)
	c.beats.begin(time.Duration(random.Below(int64(c.options.HeartbeatInterval))))
	c.fetches.begin(time.Duration(random.Below(int64(c.options.FetchInterval))))
	c.every(c.options.InfoDelay, c.options.InfoInterval, c.submitDirty)
	first := &round{ended: func() {}}
	first.asking = true
	c.fetch(first)
	first.asking = false
}

// every calls an action after a first wait, and then again and again.
func (c *Client) every(first, interval time.Duration, action func()) {
	var again func()
	again = func() {
		action()
		c.changes = c.env.After(interval, again)
	}
	c.changes = c.env.After(first, again)
}

// Shutdown ends the client: its instances are said to be down, then taken out, and nothing more is sent
// for them. done is called once, when the servers have answered or the attempts are used up. The cache
// goes on answering.
func (c *Client) Shutdown(done func()) {
	c.beats.stop()
	c.fetches.stop()
	c.changes.Stop()
	open := len(c.claims)
	if open == 0 {
		done()
		return
	}
	for len(c.claims) > 0 {
		c.withdraw(c.claims[0].instance.key, func(reply) {
			if open--; open == 0 {
				done()
			}
		})
	}
}

// Accepted refuses: nobody has business with a client.
func (c *Client) Accepted(connection world.Connection) { connection.Close() }

// Opened sends a server what waits for it.
func (c *Client) Opened(connection world.Connection) {
	if s := c.serverOf(connection); s != nil {
		s.caller.opened()
	}
}

// Received takes a server's answer.
func (c *Client) Received(connection world.Connection, message []byte) {
	if s := c.serverOf(connection); s != nil {
		s.caller.received(message, &c.cache)
	}
}

// Closed moves the requests that waited for the server on to others.
func (c *Client) Closed(connection world.Connection, _ world.CloseReason) {
	if s := c.serverOf(connection); s != nil {
		s.caller.closed()
	}
}

// Datagram does nothing: the registry uses none.
func (c *Client) Datagram(string, []byte) {}

func (c *Client) serverOf(connection world.Connection) *server {
	id := connection.ID()
	for _, s := range c.servers {
		if s.caller.owns(id) {
			return s
		}
	}
	return nil
}

// stamp is the next lastDirtyTimestamp: the wall clock, but always above the client's last one, and, unless
// stamps are milliseconds, never equal to another client's.
func (c *Client) stamp() int64 {
	stamp, grain := int64(c.env.Now())&^(stampGrain-1)+c.tie, int64(stampGrain)
	if c.options.Milliseconds {
		grain = int64(time.Millisecond)
		stamp = int64(c.env.Now().Truncate(time.Millisecond))
	}
	if stamp <= c.stamped {
		stamp = c.stamped + grain
	}
	c.stamped = stamp
	return stamp
}

// stampGrain is how much of a stamp, in nanoseconds, tells clients apart.
const stampGrain = 1 << 12

// tieBreak is the client's number, or a number made of its name if that does not end with one.
func tieBreak(name string) int64 {
	digits := name[len(strings.TrimRight(name, "0123456789")):]
	if number, err := strconv.ParseUint(digits, 10, 64); err == nil {
		return int64(number % stampGrain)
	}
	return int64(rng.Below(rng.Text(name), stampGrain))
}
