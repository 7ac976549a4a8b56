package apregistry

// claim is an instance that the client keeps registered: it sends heartbeats for it, and registers it
// again at a server that does not know it, or has an older copy.
type claim struct {
	instance     instance
	acknowledged bool      // a server has taken it, so heartbeats are due
	question     *question // the request about it that is under way
	onTaken      func(reply)
}

// claim makes an instance the client's own, in place of an earlier claim of the same key.
func (c *client) claim(next *claim) {
	c.release(next.instance.key)
	c.index[next.instance.key] = next
	c.claims = append(c.claims, next)
}

// release ends a claim, and gives the one that ended. A request about it that is under way goes to no
// further server.
func (c *client) release(k key) *claim {
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
	if ended.question != nil {
		ended.question.canceled = true
	}
	return ended
}

// pursue registers a claim, and tries again until a server takes it or the claim ends.
func (c *client) pursue(held *claim) {
	if c.index[held.instance.key] != held || held.question != nil {
		return
	}
	held.question = c.ask(&request{action: actionRegister, key: held.instance.key, instance: held.instance}, func(r reply) {
		held.question = nil
		if c.index[held.instance.key] != held {
			return
		}
		if r.problem != noProblem {
			c.env.After(c.options.RegisterRetry, func() { c.pursue(held) })
			return
		}
		held.acknowledged = true
		if held.onTaken != nil {
			held.onTaken(r)
			held.onTaken = nil
		}
	})
}

// heartbeat renews every claim that a server has taken.
func (c *client) heartbeat() {
	for _, held := range c.claims {
		if held.acknowledged && held.question == nil {
			c.renew(held)
		}
	}
}

// renew sends one heartbeat, with the claim's stamp. If the server has a newer copy it says nothing:
// the claim is old news, but its heartbeats keep the newer copy alive.
func (c *client) renew(held *claim) {
	beat := &request{action: actionRenew, key: held.instance.key, dirty: held.instance.dirty, stamped: true}
	held.question = c.ask(beat, func(r reply) {
		held.question = nil
		if r.problem == noProblem && r.code == codeNotFound {
			c.pursue(held)
		}
	})
}
