package cpstore

import (
	"slices"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/systems/znodes"
	"cleave/world"
)

// write begins to carry out what raft has ready: first the disk, then everything that others may see.
func (n *node) write(ready *raft.Ready) {
	if n.mute {
		n.pretend(ready)
		return
	}
	if !raft.IsEmptySnap(ready.Snapshot) {
		n.install(*ready)
		return
	}
	voted := false
	if !raft.IsEmptyHardState(ready.HardState) {
		voted = ready.Term != n.journal.hard.Term || ready.Vote != n.journal.hard.Vote
		n.journal.hard = ready.HardState
	}
	// A commit index alone is not worth a write: a restarted node learns it anew.
	if len(ready.Entries) == 0 && !voted {
		n.finish(ready)
		return
	}
	if n.cluster.Bug == BugEpochFirst {
		n.journal.writeEpoch()
	} else {
		n.journal.write(ready.Entries)
	}
	if n.cluster.Bug == BugAckBeforeSync && !voted {
		if now := n.env.Elapsed(); now-n.lastSync >= lazySync {
			n.lastSync = now
			n.journal.sync(func(error) {})
		}
		n.finish(ready)
		return
	}
	n.sendAhead(ready)
	n.busy, n.ready, n.flaws.began = true, *ready, n.env.Elapsed()
	n.journal.sync(n.written)
}

// pretend is BugMuteLeader: what cannot be written is sent to nobody, and the heartbeats go on.
func (n *node) pretend(ready *raft.Ready) {
	if !raft.IsEmptySnap(ready.Snapshot) {
		n.busy = true
		return
	}
	if !raft.IsEmptyHardState(ready.HardState) {
		n.journal.hard = ready.HardState
	}
	ready.Messages = slices.DeleteFunc(ready.Messages, func(m raftpb.Message) bool { return m.Type != raftpb.MsgHeartbeat })
	n.finish(ready)
}

// sendAhead has followers write while their leader does (Ongaro's thesis, section 10.2.1): what it sends
// them promises nothing of its own disk, and it counts itself among those who have an entry only when
// raft is told that the entry is written.
func (n *node) sendAhead(ready *raft.Ready) {
	if n.raft.BasicStatus().RaftState != raft.StateLeader {
		return
	}
	kept := ready.Messages[:0]
	for i := range ready.Messages {
		if m := &ready.Messages[i]; m.Type == raftpb.MsgApp || m.Type == raftpb.MsgHeartbeat {
			n.send(m)
		} else {
			kept = append(kept, *m)
		}
	}
	ready.Messages = kept
}

// written is called when ready is durable.
func (n *node) written(err error) {
	if n.halted {
		return
	}
	n.watchDisk()
	ready := n.ready
	n.busy, n.ready = false, raft.Ready{}
	switch {
	case err != nil && n.muted(err):
		n.mute = true
		n.pretend(&ready)
		n.turn()
		return
	case err != nil:
		n.halt(err)
		return
	}
	n.finish(&ready)
	if n.cluster.Bug == BugEpochFirst && len(ready.Entries) > 0 {
		n.journal.write(ready.Entries)
	}
	n.turn()
}

// finish does what had to wait for the disk: send, apply, and tell raft so.
func (n *node) finish(ready *raft.Ready) {
	if len(ready.Entries) > 0 {
		must(n.journal.storage.Append(ready.Entries))
	}
	for i := range ready.Messages {
		n.send(&ready.Messages[i])
	}
	for i := range ready.CommittedEntries {
		n.apply(&ready.CommittedEntries[i])
	}
	for i := range ready.ReadStates {
		n.quorumAnswered(ready.ReadStates[i])
	}
	n.raft.Advance(*ready)
	if len(ready.CommittedEntries) > 0 {
		n.settleSyncs()
		n.considerSnapshot()
	}
}

// planSnapshot draws how many entries the next snapshot comes after: as in ZooKeeper the nodes differ, so
// that they do not all stand still at once.
func (n *node) planSnapshot() {
	half := n.options.SnapshotEvery / 2
	n.snapshotAfter = n.options.SnapshotEvery - uint64(n.env.Random().Below(int64(half)+1))
}

// considerSnapshot begins one when enough has been applied since the last.
func (n *node) considerSnapshot() {
	if n.snapshotting || !n.journal.due(n.applied, n.snapshotAfter, n.options.SnapshotBytes) {
		return
	}
	term, err := n.journal.storage.Term(n.applied)
	must(err)
	at, encoded := position{index: n.applied, term: term}, n.state.Encode()
	n.snapshotting = true
	n.planSnapshot()
	n.journal.save(at, encoded, func(err error) { n.saved(at, err) })
}

func (n *node) saved(at position, err error) {
	if n.halted {
		return
	}
	if err != nil {
		n.halt(err)
		return
	}
	n.snapshotting = false
	world.Mark(n.env, markSnapshotTaken)
	n.journal.covered(at, n.options.SnapshotEvery/4)
	n.rewriteDue = n.journal.full(n.applied)
	if n.installing != nil {
		install := n.installing
		n.installing = nil
		install()
	}
	n.turn()
}

// rewriteLog begins a new segment of the log, or mends the last. Nothing is appended meanwhile.
func (n *node) rewriteLog() {
	n.busy, n.rewriteDue = true, false
	n.journal.mend(n.applied, func(err error) {
		switch {
		case n.halted:
		case err != nil:
			n.halt(err)
		default:
			n.busy = false
			n.turn()
		}
	})
}

// install takes over a leader's snapshot: first the snapshot's file, then a segment of the log that
// begins after it. Only then is anything promised on it.
func (n *node) install(ready raft.Ready) {
	if n.snapshotting {
		n.busy = true
		n.installing = func() { n.install(ready) }
		return
	}
	restored, err := n.decode(ready.Snapshot.Data)
	if err != nil {
		panic("cpstore: a leader's snapshot is damaged")
	}
	n.busy = true
	if !raft.IsEmptyHardState(ready.HardState) {
		n.journal.hard = ready.HardState
	}
	at := position{index: ready.Snapshot.Metadata.Index, term: ready.Snapshot.Metadata.Term}
	news := !sameMembers(&n.members, &ready.Snapshot.Metadata.ConfState)
	n.adoptMembers(ready.Snapshot.Metadata.ConfState)
	n.journal.save(at, slices.Clip(ready.Snapshot.Data), func(err error) {
		switch {
		case n.halted:
		case err != nil:
			n.halt(err)
		default:
			n.journal.install(at, func(err error) {
				if news && err == nil && !n.halted {
					n.noteMembers("by", at.index)
				}
				n.installed(at, restored, ready, err)
			})
		}
	})
}

func (n *node) installed(at position, restored *znodes.State, ready raft.Ready, err error) {
	switch {
	case n.halted:
		return
	case err != nil:
		n.halt(err)
		return
	}
	world.Mark(n.env, markSnapshotInstalled)
	n.state, n.applied = restored, at.index
	n.busy, n.rewriteDue = false, false
	n.dismiss() // their writes may be inside the snapshot: nobody can say
	// Entries that came with the snapshot are not in the new segment yet.
	ready.Snapshot = raftpb.Snapshot{}
	if len(ready.Entries) > 0 {
		n.write(&ready)
	} else {
		n.finish(&ready)
	}
	n.turn()
}
