package cpstore

import (
	"cmp"
	"encoding/binary"
	"slices"
	"time"

	"go.etcd.io/raft/v3"

	"cleave/systems/zkwire"
	"cleave/systems/znodes"
)

// pending is a request that waits for the log or for the leader. The list is in order of id, and so
// of deadline. One that is overdue ends its client's connection: its outcome is unknown, and this
// node never tries again by itself.
type pending struct {
	id       uint64
	deadline time.Duration
	link     *link
	slot     uint64 // its number among the link's
	sync     bool   // waits until index is applied
	index    uint64 // 0 while the leader has not answered
	encoded  []byte // BugImpatientForward: what was forwarded
}

// expect adds a pending request and sees to it that somebody looks when it is overdue.
func (n *node) expect(l *link, number uint64, sync bool) (id uint64) {
	n.lastID++
	n.pending = append(n.pending, pending{id: n.lastID, deadline: n.env.Elapsed() + n.options.RequestTimeout, link: l, slot: number, sync: sync})
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
	at, found := slices.BinarySearchFunc(n.pending, id, func(p pending, id uint64) int { return cmp.Compare(p.id, id) })
	if !found {
		return -1
	}
	return at
}

func (n *node) takePending(at int) pending {
	p := n.pending[at]
	if at == 0 && len(n.pending) > 1 { // not moved, as there may be many
		n.pending[0] = pending{}
		n.pending = n.pending[1:]
	} else {
		n.pending = slices.Delete(n.pending, at, at+1)
	}
	return p
}

// propose brings a client's command into the log, or on its way to the leader.
func (n *node) propose(l *link, number uint64, c znodes.Command) {
	c.Node, c.Boot, c.Time = n.id, n.boot, int64(n.env.Now())
	if c.Kind == znodes.CommandWrite || c.Kind == znodes.CommandClose {
		c.Session, c.Attachment, c.Identities = l.session, l.attachment, l.identities
	}
	c.ID = n.expect(l, number, false)
	encoded := c.Encode()
	n.traffic.proposed(len(encoded))
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
	switch bug := n.cluster.Bug; {
	case c.Kind != znodes.CommandWrite:
	case bug == BugDatagramForward:
		n.env.Send(leader.name, encoded)
		return
	case bug == BugImpatientForward:
		encoded = n.proposeImpatiently(leader, c)
		n.pending[len(n.pending)-1].encoded = encoded
	case bug == BugDoubleApply:
		n.env.After(reproposal, func() { n.proposeAgain(c.ID, encoded) })
	}
	leader.frame = appendProposePart(leader.frame, encoded)
}

// proposeAgain is BugDoubleApply, and an end of BugImpatientForward.
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
func (n *node) settleWrite(id uint64, r *znodes.Result) {
	if at := n.findPending(id); at >= 0 {
		p := n.takePending(at)
		if r.Session.ID != 0 {
			p.link.session, p.link.attachment = r.Session.ID, r.Session.Attachment
		}
		n.resolve(p.link, p.slot, r.Reply)
	}
}

// sync brings this node up to where the leader is, in one of two ways. ZooKeeper's asks the leader,
// who answers from what it knows; the quorum's has the leader ask around whether it still is one.
func (n *node) sync(l *link, number uint64, op zkwire.Op) {
	trusting := op == zkwire.OpSync && !n.options.StrictSync || n.cluster.Bug == BugStaleLeaderRead
	leader := &n.peers[n.role.leader-1]
	switch {
	case trusting && n.role.leading, n.outside() && n.cluster.Bug == BugServesOutside:
		n.resolve(l, number, zkwire.Reply{})
	case trusting && leader.open:
		leader.frame = appendAskPart(leader.frame, n.expect(l, number, true))
	case trusting:
		n.drop(l)
	default:
		context := make([]byte, 16)
		binary.BigEndian.PutUint64(context, n.boot)
		binary.BigEndian.PutUint64(context[8:], n.expect(l, number, true))
		n.raft.ReadIndex(context) // may be lost: then the request becomes overdue
	}
}

// syncAnswered is called when the leader has said where it is.
func (n *node) syncAnswered(id, index uint64) {
	if n.cluster.Bug == BugImpatientForward {
		n.wait(id, forwardLooks)
	}
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
		n.resolve(p.link, p.slot, zkwire.Reply{})
	}
}
