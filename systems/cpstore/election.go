package cpstore

import (
	"fmt"
	"time"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/world"
)

// role is where a node stands, as of the last turn.
type role struct {
	term    uint64
	leader  uint64 // whom it follows in this term, or itself; 0 if it knows none
	leading bool
	heard   time.Duration // when the leader was last heard
	silent  bool          // not serving, and all clients sent away
}

// watch is the election timer of a node that does not lead. Raft's own, which draws its length from
// the operating system's randomness, never runs: a node is ticked only while it leads.
//
//	reset          base              campaign        campaign
//	  |-------------|---- jitter ------|-- base/2+jitter -|
//	            forget the leader
//
// One timer looks at the deadlines again when it fires: a reset only moves them.
type watch struct {
	since    time.Duration // when the patience began: the leader was heard, a vote was granted
	forgot   bool
	campaign time.Duration // when to stand, once forgot
	timer    world.Timer
	ticker   world.Timer // the leader's
	noted    uint64      // the last term in which it was noted that this node follows
}

// step hands raft a peer's message, and resets the election timer where raft would have.
func (n *node) step(from *peer, m *raftpb.Message) {
	n.overlookCommit(m)
	_ = n.raft.Step(*m) // an error says that raft has no use for the message
	switch m.Type {
	case raftpb.MsgHeartbeat, raftpb.MsgApp, raftpb.MsgSnap:
		status := n.raft.BasicStatus()
		if m.Term == status.Term && status.RaftState == raft.StateFollower {
			n.follow(from.id, m.Term)
			n.assertAgreement(m)
		}
	case raftpb.MsgVote:
		status := n.raft.BasicStatus()
		if m.Term == status.Term && status.Vote == m.From && status.RaftState == raft.StateFollower {
			n.beginPatience()
		}
	case raftpb.MsgAppResp:
		if from.snapshot != 0 { // raft goes on by itself only if it still has the log that follows
			from.snapshot = 0
			n.raft.ReportSnapshot(from.member, raft.SnapshotFinish)
		}
	}
}

// assertAgreement holds a leader to raft's leader completeness (Ongaro and Ousterhout, section 5.4):
// its log has every committed entry. Raft itself would go on exchanging appends and rejections
// without end, as fast as the network allows.
func (n *node) assertAgreement(m *raftpb.Message) {
	if m.Type != raftpb.MsgApp || m.Index > n.applied {
		return
	}
	if term, err := n.journal.storage.Term(m.Index); err == nil && term != m.LogTerm {
		panic("cpstore: the leader's log contradicts a committed entry")
	}
}

func (n *node) beginPatience() {
	n.watch.since = n.env.Elapsed()
	n.watch.forgot = false
}

// follow notes that the leader of a term was heard.
func (n *node) follow(leader, term uint64) {
	n.beginPatience()
	if term != n.role.term || n.role.leading {
		n.enterTerm(term, false)
	}
	n.role.heard = n.watch.since
	n.role.leader = leader
	n.noteFollower()
}

// noteFollower tells of it once a term.
func (n *node) noteFollower() {
	if n.watch.noted != n.role.term {
		n.watch.noted = n.role.term
		n.env.Note("follower", fmt.Sprintf("term %d", n.role.term))
	}
}

// look compares raft's state with the role and makes the change, if there is one.
func (n *node) look() {
	status := n.raft.BasicStatus()
	leading := status.RaftState == raft.StateLeader
	if status.Term != n.role.term || leading != n.role.leading {
		n.enterTerm(status.Term, leading)
	}
	switch serving := n.serving(); {
	case !n.role.silent && !serving:
		n.dismiss()
		n.role.silent = true
	case n.role.silent && serving:
		n.role.silent = false
		n.stopReading()
	}
	n.lookToReaders()
}

// lookToReaders lets clients in that only want to read, once this node has been without a quorum for
// some time, if it may.
func (n *node) lookToReaders() {
	switch {
	case !n.options.ReadOnlyMode || n.readsOnly || !n.role.silent:
	case n.silentSince == 0:
		n.silentSince = n.env.Elapsed()
		n.env.After(n.options.readOnlyAfter(), n.turn)
	case n.env.Elapsed()-n.silentSince >= n.options.readOnlyAfter():
		n.readsOnly = true
		n.env.Note("read-only", "entered")
	}
}

