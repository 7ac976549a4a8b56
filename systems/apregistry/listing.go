package apregistry

import (
	"time"

	"cleave/systems/eurekawire"
)

// The methods here are what a program asks of a client. Apps are upper-case, as Eureka's clients have them.

// Register makes an instance the client's own: from now on it is kept registered, and heartbeats are sent
// for it. Servers learn of it with the next round of changes, or of heartbeats; SetStatus tells them at
// once.
func (c *Client) Register(w eurekawire.Instance) {
	own := fromWire(&w)
	own.dirty = c.stamp()
	c.claim(&claim{instance: own, dirty: true})
}

// Update changes what the client tells of an instance of its own, but for the status. Servers learn of it
// with the next round of changes. It answers whether there is such an instance.
func (c *Client) Update(w eurekawire.Instance) bool {
	next := fromWire(&w)
	held := c.index[next.key]
	if held == nil {
		return false
	}
	next.status, next.dirty = held.instance.status, c.stamp()
	held.instance, held.dirty = next, true
	return true
}

// SetStatus changes the status of an instance of the client's own, and tells a server at once, unless that
// was done twice just before. It answers whether there is such an instance.
func (c *Client) SetStatus(app, id string, status eurekawire.Status) bool {
	held := c.index[key{app, id}]
	if held == nil {
		return false
	}
	held.instance.status, held.instance.dirty = statusOf(status), c.stamp()
	c.announce(held)
	return true
}

// Deregister ends an instance of the client's own: it is said to be down, then taken out. done is called
// once, with whether a server has taken it out, or knows of none.
func (c *Client) Deregister(app, id string, done func(bool)) {
	c.withdraw(key{app, id}, func(r reply) {
		done(r.problem == noProblem && (r.code == codeOK || r.code == codeNotFound))
	})
}

// Registered tells whether a server has taken an instance of the client's own as it is now.
func (c *Client) Registered(app, id string) bool {
	held := c.index[key{app, id}]
	return held != nil && !held.dirty
}

// Fetches counts what has been fetched so far.
func (c *Client) Fetches() Fetches { return c.fetched }

// Listing is the client's cache as it is now.
func (c *Client) Listing() Listing {
	c.cache.shared = true
	return Listing{c.cache}
}

// Listing is a client's cache as it was at one moment. It never changes.
type Listing struct{ cache cache }

// Known tells whether there was a list at all. An empty one is a list.
func (l Listing) Known() bool { return l.cache.known }

// Len is how many instances are listed.
func (l Listing) Len() int { return len(l.cache.instances) }

// Asked is when the client asked for the list, by its wall clock.
func (l Listing) Asked() time.Duration { return time.Duration(l.cache.stamp) }

// Age is how old the list is at a time of the client's monotonic clock.
func (l Listing) Age(now time.Duration) time.Duration { return l.cache.age(now) }

// App gives the instances of an app, whatever their status.
func (l Listing) App(name string) []eurekawire.Instance { return toWires(l.cache.app(name)) }

// All gives every instance.
func (l Listing) All() []eurekawire.Instance { return toWires(l.cache.instances) }

func toWires(instances []instance) []eurekawire.Instance {
	list := make([]eurekawire.Instance, len(instances))
	for i := range instances {
		list[i] = instances[i].toWire()
	}
	return list
}
