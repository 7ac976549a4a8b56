package apregistry

import "cleave/history"

// read asks a server for the copy of a key's instance that it holds right now.
func (c *client) read(o *operation, name string) {
	c.readCopy(name, func(r reply) { o.finish(readCompletion(r)) })
}

func (c *client) readCopy(name string, done func(reply)) {
	c.ask(&request{action: actionGetInstance, key: key{registerApp, name}}, done)
}

// readCompletion says what a read found: the metadata, nothing if there is no such instance.
func readCompletion(r reply) history.Completion {
	switch {
	case r.problem != noProblem:
		return readFailed(r.problem)
	case r.code == codeNotFound:
		return history.Completion{Outcome: history.Ok, Node: r.server}
	case r.code != codeOK || len(r.instances) != 1:
		return failed(errorRefused)
	}
	found := r.instances[0]
	return history.Completion{Outcome: history.Ok, Value: history.Integer(found.value), Node: r.server, Version: found.dirty}
}

// write registers a key's instance with a new stamp and value. Going on to another server repeats the
// same registration. What may have reached a server is claimed: it is kept alive, and will happen.
func (c *client) write(o *operation, name string, value history.Value) {
	number, isInteger := value.AsInteger()
	if !isInteger {
		o.finish(failed(errorNotInteger))
		return
	}
	o.giveUp = changeFailed(timedOut)
	next := instance{key: key{registerApp, name}, status: up, value: number, dirty: c.stamp()}
	c.ask(&request{action: actionRegister, key: next.key, instance: next}, func(r reply) {
		completion := changeFailed(r.problem)
		if r.problem == noProblem {
			completion = history.Completion{Outcome: history.Ok, Node: r.server, Version: next.dirty}
			if r.code != codeRegistered {
				completion = failed(errorRefused)
			}
		}
		if completion.Outcome != history.Fail {
			c.claim(&claim{instance: next, acknowledged: true})
		}
		o.finish(completion)
	})
}

// compareAndSet reads, compares and writes, each by itself: the registry has nothing better, and the
// compare protects nothing.
func (c *client) compareAndSet(o *operation, name string, pair history.Value) {
	values, isList := pair.AsList()
	if !isList || len(values) != 2 {
		o.finish(failed(errorNoPair))
		return
	}
	c.readCopy(name, func(r reply) {
		found := readCompletion(r)
		switch {
		case o.done == nil: // its time was over before anything was written
		case found.Outcome != history.Ok:
			o.finish(found)
		case !found.Value.Equal(values[0]):
			o.finish(history.Completion{Outcome: history.Fail, Node: found.Node, Version: found.Version, Error: errorDiffers})
		default:
			c.write(o, name, values[1])
		}
	})
}

// register claims an instance, and goes on trying when the request's time is over: so it never
// certainly fails.
func (c *client) register(o *operation, k key) {
	o.giveUp = changeFailed(timedOut)
	next := &claim{instance: instance{key: k, status: up, dirty: c.stamp()}}
	next.onTaken = func(r reply) {
		if r.code != codeRegistered {
			c.release(k)
			o.finish(failed(errorRefused))
			return
		}
		o.finish(history.Completion{Outcome: history.Ok, Node: r.server, Version: next.instance.dirty})
	}
	c.claim(next)
	c.pursue(next)
}

// deregister ends a claim as Eureka's client does: it says that the instance is down, then takes it
// out. Heartbeats end at once, so even if no server hears of it the instance is on its way out: the
// request never certainly fails.
func (c *client) deregister(o *operation, k key) {
	o.giveUp = changeFailed(timedOut)
	cancel := func(reply) {
		c.ask(&request{action: actionCancel, key: k}, func(r reply) {
			switch {
			case r.problem != noProblem:
				o.finish(unclear(outcomes[r.problem].name))
			case r.code != codeOK && r.code != codeNotFound:
				o.finish(unclear(errorRefused))
			default:
				o.finish(history.Completion{Outcome: history.Ok, Node: r.server})
			}
		})
	}
	ended := c.release(k)
	if ended == nil {
		cancel(reply{})
		return
	}
	last := ended.instance
	last.status, last.dirty = down, c.stamp()
	c.ask(&request{action: actionRegister, key: k, instance: last}, cancel)
}