// stopReading sends away those who were let in to read only: they can have more now.
func (n *node) stopReading() {
	n.silentSince = 0
	if n.readsOnly {
		n.readsOnly = false
		n.env.Note("read-only", "left")
		n.dismiss()
	}
}

// enterTerm begins a term, or a part in it: what clients were promised under the former leader is
// over, so all are sent away.
func (n *node) enterTerm(term uint64, leading bool) {
	led := n.role.leading
	n.role = role{term: term, leading: leading, silent: true}
	if !n.readsOnly {
		n.dismiss()
	}
	if led {
		n.watch.ticker.Stop()
		n.cleaner.Stop()
	}
	n.touched = n.touched[:0]
	n.touches++
	for i := range n.peers {
		n.peers[i].snapshot = 0
	}
	switch {
	case leading:
		n.role.leader = n.id
		n.env.Note("leader", fmt.Sprintf("term %d", term))
		n.startClocks()
		n.watch.timer.Stop()
		n.watch.ticker = n.env.After(n.options.Tick, n.tick)
		n.cleaner = n.env.After(n.options.CleanEvery, n.cleanUp)
	case led:
		n.noteFollower()
		n.clocks = nil
		n.watchElection(n.options.ElectionBase)
	}
}

// serving tells whether clients may be served: this node leads, or has heard its leader lately, and
// has applied what was committed before that leader's term, which the leader's first entry shows.
func (n *node) serving() bool {
	behind := n.state.Term() != n.role.term && n.cluster.Bug != BugBackInTime
	if behind || n.halted {
		return false
	}
	if n.outside() {
		return n.servesOutside()
	}
	return n.role.leading || n.role.leader != 0 && n.env.Elapsed()-n.role.heard < n.options.SyncLimit
}

// tick is the leader's heartbeat.
func (n *node) tick() {
	if n.halted || !n.role.leading {
		return
	}
	n.watch.ticker = n.env.After(n.options.Tick, n.tick)
	n.watchLoad()
	n.raft.Tick()
	n.arrange()
	n.expireSessions()
	n.freshen()
	now := n.env.Elapsed()
	for i := range n.peers {
		if p := &n.peers[i]; p.snapshot != 0 && now-p.snapshot > p.patience && p.backlog() == 0 {
			p.snapshot = 0
			n.raft.ReportSnapshot(p.member, raft.SnapshotFinish)
		}
	}
	n.turn()
}

// watchElection starts the election timer with some patience, the full one being ElectionBase.
func (n *node) watchElection(wait time.Duration) {
	n.beginPatience()
	if len(n.peers) == 1 { // nobody else to wait for
		n.watch.forgot, wait = true, 0
	}
	n.watch.since -= n.options.ElectionBase - wait
	n.watch.timer = n.env.After(wait, n.lookOut)
}

// bereave is called when the leader's side has ended a connection: most likely its process is gone, so
// there is no need to wait for its silence. If it is not, the others, who still hear it, give no vote.
func (n *node) bereave() {
	if n.role.leading || n.watch.forgot || n.halted {
		return
	}
	must(n.raft.ForgetLeader())
	n.watch.forgot = true
	n.watch.campaign = n.env.Elapsed() + n.jitter()/4
	n.watch.timer.Stop()
	n.watch.timer = n.env.After(n.watch.campaign-n.env.Elapsed(), n.lookOut)
}

// lookOut is called when a deadline may have passed, and sets the timer for the next one.
func (n *node) lookOut() {
	if n.halted || n.role.leading {
		return
	}
	w, now, base := &n.watch, n.env.Elapsed(), n.options.ElectionBase
	if !w.forgot && now >= w.since+base {
		must(n.raft.ForgetLeader())
		w.forgot = true
		w.campaign = now + n.jitter()
	}
	if w.forgot && now >= w.campaign {
		n.role.leader = 0 // a candidate serves nobody
		w.campaign = now + base/2 + n.jitter()
		if !n.outside() || n.cluster.Bug == BugOwnCluster {
			must(n.raft.Campaign())
		}
		n.freshen()
	}
	next := w.since + base
	if w.forgot {
		next = w.campaign
		if limit := n.role.heard + n.options.SyncLimit; n.role.leader != 0 && limit > now {
			next = min(next, limit)
		}
	}
	w.timer = n.env.After(next-now, n.lookOut)
	n.turn()
}

func (n *node) jitter() time.Duration {
	return time.Duration(n.env.Random().Below(int64(n.options.ElectionBase)))
}
