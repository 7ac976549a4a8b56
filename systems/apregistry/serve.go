package apregistry

// handle answers one request, whatever it came over.
func (n *node) handle(r *request) response {
	if r.action == actionFigures {
		return response{code: codeOK, figures: n.figures()}
	}
	if n.boot.syncing {
		return response{code: codeUnavailable}
	}
	switch r.action {
	case actionGetInstance:
		return single(n.registry.get(r.key, n.now()))
	case actionGetByID:
		return single(n.registry.byID(r.key.id, n.now()))
	case actionGetApp, actionGetAll, actionGetDelta, actionGetVIP, actionGetSecureVIP:
		return n.list(r)
	case actionBatch:
		return n.batch(r)
	case actionExchange:
		return n.answerExchange(r)
	}
	return n.change(r)
}

func single(found instance, there bool) response {
	if !there {
		return response{code: codeNotFound}
	}
	return response{code: codeOK, instances: []instance{found}}
}

// batch does what a peer tells. A registration is always said to have been done, as Eureka says it.
func (n *node) batch(r *request) response {
	n.results = room(n.results, len(r.tasks))
	results := n.results
	for i := range r.tasks {
		r.tasks[i].replicated = true
		results[i] = n.change(&r.tasks[i])
		if r.tasks[i].action == actionRegister {
			results[i] = response{code: codeOK}
		}
		n.replications++
	}
	return response{code: codeOK, results: results}
}

// list answers from the response cache, once lists may be read.
func (n *node) list(r *request) response {
	if !n.boot.listable(n.env.Elapsed(), n.options.WaitWhenSyncEmpty) || r.action == actionGetDelta && n.options.NoDelta {
		return response{code: codeForbidden}
	}
	list := n.cache.read(r.action, r.key.app, n.now())
	answer := response{code: codeOK, instances: list.instances, version: list.version, delta: list.delta, hash: list.hash, bytes: &list.bytes}
	switch {
	case r.have == list.version:
		answer.code, answer.instances, answer.bytes = codeNotModified, nil, nil
	case len(list.instances) == 0 && r.key.app != "":
		return response{code: codeNotFound}
	}
	return answer
}

// change does one operation on an instance, and tells the peers of it unless a peer told this node.
func (n *node) change(r *request) response {
	switch r.action {
	case actionRegister:
		return n.register(r)
	case actionRenew:
		return n.renew(r)
	case actionCancel:
		return n.cancel(r)
	case actionSetStatus, actionDeleteStatus:
		return n.restate(r)
	case actionSetMetadata:
		return n.setMetadata(r)
	}
	return response{code: codeBadRequest}
}

// register takes a registration. One without a stamp is as of now, by this node's clock, but no older
// than what is known of the instance.
func (n *node) register(r *request) response {
	k := r.instance.key
	if k.app == "" || k.id == "" {
		return response{code: codeBadRequest, message: "an instance needs an app and an id"}
	}
	held := n.registry.index[k]
	if held == nil && len(n.registry.leases) >= n.options.MaxInstances {
		return response{code: codeUnavailable, message: "the registry is full"}
	}
	if r.instance.dirty == 0 && r.instance.more != nil {
		r.instance.dirty = n.newStamp(k)
	}
	if n.bug == bugSkewRevives && !r.replicated {
		r.instance.dirty = int64(n.env.Now())
	}
	if n.options.Profile == Plain && n.registry.graves.bars(k, r.instance.dirty) {
		return response{code: codeRegistered} // old news; if its owner lives, its next heartbeat is told so
	}
	if n.options.Profile == Plain && r.replicated {
		n.adopt(r.instance)
		return response{code: codeRegistered}
	}
	if r.replicated {
		n.noteRevival(&r.instance)
	}
	n.registry.register(r.instance, r.replicated, n.now())
	told := r.instance
	// Peers are told of the status as it was decided here, as in Eureka, which changes it in the copy that it
	// then sends. Otherwise they would decide for themselves, and differently.
	if now := n.registry.index[k].instance; n.options.Profile == Plain || now.dirty == told.dirty {
		told = now
	}
	n.replicate(r, &told)
	return response{code: codeRegistered}
}

func (n *node) newStamp(k key) int64 {
	stamp := int64(n.env.Now()) / millisecond * millisecond
	if held := n.registry.index[k]; held != nil {
		stamp = max(stamp, held.instance.dirty)
	}
	if n.registry.graves.bars(k, stamp) {
		stamp = n.registry.graves.index[k].dirty + millisecond
	}
	return stamp
}

