package apregistry

import (
	"math"
	"strconv"
	"strings"
	"time"

	"cleave/history"
	"cleave/internal/rng"
	"cleave/world"
)

// registerApp is the app of the instances that stand for keys: their metadata is the key's value.
const registerApp = "register"

// client is a user of the registry beside one node. It implements world.Client.
type client struct {
	host     string
	options  Options
	env      world.Environment
	servers  []*server // its host first, then the others around the ring
	claims   []*claim  // in order of claiming
	index    map[key]*claim
	tie      int64 // the lowest bits of its stamps
	stamped  int64 // its last stamp
	cache    []instance
	fetched  bool
	fetching bool
}

func newClient(name, host string, cluster world.Cluster, options Options) *client {
	c := &client{host: host, options: options, index: map[key]*claim{}, tie: tieBreak(name), stamped: math.MinInt64}
	first := 0
	for i, node := range cluster.Nodes {
		if node == host {
			first = i
		}
	}
	for i := range cluster.Nodes {
		node := cluster.Nodes[(first+i)%len(cluster.Nodes)]
		c.servers = append(c.servers, &server{caller: caller{to: node, timeout: options.AttemptTimeout}})
	}
	return c
}

// Start begins the heartbeats, at a random moment of the interval, and fills the cache.
func (c *client) Start(env world.Environment) {
	c.env = env
	for _, s := range c.servers {
		s.caller.env = env
	}
	random := env.Random()
	c.every(time.Duration(random.Below(int64(c.options.RenewalInterval))), c.options.RenewalInterval, c.heartbeat)
	c.every(time.Duration(random.Below(int64(c.options.FetchInterval))), c.options.FetchInterval, c.fetch)
	c.fetch()
}

// every calls an action after a first wait, and then again and again.
func (c *client) every(first, interval time.Duration, action func()) {
	c.env.After(first, func() {
		action()
		c.every(interval, interval, action)
	})
}

// Accepted refuses: nobody has business with a client.
func (c *client) Accepted(connection world.Connection) { connection.Close() }

// Opened sends a server what waits for it.
func (c *client) Opened(connection world.Connection) {
	if s := c.serverOf(connection); s != nil {
		s.caller.opened()
	}
}

// Received takes a server's answer.
func (c *client) Received(connection world.Connection, message []byte) {
	if s := c.serverOf(connection); s != nil {
		s.caller.received(message)
	}
}

// Closed moves the requests that waited for the server on to others.
func (c *client) Closed(connection world.Connection, _ world.CloseReason) {
	if s := c.serverOf(connection); s != nil {
		s.caller.closed()
	}
}

// Datagram does nothing: the registry uses none.
func (c *client) Datagram(string, []byte) {}

func (c *client) serverOf(connection world.Connection) *server {
	for _, s := range c.servers {
		if s.caller.owns(connection) {
			return s
		}
	}
	return nil
}

// operation is the request under way. It finishes once, at the latest when its time is over.
type operation struct {
	done   func(history.Completion)
	giveUp history.Completion // what is known if the time is over now
	timer  world.Timer
}

func (o *operation) finish(completion history.Completion) {
	if o.done == nil {
		return
	}
	done := o.done
	o.done = nil
	o.timer.Stop()
	done(completion)
}

// Invoke starts a request of a workload.
func (c *client) Invoke(r history.Request, done func(history.Completion)) {
	o := &operation{done: done, giveUp: readFailed(timedOut)}
	o.timer = c.env.After(c.options.RequestTimeout, func() { o.finish(o.giveUp) })
	switch r.Function {
	case history.Read:
		c.read(o, r.Key)
	case history.Write:
		c.write(o, r.Key, r.Value)
	case history.CAS:
		c.compareAndSet(o, r.Key, r.Value)
	case history.Register:
		c.register(o, instanceKey(r.Key))
	case history.Deregister:
		c.deregister(o, instanceKey(r.Key))
	case history.Die:
		c.release(instanceKey(r.Key))
		o.finish(history.Completion{Outcome: history.Ok})
	case history.Lookup:
		c.lookup(o, r.Key)
	case history.CacheLookup:
		c.cacheLookup(o, r.Key)
	case history.Home:
		c.home(o)
	default:
		o.finish(failed(errorUnsupported))
	}
}

// home forgets which servers failed, so that the next request goes to the host.
func (c *client) home(o *operation) {
	for _, s := range c.servers {
		s.suspect, s.avoided = false, 0
	}
	o.finish(history.Completion{Outcome: history.Ok, Node: c.host})
}

// stamp is the next lastDirtyTimestamp: the wall clock, but always above the client's last one, and
// never equal to another client's.
func (c *client) stamp() int64 {
	stamp := int64(c.env.Now())&^(stampGrain-1) + c.tie
	if stamp <= c.stamped {
		stamp = c.stamped + stampGrain
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
