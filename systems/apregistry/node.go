package apregistry

import (
	"time"

	"cleave/internal/octets"
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
	roll     world.Roll

	preserving   bool // what was last noted
	evictedAt    time.Duration
	registers    int64        // registrations that clients sent, for the planted bug
	unheard      map[key]bool // planted bug: registrations that no peer was told of
	ended        graves       // what was canceled lately, where cancels leave nothing: only for notes
	replications int64        // tasks taken from peers
	exchanged    int64        // copies taken from peers by anti-entropy

	outbox  outbox
	written written
	inbox   inbox
	tasks   []request  // room for those of a batch
	results []response // room for theirs
}

func newNode(name string, cluster world.Cluster, options Options) *node {
	n := &node{name: name, options: options, bug: cluster.Bug, roll: cluster.Roll, registry: newRegistry(options, cluster.Bug),
		ended: graves{expiry: options.RenewalInterval, index: map[key]grave{}}}
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
		if n.knows(other) {
			n.peers = append(n.peers, newPeer(n, other))
		}
	}
	n.cache = newResponseCache(n.registry, uint64(max(env.Now(), 0)))
	interval := n.options.ResponseCacheInterval
	sinceRefresh := (env.Now()%interval + interval) % interval // aligned to the wall clock, as Eureka's
	n.every(interval-sinceRefresh, interval, func() { n.cache.refresh(n.now()) })
	n.every(n.options.DeltaPurge, n.options.DeltaPurge, func() { n.registry.recent.purge(n.now() - n.options.DeltaRetention) })
	n.every(n.options.RecountInterval, n.options.RecountInterval, n.recount)
	n.begin()
}

// now is the registry's clock: the wall clock, as Eureka's, which a step of it harms. The plain profile
// takes the monotonic one.
func (n *node) now() time.Duration {
	if n.options.Profile != Plain {
		return n.env.Now()
	}
	now := n.env.Elapsed()
	n.registry.offset = n.env.Now() - now
	return now
}

// every calls an action after a first wait, and then again and again.
func (n *node) every(first, interval time.Duration, action func()) {
	var again func()
	again = func() {
		action()
		n.env.After(interval, again)
	}
	n.env.After(first, again)
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
		p.caller.received(message, nil)
		return
	}
	inbox := decoder{Reader: octets.Reader{Data: message}, index: n.registry.index}
	r := request{tasks: n.tasks}
	number, err := inbox.requestMessage(&r)
	if err != nil {
		connection.Close()
		return
	}
	answer := n.handle(&r)
	connection.Send(n.outbox.response(number, &answer))
	if r.tasks != nil {
		n.tasks = r.tasks
	}
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
	id := connection.ID()
	for _, p := range n.peers {
		if p.caller.owns(id) {
			return p
		}
	}
	return nil
}
