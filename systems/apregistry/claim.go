package apregistry

import "time"

// claim is an instance that the client keeps registered: it sends heartbeats for it, registers it again
// at a server that does not know it, or has an older copy, and sends what changes of it.
type claim struct {
	instance    instance
	fixed       bool      // the stamp is that of a write, and stays when the instance is registered again
	dirty       bool      // no server has taken it as it is now
	registering *question // the registration that is under way
	again       bool      // it changed meanwhile, and is to be registered once more
	haste       haste
	onTaken     func(reply) // called once, with the first answer to a registration
	renewed     func(reply) // called with the answer to each heartbeat
}

// claim makes an instance the client's own, in place of an earlier claim of the same key.
func (c *Client) claim(next *claim) {
	c.release(next.instance.key)
	c.index[next.instance.key] = next
	c.claims = append(c.claims, next)
}

// release ends a claim, and gives the one that ended. A registration of it that is under way goes to no
// further server.
func (c *Client) release(k key) *claim {
	ended := c.index[k]
	if ended == nil {
		return nil
	}
	delete(c.index, k)
	for i, other := range c.claims {
		if other == ended {
			c.claims = append(c.claims[:i:i], c.claims[i+1:]...)
			break
		}
	}
	if ended.registering != nil {
		ended.registering.canceled = true
	}
	return ended
}

// announce sends a change at once, unless too many were in too short a time: then it waits for the next
// round of changes.
func (c *Client) announce(held *claim) {
	held.dirty = true
	if held.haste.allows(c.env.Elapsed(), c.options.InfoInterval/hasteBurst) {
		c.submit(held)
	}
}

// submitDirty is a round of changes: everything is sent that no server has taken.
func (c *Client) submitDirty() {
	for _, held := range c.claims {
		if held.dirty {
			c.submit(held)
		}
	}
}

// submit registers a claim as it is now, once. If nobody takes it, it stays dirty.
func (c *Client) submit(held *claim) {
	if held.registering != nil {
		held.again = true
		return
	}
	stamp := held.instance.dirty
	held.registering = c.ask(&request{action: actionRegister, key: held.instance.key, instance: held.instance}, func(r reply) {
		held.registering = nil
		if c.index[held.instance.key] != held {
			return
		}
		c.submitted(held, stamp, r)
	})
}

func (c *Client) submitted(held *claim, stamp int64, r reply) {
	if r.problem == noProblem {
		if r.code == codeRegistered && held.instance.dirty == stamp {
			held.dirty = false
		}
		if taken := held.onTaken; taken != nil {
			held.onTaken = nil
			taken(r)
		}
	}
	if held.again {
		held.again = false
		c.submit(held)
	}
}

// heartbeat renews every claim, registered or not: so it is found out which are not.
func (c *Client) heartbeat(round *round) {
	for _, held := range c.claims {
		if held.registering == nil {
			c.renew(round, held)
		}
	}
}

// renew sends one heartbeat, with the claim's stamp. If the server has a newer copy it says nothing: the
// claim is old news, but its heartbeats keep the newer copy alive. If it knows no such instance, or an
// older copy, the claim is registered there, as news.
func (c *Client) renew(round *round, held *claim) {
	if held.renewed == nil {
		held.renewed = func(r reply) { c.renewed(held, r) }
	}
	round.ask(c, &request{action: actionRenew, key: held.instance.key, dirty: held.instance.dirty, stamped: true}, held.renewed)
}

func (c *Client) renewed(held *claim, r reply) {
	if r.problem != noProblem || r.code != codeNotFound || c.index[held.instance.key] != held {
		return
	}
	if !held.fixed {
		held.instance.dirty = c.stamp()
	}
	held.dirty = true
	c.submit(held)
}

// withdraw ends a claim as Eureka's client does when it shuts down: it says that the instance is down,
// then takes it out. Heartbeats end at once, so even if no server hears of it the instance is on its way
// out.
func (c *Client) withdraw(k key, done func(reply)) {
	ended := c.release(k)
	if ended == nil {
		c.ask(&request{action: actionCancel, key: k}, done)
		return
	}
	last := ended.instance
	last.status, last.dirty = down, c.stamp()
	c.down = c.options.Bug == bugGoesOnDown
	c.ask(&request{action: actionRegister, key: k, instance: last}, func(reply) {
		// The stamp is for the plain profile, where a cancel that comes late must not end a newer life.
		c.ask(&request{action: actionCancel, key: k, dirty: last.dirty, stamped: true}, done)
	})
}

// hasteBurst is how many changes of an instance may go out at once, and in one interval of the rounds.
const hasteBurst = 2

// haste bounds the changes sent on demand, as Eureka's client does: two at once, and then one each half
// interval. The zero value has used none.
type haste struct {
	used  int
	since time.Duration // when the oldest use that counts began to be forgiven
}

// allows tells whether one more may go now, and counts it. One use is forgiven after each wait.
func (h *haste) allows(now, wait time.Duration) bool {
	for h.used > 0 && now-h.since >= wait {
		h.used--
		h.since += wait
	}
	if h.used == hasteBurst {
		return false
	}
	if h.used == 0 {
		h.since = now
	}
	h.used++
	return true
}
