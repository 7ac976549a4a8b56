package apregistry

import "cleave/history"

// read asks a server for the copy of a key's instance that it holds right now.
func (u *user) read(o *operation, name string) {
	u.readCopy(name, func(r reply) { o.finish(readCompletion(r)) })
}

func (u *user) readCopy(name string, done func(reply)) {
	u.ask(&request{action: actionGetInstance, key: key{u.app(registerApp), name}}, done)
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
func (u *user) write(o *operation, name string, value history.Value) {
	number, isInteger := value.AsInteger()
	if !isInteger {
		o.finish(failed(errorNotInteger))
		return
	}
	o.giveUp = changeFailed(timedOut)
	next := instance{key: key{u.app(registerApp), name}, status: up, value: number, dirty: u.stamp()}
	u.ask(&request{action: actionRegister, key: next.key, instance: next}, func(r reply) {
		completion := changeFailed(r.problem)
		if r.problem == noProblem {
			completion = history.Completion{Outcome: history.Ok, Node: r.server, Version: next.dirty}
			if r.code != codeRegistered {
				completion = failed(errorRefused)
			}
		}
		if completion.Outcome != history.Fail {
			u.claim(&claim{instance: next, fixed: true, dirty: completion.Outcome == history.Info})
		}
		o.finish(completion)
	})
}

// compareAndSet reads, compares and writes, each by itself: the registry has nothing better, and the
// compare protects nothing.
func (u *user) compareAndSet(o *operation, name string, pair history.Value) {
	values, isList := pair.AsList()
	if !isList || len(values) != 2 {
		o.finish(failed(errorNoPair))
		return
	}
	u.readCopy(name, func(r reply) {
		found := readCompletion(r)
		switch {
		case o.done == nil: // its time was over before anything was written
		case found.Outcome != history.Ok:
			o.finish(found)
		case !found.Value.Equal(values[0]):
			o.finish(history.Completion{Outcome: history.Fail, Node: found.Node, Version: found.Version, Error: errorDiffers})
		default:
			u.write(o, name, values[1])
		}
	})
}

// register claims an instance that is up, and goes on trying when the request's time is over: so it never
// certainly fails.
func (u *user) register(o *operation, k key) {
	o.giveUp = changeFailed(timedOut)
	next := &claim{instance: instance{key: k, status: up, dirty: u.stamp()}}
	if u.down {
		next.instance.status = down
	}
	next.onTaken = func(r reply) {
		if r.code != codeRegistered {
			u.release(k)
			o.finish(failed(errorRefused))
			return
		}
		o.finish(history.Completion{Outcome: history.Ok, Node: r.server, Version: next.instance.dirty})
	}
	u.claim(next)
	u.announce(next)
}

// deregister ends a claim. Its heartbeats end at once, so even if no server hears of it the instance is on
// its way out: the request never certainly fails.
func (u *user) deregister(o *operation, k key) {
	o.giveUp = changeFailed(timedOut)
	u.withdraw(k, func(r reply) {
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
