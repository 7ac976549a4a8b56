package cpstore

import (
	"slices"
	"time"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/internal/octets"
	"cleave/systems/znodes"
	"cleave/world"
)

// peer is what a node knows of another. Each of the two dials the other, and sends only on the
// connection it dialled itself.
type peer struct {
	id         uint64 // place among the cluster's nodes, from 1
	member     uint64 // raft's name for whom it was last sent something
	name       string
	connection world.Connection // the one dialled, nil while waiting to dial again
	open       bool
	frame      []byte         // what goes out at the end of the turn; copied then
	vote       raftpb.Message // the last vote or pre-vote asked of it
	heard      time.Duration  // when something last came from it, or the connection opened
	snapshot   time.Duration  // when it was sent a snapshot, 0 if none is under way
	patience   time.Duration  // how long it may take with that
}

func (n *node) peer(name string) *peer {
	for i := range n.peers {
		if n.peers[i].name == name {
			return &n.peers[i]
		}
	}
	return nil
}

// backlog is how many bytes wait to be sent to a peer, where the world knows.
func (p *peer) backlog() int {
	if holder, can := p.connection.(world.Holder); can {
		return holder.Backlog()
	}
	return 0
}

func (n *node) dial(p *peer) {
	if p.id == n.id || n.halted {
		return
	}
	connection := n.env.Dial(p.name)
	p.connection, p.open = connection, false
	n.env.After(dialLimit, func() {
		if p.connection != nil && p.connection.ID() == connection.ID() && !p.open {
			connection.Close()
			n.dial(p)
		}
	})
}

// opened repeats a vote request that the peer may have missed: raft sends each only once.
func (n *node) opened(connection world.Connection) {
	p := n.peer(connection.Peer())
	if p == nil || p.connection == nil || p.connection.ID() != connection.ID() {
		return
	}
	p.open = true
	p.heard = n.env.Elapsed()
	status := n.raft.BasicStatus()
	candidate := status.RaftState == raft.StateCandidate && p.vote.Type == raftpb.MsgVote && p.vote.Term == status.Term
	preCandidate := status.RaftState == raft.StatePreCandidate && p.vote.Type == raftpb.MsgPreVote && p.vote.Term == status.Term+1
	if candidate || preCandidate {
		p.frame = appendRaftPart(p.frame, &p.vote)
	}
}

// lost dials again, after a short wait, when the connection to a peer has ended.
func (n *node) lost(p *peer, connection world.Connection) {
	if p.connection == nil || p.connection.ID() != connection.ID() {
		return // one that the peer dialled: it will do so again
	}
	n.disconnect(p)
	n.env.After(redialWait, func() {
		if p.connection == nil {
			n.dial(p)
		}
	})
}

// disconnect draws the consequences of messages that may have been lost.
func (n *node) disconnect(p *peer) {
	wasOpen := p.open
	p.connection, p.open, p.frame = nil, false, p.frame[:0]
	if !wasOpen || n.halted {
		return
	}
	n.raft.ReportUnreachable(p.member)
	if p.snapshot != 0 {
		p.snapshot = 0
		n.raft.ReportSnapshot(p.member, raft.SnapshotFailure)
	}
	if p.id == n.role.leader && !n.role.leading {
		n.abandonPending() // nobody can say which of the forwarded requests arrived
	}
}

// freshen gives up connections on which nothing has come back for long: a new one opens sooner after
// a cut than an old one finds out that it may send again.
func (n *node) freshen() {
	now := n.env.Elapsed()
	for i := range n.peers {
		p := &n.peers[i]
		if p.open && now-p.heard > n.options.SyncLimit {
			connection := p.connection
			n.disconnect(p)
			connection.Close()
			n.dial(p)
		}
	}
}

// send takes a message of raft's to its peer's frame, or drops it if there is no connection.
func (n *node) send(m *raftpb.Message) {
	p := &n.peers[placeOf(m.To)-1]
	p.member = m.To
	if m.Type == raftpb.MsgVote || m.Type == raftpb.MsgPreVote {
		p.vote = *m
	}
	if !p.open {
		switch m.Type {
		case raftpb.MsgApp:
			n.raft.ReportUnreachable(p.member)
		case raftpb.MsgSnap:
			n.raft.ReportSnapshot(p.member, raft.SnapshotFailure)
		}
		return
	}
	if m.Type == raftpb.MsgSnap {
		world.Mark(n.env, markSnapshotSent)
		p.snapshot = n.env.Elapsed()
		p.patience = snapshotWait + time.Duration(len(m.Snapshot.Data)/snapshotRate)*time.Second
	}
	p.frame = appendRaftPart(p.frame, m)
}

// flush sends each peer what has gathered for it. Word of sessions rides on a frame that goes to the
// leader anyway.
func (n *node) flush() {
	for i := range n.peers {
		p := &n.peers[i]
		if len(p.frame) == 0 {
			continue
		}
		if p.id == n.role.leader {
			n.hearOpen()
		}
		if p.id == n.role.leader && len(n.touched) > 0 {
			p.frame = appendTouchPart(p.frame, n.touched)
			n.touched = n.touched[:0]
			n.touches++
		}
		if p.open {
			p.connection.Send(n.parcel(p.frame))
		}
		p.frame = p.frame[:0]
	}
}

// parcel copies a frame to memory of its own, which the world will keep. Small ones are cut from a
// common piece.
func (n *node) parcel(frame []byte) []byte {
	const piece = 2048
	if len(frame) > piece/4 {
		return slices.Clone(frame)
	}
	if len(frame) > len(n.spare) {
		n.spare = make([]byte, piece)
	}
	size := copy(n.spare, frame)
	parcel := n.spare[:size:size]
	n.spare = n.spare[size:]
	return parcel
}

// frame takes apart what a peer sent. Bytes that make no sense end the connection.
func (n *node) frame(from *peer, connection world.Connection, message []byte) {
	from.heard = n.env.Elapsed()
	r := reader{octets.Reader{Data: message}}
	var p part
	for len(r.Data) > 0 {
		r.part(&p)
		if r.Bad || !n.part(from, &p) {
			connection.Close()
			return
		}
	}
}

func (n *node) part(from *peer, p *part) bool {
	switch p.kind {
	case partRaft:
		if placeOf(p.message.From) != from.id || placeOf(p.message.To) != n.id {
			return false
		}
		if p.message.To == n.member { // else it is for one that had this place before
			n.step(from, &p.message)
		}
	case partPropose:
		if _, good := znodes.DecodeCommand(p.command); !good {
			return false
		}
		if n.role.leading {
			_ = n.raft.Propose(p.command) // dropped: its node will close the client's connection
		}
	case partTouch:
		for _, id := range p.touched {
			n.heard(id)
		}
	case partAsk:
		if n.role.leading && n.serving() && from.open {
			from.frame = appendAnswerPart(from.frame, p.id, n.raft.BasicStatus().Commit)
		}
	case partAnswer:
		n.syncAnswered(p.id, p.index)
	}
	return true
}
