package apregistry

import (
	"time"

	"cleave/world"
)

// node is one server of the registry. It implements world.Process.
type node struct {
	name     string
	options  Options
	bug      string
	env      world.Environment
	registry *registry
	cache    *responseCache
	peers    []*peer // in the order of the cluster, without this node
	boot     boot

	preserving   bool // what was last noted
	evictedAt    time.Duration
	registers    int64        // registrations that clients sent, for the planted bug
	unheard      map[key]bool // planted bug: registrations that no peer was told of
	replications int64        // tasks taken from peers
}

func newNode(name string, cluster world.Cluster, options Options) *node {
	n := &node{name: name, options: options, bug: cluster.Bug, registry: newRegistry(options, cluster.Bug)}
	n.cache = newResponseCache(n.registry)
	n.boot.others = make([]string, 0, len(cluster.Nodes))
	for _, other := range cluster.Nodes {
		if other != name {
			n.boot.others = append(n.boot.others, other)
		}
	}
	return n
}

// Start boots the node: lists first come from the peers, then it opens.
func (n *node) Start(env world.Environment) {
	n.env = env
	for _, other := range n.boot.others {
		n.peers = append(n.peers, newPeer(n, other))
	}
	interval := n.options.ResponseCacheInterval
	sinceRefresh := (env.Now()%interval + interval) % interval // aligned to the wall clock, as Eureka's
	n.every(interval-sinceRefresh, interval, n.cache.refresh)
	n.every(n.options.RecountInterval, n.options.RecountInterval, n.recount)
	n.begin()
}

// every calls an action after a first wait, and then again and again.
func (n *node) every(first, interval time.Duration, action func()) {
	n.env.After(first, func() {
		action()
		n.every(interval, interval, action)
	})
}

// Accepted does nothing: a connection costs nothing before its first request.
func (n *node) Accepted(world.Connection) {}

// Opened sends a peer what waits for it.
func (n *node) Opened(connection world.Connection) {
	if p := n.peerOf(connection); p != nil {
		p.caller.opened()
	}
}

// Received takes a request, or a peer's answer. Bytes that are no message end their connection.
func (n *node) Received(connection world.Connection, message []byte) {
	if p := n.peerOf(connection); p != nil {
		p.caller.received(message)
		return
	}
	number, r, err := decodeRequest(message)
	if err != nil {
		connection.Close()
		return
	}
	answer := n.handle(&r)
	connection.Send(encodeResponse(number, &answer))
}

// Closed ends the requests that waited for a peer. The end of a client's connection is nothing.
func (n *node) Closed(connection world.Connection, _ world.CloseReason) {
	if p := n.peerOf(connection); p != nil {
		p.caller.closed()
	}
}

// Datagram does nothing: the registry uses none.
func (n *node) Datagram(string, []byte) {}

func (n *node) peerOf(connection world.Connection) *peer {
	for _, p := range n.peers {
		if p.caller.owns(connection) {
			return p
		}
	}
	return nil
}

// handle answers one request, whatever it came over.
func (n *node) handle(r *request) response {
	if n.boot.syncing {
		return response{code: codeUnavailable}
	}
	switch r.action {
	case actionGetInstance:
		if copy, found := n.registry.get(r.key, n.env.Now()); found {
			return response{code: codeOK, instances: []instance{copy}}
		}
		return response{code: codeNotFound}
	case actionGetApp, actionGetAll:
		return n.list(r)
	case actionBatch:
		results := make([]response, len(r.tasks))
		for i := range r.tasks {
			r.tasks[i].replicated = true
			results[i] = n.change(&r.tasks[i])
			n.replications++
		}
		return response{code: codeOK, results: results}
	}
	return n.change(r)
}

// list answers from the response cache, once lists may be read.
func (n *node) list(r *request) response {
	if !n.boot.listable(n.env.Now(), n.options.WaitWhenSyncEmpty) {
		return response{code: codeForbidden}
	}
	if r.action == actionGetAll {
		return response{code: codeOK, instances: n.cache.readAll()}
	}
	instances := n.cache.readApp(r.key.app)
	if len(instances) == 0 {
		return response{code: codeNotFound}
	}
	return response{code: codeOK, instances: instances}
}

// change does one operation on an instance, and tells the peers of it unless a peer told this node.
func (n *node) change(r *request) response {
	switch r.action {
	case actionRegister:
		if r.instance.app == "" || r.instance.id == "" {
			return response{code: codeBadRequest}
		}
		n.registry.register(r.instance, r.replicated, n.env.Now())
		n.replicate(r, r.instance)
		return response{code: codeRegistered}
	case actionRenew:
		return n.renew(r)
	case actionCancel:
		if !n.registry.cancel(r.key) {
			return response{code: codeNotFound}
		}
		n.replicate(r, instance{key: r.key})
		return response{code: codeOK}
	case actionSetStatus:
		if !n.registry.setStatus(r.key, r.status, r.dirty, r.stamped, n.env.Now()) {
			return response{code: codeNotFound}
		}
		n.replicate(r, n.registry.index[r.key].instance)
		return response{code: codeOK}
	}
	return response{code: codeBadRequest}
}

// renew takes a heartbeat and compares the sender's stamp with that of the copy here. The sender's is
// greater: it has news, and must register it. It is smaller: a client goes on, a peer is sent the copy.
func (n *node) renew(r *request) response {
	if !n.registry.renew(r.key, r.replicated, n.env.Now()) {
		if n.bug == bugEvictRenewed {
			return response{code: codeOK}
		}
		return response{code: codeNotFound}
	}
	held := n.registry.index[r.key].instance
	n.replicate(r, held)
	switch {
	case !r.stamped || r.dirty == held.dirty:
	case r.dirty > held.dirty:
		return response{code: codeNotFound}
	case r.replicated && !n.unheard[r.key]:
		return response{code: codeConflict, instances: []instance{held}}
	}
	return response{code: codeOK}
}

// replicate tells every peer of a client's operation. What a peer told goes no further.
func (n *node) replicate(r *request, copy instance) {
	if r.replicated {
		return
	}
	if n.bug == bugDropRegister && n.drops(r) {
		return
	}
	for _, p := range n.peers {
		p.tell(r.action, copy)
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

// adopt takes a peer's newer copy.
func (n *node) adopt(copy instance) { n.registry.register(copy, true, n.env.Now()) }

// evict is one run of the eviction, which allows for how late it comes.
func (n *node) evict() {
	now := n.env.Elapsed()
	late := max(now-n.evictedAt-n.options.EvictionInterval, 0)
	n.evictedAt = now
	gone := n.registry.evict(n.env.Now(), late, n.env.Random())
	if len(gone) > 0 {
		n.env.Logf("evicted %d of %d instances", len(gone), len(gone)+len(n.registry.leases))
	}
	n.notePreservation()
}

func (n *node) turnBucket() {
	n.registry.preservation.turn()
	n.notePreservation()
}

func (n *node) recount() {
	if !n.boot.syncing {
		n.registry.preservation.recount(int64(len(n.registry.leases)))
		n.notePreservation()
	}
}

// notePreservation tells the history when self-preservation begins and ends.
func (n *node) notePreservation() {
	preserving := !n.registry.preservation.expires()
	if preserving == n.preserving {
		return
	}
	n.preserving = preserving
	detail := "left"
	if preserving {
		detail = "entered"
	}
	n.env.Note("self-preservation", detail)
}
