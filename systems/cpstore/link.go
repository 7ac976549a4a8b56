package cpstore

import (
	"slices"
	"strings"
	"time"

	"cleave/systems/zkwire"
	"cleave/world"
)

// link is a client's connection. Its requests are answered in order: one that has to wait holds up
// the answers to all behind it, also to reads, which look at the state only when their turn comes.
type link struct {
	connection world.Connection
	id         uint64
	stage      stage
	hello      zkwire.ConnectRequest
	session    int64 // 0 until attached
	attachment uint64
	timeout    time.Duration
	identities []zkwire.Identity // who the client is, for access lists
	touched    uint64            // the round of liveness in which it was last heard of

	first   uint64 // number of the slot at the front of the queue
	queue   []slot
	early   [][]byte // requests that came before the session was attached
	held    bool     // nothing more is read from it for now
	clogged bool     // it has much to read: answers wait until it has read some
	ending  bool     // nothing more is taken from it
	traffic traffic

	leaving bool          // BugLateGoodbye: it ends with the next answer
	toldAt  time.Duration // when the last event was,
	told    int           // and how many were at that instant
}

// stage is how far a link is.
type stage uint8

const (
	fresh    stage = iota // nothing has come yet
	greeting              // the session is being opened or attached
	attached
	readOnly // attached while this node has no quorum, to read only
)

// slot is a request whose answer is not sent yet.
type slot struct {
	request zkwire.Request
	arrived time.Duration
	done    bool // the reply is there; if not, it waits for the log, for the leader, or for its turn
	reply   zkwire.Reply
}

// maxEarly is how many requests may wait for a session: clients do not send any before it is there.
const maxEarly = 64

// welcome takes a connection in. Whether its client can be served is decided when it says what it wants.
func (n *node) welcome(connection world.Connection) {
	l := &link{connection: connection, id: connection.ID(), identities: []zkwire.Identity{{Scheme: "ip", ID: addressOf(connection.Peer())}}}
	l.traffic.established = n.env.Now()
	n.links = append(n.links, l)
	n.linkOf[l.id] = l
}

// addressOf is a peer's address without its port. In a simulation peers have names, which do as well.
func addressOf(peer string) string {
	if at := strings.LastIndexByte(peer, ':'); at >= 0 {
		return strings.Trim(peer[:at], "[]")
	}
	return peer
}

func (n *node) link(connection world.Connection) *link { return n.linkOf[connection.ID()] }

// forget drops a link that has ended, and what it waits for.
func (n *node) forget(l *link) {
	n.links = slices.DeleteFunc(n.links, func(other *link) bool { return other == l })
	delete(n.linkOf, l.id)
	if l.stage != fresh {
		n.pending = slices.DeleteFunc(n.pending, func(p pending) bool { return p.link == l })
	}
	n.watches.Drop(l.id)
	if n.cluster.Bug == BugFollowerExpiry && l.stage == attached {
		n.env.After(l.timeout, func() { n.giveUp(l.session) })
	}
	l.queue, l.early, l.ending = nil, nil, true
}

// drop ends a link: what the client has not had an answer to, it will have to take as unknown.
func (n *node) drop(l *link) {
	if n.linkOf[l.id] == l {
		l.connection.Close()
		n.forget(l)
	}
}

// dismiss ends all links with a session, and those that want one.
func (n *node) dismiss() {
	for _, l := range slices.Backward(slices.Clone(n.links)) {
		if l.stage != fresh {
			n.drop(l)
		}
	}
}

// evict ends the links of a session that hold an older attachment.
func (n *node) evict(session int64, attachment uint64) {
	for _, l := range slices.Backward(slices.Clone(n.links)) {
		if l.session == session && l.attachment != attachment {
			n.drop(l)
		}
	}
}

// enqueue gives a request its place in the order of answers.
func (l *link) enqueue(q zkwire.Request, now time.Duration) (number uint64) {
	l.queue = append(l.queue, slot{request: q, arrived: now})
	return l.first + uint64(len(l.queue)) - 1
}

// dequeue takes the request at the front out. The queue's memory is used again when it has become empty.
func (l *link) dequeue() slot {
	first := l.queue[0]
	l.queue[0] = slot{}
	if len(l.queue) == 1 {
		l.queue = l.queue[:0]
	} else {
		l.queue = l.queue[1:]
	}
	l.first++
	return first
}

// A client with many unanswered requests is not read from until some are answered.
const (
	holdAbove   = 1000
	resumeBelow = 500
	mostBacklog = 4 << 20              // bytes of answers that wait for a client that reads slowly
	backlogWait = 5 * time.Millisecond // between two looks whether it has read some
)

// clogged tells whether a client has so much to read that its next answers had better wait. It is looked
// at again in a while.
func (n *node) clogged(l *link) bool {
	if l.clogged {
		return true
	}
	if holder, can := l.connection.(world.Holder); !can || holder.Backlog() < mostBacklog {
		return false
	}
	l.clogged = true
	n.env.After(backlogWait, func() {
		l.clogged = false
		n.drain(l)
		n.turn()
	})
	return true
}

// hold stops reading from a client that is far ahead of its answers, and goes on.
func (l *link) hold() {
	holder, can := l.connection.(world.Holder)
	switch {
	case !can || l.ending:
	case !l.held && (len(l.queue) > holdAbove || l.clogged && len(l.queue) > 0):
		l.held = true
		holder.Hold(true)
	case l.held && len(l.queue) < resumeBelow && !l.clogged:
		l.held = false
		holder.Hold(false)
	}
}

// slot is the one of a number, nil if it is answered or gone.
func (l *link) slot(number uint64) *slot {
	if number < l.first || number-l.first >= uint64(len(l.queue)) {
		return nil
	}
	return &l.queue[number-l.first]
}
