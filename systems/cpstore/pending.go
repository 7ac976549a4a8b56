package cpstore

import (
	"encoding/binary"
	"slices"
	"time"

	"go.etcd.io/raft/v3"
)

// pending is a request that waits for the log or for the leader. The list is in order of id, and so
// of deadline. One that is overdue ends its client's connection: its outcome is unknown, and this
// node never tries again by itself.
type pending struct {
	id       uint64
	deadline time.Duration
	link     *link
	xid      uint64
	sync     bool   // waits until index is applied
	index    uint64 // 0 while the leader has not answered
}

// expect adds a pending request and sees to it that somebody looks when it is overdue.
func (n *node) expect(l *link, xid uint64, sync bool) (id uint64) {
	n.lastID++
	n.pending = append(n.pending, pending{id: n.lastID, deadline: n.env.Elapsed() + n.options.RequestTimeout, link: l, xid: xid, sync: sync})
	n.watchPending()
	return n.lastID
}

func (n *node) watchPending() {
	if !n.waiting && len(n.pending) > 0 {
		n.waiting = true
		n.env.After(n.pending[0].deadline-n.env.Elapsed(), n.checkPending)
	}
}

func (n *node) checkPending() {
	n.waiting = false
	for len(n.pending) > 0 && n.pending[0].deadline <= n.env.Elapsed() {
		n.drop(n.pending[0].link)
	}
	n.watchPending()
	n.turn()
}

// abandonPending ends all connections that wait for something: it may be lost.
func (n *node) abandonPending() {
	for len(n.pending) > 0 {
		n.drop(n.pending[0].link)
	}
}

func (n *node) findPending(id uint64) int {
	return slices.IndexFunc(n.pending, func(p pending) bool { return p.id == id })
}

func (n *node) takePending(at int) pending {
	p := n.pending[at]
	n.pending = slices.Delete(n.pending, at, at+1)
	return p
}

// propose brings a client's command into the log, or on its way to the leader.
func (n *node) propose(l *link, c command) {
	xid := l.queue[len(l.queue)-1].request.xid
	c.id = n.expect(l, xid, false)
	encoded := c.encode()
	if n.role.leading {
		if n.raft.Propose(encoded) != nil {
			n.drop(l)
		}
		return
	}
	leader := &n.peers[n.role.leader-1]
	if !leader.open {
		n.drop(l)
		return
	}
	leader.frame = appendProposePart(leader.frame, encoded)
	if n.cluster.Bug == BugDoubleApply && c.kind == commandSet {
		n.env.After(reproposal, func() { n.proposeAgain(c.id, encoded) })
	}
}

// proposeAgain is BugDoubleApply.
func (n *node) proposeAgain(id uint64, encoded []byte) {
	if n.role.leading || n.role.leader == 0 || n.findPending(id) < 0 {
		return
	}
	if leader := &n.peers[n.role.leader-1]; leader.open {
		leader.frame = appendProposePart(leader.frame, encoded)
		n.turn()
	}
}

// settleWrite answers the request whose command was applied.
func (n *node) settleWrite(id uint64, r *result) {
	if at := n.findPending(id); at >= 0 {
		p := n.takePending(at)
		n.resolve(p.link, p.xid, r)
	}
}

// sync brings this node up to where the leader is, in one of two ways. ZooKeeper's asks the leader,
// who answers from what it knows; the quorum's has the leader ask around whether it still is one.
func (n *node) sync(l *link, q *request) {
	trusting := q.kind == requestSync || n.cluster.Bug == BugStaleLeaderRead
	leader := &n.peers[n.role.leader-1]
	switch {
	case trusting && n.role.leading:
		n.resolve(l, q.xid, &result{zxid: n.state.zxid()})
	case trusting && leader.open:
		leader.frame = appendAskPart(leader.frame, n.expect(l, q.xid, true))
	case trusting:
		n.drop(l)
	default:
		context := make([]byte, 16)
		binary.BigEndian.PutUint64(context, n.boot)
		binary.BigEndian.PutUint64(context[8:], n.expect(l, q.xid, true))
		n.raft.ReadIndex(context) // may be lost: then the request becomes overdue
	}
}

// syncAnswered is called when the leader has said where it is.
func (n *node) syncAnswered(id, index uint64) {
	if at := n.findPending(id); at >= 0 && n.pending[at].sync && n.pending[at].index == 0 {
		n.pending[at].index = index
		n.settleSyncs()
	}
}

func (n *node) quorumAnswered(read raft.ReadState) {
	if len(read.RequestCtx) == 16 && binary.BigEndian.Uint64(read.RequestCtx) == n.boot {
		n.syncAnswered(binary.BigEndian.Uint64(read.RequestCtx[8:]), read.Index)
	}
}

// settleSyncs answers the syncs whose place in the log is applied.
func (n *node) settleSyncs() {
	for {
		at := slices.IndexFunc(n.pending, func(p pending) bool { return p.sync && p.index != 0 && p.index <= n.applied })
		if at < 0 {
			return
		}
		p := n.takePending(at)
		n.resolve(p.link, p.xid, &result{zxid: n.state.zxid()})
	}
}
