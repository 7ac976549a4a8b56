package zookeeper

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"
	"time"

	"cleave/history"
	"cleave/internal/rng"
	"cleave/world"
)

// server is a node as a client knows it.
type server struct{ name, address string }

// user is a client of ZooKeeper beside a node. It implements world.User.
//
// One goroutine, its worker, asks whatever there is to ask, one request at a time, and blocks in
// go-zookeeper while it waits. Everything else happens where it is called: on the library's goroutines,
// on timers, on whoever invokes.
type user struct {
	options Options
	name    string
	servers []server // its host, then the others in an order of its own
	edge    world.Edge
	started time.Time
	wake    chan struct{} // there may be something to do
	ended   chan struct{} // closed at the end of all

	mutex  sync.Mutex // guards what follows; Note is called under it, done never
	closed bool
	stream *rng.Stream

	// Where it is.
	session  *session
	current  int // the server that it is connected to, or tries
	tried    bool
	excused  bool // the next connection does not come of a loss: same server, no wait
	dialled  attempt
	tap      *tap // the connection, nil if there is none
	attached bool // it has a session

	// What belongs to the session.
	id       int64   // 0 for none
	former   []int64 // sessions of its own that have ended, or were abandoned
	watches  watches // armed in this session
	seen     int64   // the highest zxid in any reply to this client ever
	desired  []*instance
	unwanted []string // instances whose removal was asked for and is not acknowledged

	// What is under way.
	operation *operation
	turn      *turn
	ownXid    int32
	tidied    int // the connection on which it last looked after what it keeps up
}

// NewUser makes a client that lives beside the node host, with the addresses of places. It begins to
// connect, to port 2181, and does not wait for it. An error names what is missing in places.
func NewUser(options Options, name, host string, places world.Places, edge world.Edge) (world.User, error) {
	u := &user{options: withDefaults(options), name: name, edge: edge, started: time.Now(), wake: make(chan struct{}, 1),
		ended: make(chan struct{}), stream: rng.New(edge.Seed), watches: newWatches(), ownXid: firstOwnXid}
	if edge.Log == nil {
		u.edge.Log = io.Discard
	}
	for _, node := range places.Nodes {
		address, known := places.Addresses[node]
		if !known {
			return nil, fmt.Errorf("zookeeper: client %s: node %s has no address", name, node)
		}
		u.servers = append(u.servers, server{node, netip.AddrPortFrom(address, clientPort).String()})
	}
	home := slices.IndexFunc(u.servers, func(s server) bool { return s.name == host })
	if home < 0 {
		return nil, fmt.Errorf("zookeeper: client %s: its host %s is no node", name, host)
	}
	u.servers[0], u.servers[home] = u.servers[home], u.servers[0]
	others := u.servers[1:]
	u.stream.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	u.mutex.Lock()
	u.session = u.begin()
	u.mutex.Unlock()
	go u.work()
	return u, nil
}

// Invoke starts a request.
func (u *user) Invoke(request history.Request, done func(history.Completion)) {
	o := &operation{user: u, request: request, done: done}
	u.mutex.Lock()
	busy := u.operation != nil
	if !busy {
		o.prepare()
	}
	completion, over := o.completion, o.over
	u.mutex.Unlock()
	switch {
	case busy:
		panic("zookeeper: a client was given a request while one is under way")
	case over:
		done(completion)
	default:
		u.nudge()
	}
}

// Close ends the client at once: its connection is closed, its session left to expire. A request under
// way ends as it would with its connection. The library's goroutines end within a second.
func (u *user) Close() error {
	u.mutex.Lock()
	if u.closed {
		u.mutex.Unlock()
		return nil
	}
	u.closed = true
	close(u.ended)
	u.hangUp()
	u.session.abandon()
	o := u.operation
	u.mutex.Unlock()
	if o != nil {
		o.complete(history.Nothing, 0, errLost)
	}
	return nil
}

// nudge has the worker look what there is to do.
func (u *user) nudge() {
	select {
	case u.wake <- struct{}{}:
	default: // it will look anyway
	}
}