// renew takes a heartbeat and compares the sender's stamp with that of the copy here. The sender's is
// greater: it has news, and must register it. It is smaller: a client goes on, a peer is sent the copy.
func (n *node) renew(r *request) response {
	now := n.now()
	renewed := n.registry.holds(r)
	if renewed == nil || !n.registry.prolong(renewed, r.replicated, now) {
		if n.bug == bugStub && r.replicated {
			n.registry.register(instance{key: key{r.key.app, r.key.app}, status: up}, true, now)
		}
		if n.bug == bugEvictRenewed {
			return response{code: codeOK}
		}
		return response{code: codeNotFound}
	}
	held := &renewed.instance
	n.replicate(r, held)
	switch {
	case !r.stamped || r.dirty == held.dirty:
	case r.dirty > held.dirty:
		if r.replicated && r.overridden != unknown {
			n.registry.storeOverride(r.key, r.overridden, now)
		}
		return response{code: codeNotFound}
	case r.replicated && !n.unheard[r.key]:
		return response{code: codeConflict, instances: []instance{*held}}
	}
	return response{code: codeOK}
}

// cancel takes an instance out. In the plain profile the cancel is remembered, with the stamp of the copy
// that it ends, and a later copy survives it.
func (n *node) cancel(r *request) response {
	now := n.now()
	held := n.registry.index[r.key]
	known, dirty := held != nil, r.dirty
	switch {
	case n.options.Profile == Plain:
		if known && !r.stamped {
			dirty = held.instance.dirty
		}
		if known || r.stamped {
			known = n.registry.bury(r.key, dirty, now, now)
		}
	case n.bug == bugSkewRevives && r.replicated && known && held.instance.dirty > r.dirty:
		return response{code: codeConflict, instances: []instance{held.instance}}
	default:
		n.noteEnd(r.key, held)
		dirty = int64(n.env.Now()) // only the planted bug looks at it
		known = n.registry.cancel(r.key, now)
	}
	if known || n.options.Profile == Plain && r.stamped {
		n.replicate(r, &instance{key: r.key, dirty: dirty})
	}
	if !known {
		return response{code: codeNotFound}
	}
	return response{code: codeOK}
}

// restate sets or deletes an override. In the plain profile it is news, with a stamp of its own, so that
// a peer that has missed it learns of it later.
func (n *node) restate(r *request) response {
	held := n.registry.index[r.key]
	if held == nil {
		return response{code: codeNotFound}
	}
	if n.options.Profile == Plain && !r.replicated {
		r.dirty, r.stamped = max(r.dirty, held.instance.dirty+1), true
	}
	act := n.registry.setStatus
	if r.action == actionDeleteStatus {
		act = n.registry.deleteStatus
	}
	act(r.key, r.status, r.dirty, r.stamped, n.now())
	n.replicate(r, &held.instance)
	return response{code: codeOK}
}

// setMetadata registers the held copy again with more metadata, and with the stamp that it has: so do
// Eureka's servers, and a peer that has a copy with the same stamp takes it.
func (n *node) setMetadata(r *request) response {
	next, found := n.registry.withMetadata(r.key, r.metadata)
	if !found {
		return response{code: codeNotFound}
	}
	if n.options.Profile == Plain {
		next.dirty++
	}
	n.registry.register(next, false, n.now())
	n.replicate(&request{action: actionRegister, key: r.key, instance: next, replicated: r.replicated}, &next)
	return response{code: codeOK}
}

// replicate tells every peer of a client's operation. What a peer told goes no further.
func (n *node) replicate(r *request, copy *instance) {
	if r.replicated || n.bug == bugDropRegister && n.drops(r) || n.bug == bugCancelLost && r.action == actionCancel {
		return
	}
	news := n.task(r.action, copy)
	if n.bug == bugOverrideForgotten {
		if r.action == actionSetStatus || r.action == actionDeleteStatus {
			return
		}
		news.instance.overridden = unknown
	}
	for _, p := range n.peers {
		p.tell(news)
	}
}

// drops is the planted bug: every second registration, and all that would repair it, reaches no peer.
func (n *node) drops(r *request) bool {
	if n.unheard == nil {
		n.unheard = map[key]bool{}
	}
	if r.action == actionRegister && r.instance.status == up {
		n.registers++
		n.unheard[r.key] = n.registers%2 == 0
	}
	return n.unheard[r.key]
}

// adopt takes a peer's newer copy. In the plain profile the override that it has, or has not, comes with
// it.
func (n *node) adopt(copy instance) {
	now := n.now()
	if n.options.Profile == Plain {
		n.registry.take(copy, now, now)
		return
	}
	n.registry.register(copy, true, now)
}

// answerExchange tells a peer what it misses.
func (n *node) answerExchange(r *request) response {
	if n.options.Profile != Plain {
		return response{code: codeNotFound}
	}
	copies, ages := n.registry.compare(r.summaries, n.now())
	return response{code: codeOK, instances: copies, ages: ages}
}
