package raftkv

import (
	"fmt"
	"time"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"
)

// The times of elections. A leader that has not heard a majority for ten ticks steps down.
const (
	tick     = 100 * time.Millisecond
	patience = time.Second // for a leader that is silent; a random part is added
)

// awaitLeader sets the timer of a node that does not lead.
func (n *node) awaitLeader() {
	n.patience.Stop()
	if n.options.RaftTimer {
		return
	}
	n.patience = n.env.After(patience+time.Duration(n.env.Random().Below(int64(patience))), n.stand)
}

// stand has the node be a candidate, and others too, as far as this node has a say in it.
func (n *node) stand() {
	if n.leading != 0 {
		return
	}
	must(n.raft.ForgetLeader())
	must(n.raft.Campaign())
	n.awaitLeader()
	n.advance()
}

// heard has patience anew with a leader, or with a candidate that got this node's vote.
func (n *node) heard(m raftpb.Message) {
	status := n.raft.BasicStatus()
	follows := status.RaftState == raft.StateFollower && m.Term == status.Term
	switch m.Type {
	case raftpb.MsgApp, raftpb.MsgHeartbeat, raftpb.MsgSnap:
		if follows {
			n.awaitLeader()
		}
	case raftpb.MsgVote:
		if follows && status.Vote == m.From {
			n.awaitLeader()
		}
	}
}

// lookWhoLeads sees whether this node has begun or ceased to lead.
func (n *node) lookWhoLeads() {
	status := n.raft.BasicStatus()
	leads := status.RaftState == raft.StateLeader
	switch {
	case leads && n.leading != status.Term:
		n.leading = status.Term
		n.env.Note("leader", fmt.Sprintf("term %d", status.Term))
		n.patience.Stop()
	case !leads && n.leading != 0:
		n.leading = 0
		clear(n.asked) // whoever asked will not hear of it from here
		n.reads = nil
		n.awaitLeader()
	}
}

// beat ticks raft while the node leads.
func (n *node) beat() {
	n.env.After(tick, func() {
		if n.leading != 0 || n.options.RaftTimer {
			n.raft.Tick()
			n.advance()
		}
		n.beat()
	})
}

// Leading tells faults that look for the leader whether this node is it.
func (n *node) Leading() (term uint64, leading bool) { return n.leading, n.leading != 0 }
