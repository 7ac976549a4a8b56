package cpstore

import (
	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/world"
)

// The files of a node.
const (
	walFile      = "wal"
	snapshotFile = "snapshot"
)

// bootstrap is the place in the log that every node's disk stands for when it is still empty: an
// empty tree, and a membership that all know. Raft wants a log that begins after such a snapshot.
var bootstrap = position{index: 1, term: 1}

// journal is what a node keeps on its disk: the last snapshot and the log after it.
type journal struct {
	disk    world.Disk
	members raftpb.ConfState
	storage *raft.MemoryStorage // the log as raft reads it
	hard    raftpb.HardState    // the newest; on disk as of the last record written
	base    position            // the last snapshot
	buffer  []byte
}

// openJournal reads a disk. torn says that the log ends in bytes that a crash cut short, which must
// go before anything is appended. forgetVote is BugForgetVote.
func openJournal(disk world.Disk, members raftpb.ConfState, forgetVote bool) (j *journal, encoded []byte, torn bool) {
	j = &journal{disk: disk, members: members, storage: raft.NewMemoryStorage(), base: bootstrap}
	if file := disk.Read(snapshotFile); file != nil {
		var err error
		if j.base, encoded, err = openSnapshot(file); err != nil {
			panic("cpstore: the snapshot on the disk is damaged")
		}
	}
	file := disk.Read(walFile)
	written := replay(file)
	torn = written.good != len(file)
	written.startAfter(j.base)
	if written.hard.Commit > written.base.index+uint64(len(written.entries)) {
		panic("cpstore: the disk has lost committed entries")
	}
	j.hard = written.hard
	if forgetVote {
		j.hard.Vote = raft.None
	}
	must(j.storage.ApplySnapshot(j.raftSnapshot(j.base, encoded)))
	must(j.storage.Append(written.entries))
	must(j.storage.SetHardState(j.hard))
	return j, encoded, torn
}

func must(err error) {
	if err != nil {
		panic("cpstore: raft's storage: " + err.Error())
	}
}

func (j *journal) raftSnapshot(at position, encoded []byte) raftpb.Snapshot {
	return raftpb.Snapshot{Data: encoded, Metadata: raftpb.SnapshotMetadata{Index: at.index, Term: at.term, ConfState: j.members}}
}

// write appends entries, and the newest hard state after them, to the log file. It is durable after
// the next sync.
func (j *journal) write(entries []raftpb.Entry) {
	out := j.buffer[:0]
	for i := range entries {
		out = appendEntryRecord(out, &entries[i])
	}
	out = appendHardRecord(out, j.hard)
	j.buffer = out
	j.disk.Append(walFile, out)
}

// rewrite replaces the log file by one that begins after the last snapshot.
func (j *journal) rewrite(done func(error)) {
	out := appendBaseRecord(nil, j.base)
	last, err := j.storage.LastIndex()
	must(err)
	if last > j.base.index {
		entries, err := j.storage.Entries(j.base.index+1, last+1, ^uint64(0))
		must(err)
		for i := range entries {
			out = appendEntryRecord(out, &entries[i])
		}
	}
	j.disk.Replace(walFile, appendHardRecord(out, j.hard), done)
}

// save makes a snapshot durable. The log file keeps what it covers until rewrite.
func (j *journal) save(at position, encoded []byte, done func(error)) {
	j.disk.Replace(snapshotFile, sealSnapshot(at, encoded), done)
}

// covered says that a snapshot of this node's own is durable: raft may send it, and need not keep
// more of the log before it than a slow node may want.
func (j *journal) covered(at position, encoded []byte, keep uint64) {
	_, err := j.storage.CreateSnapshot(at.index, &j.members, encoded)
	must(err)
	j.base = at
	first, err := j.storage.FirstIndex()
	must(err)
	if at.index > keep && at.index-keep > first {
		must(j.storage.Compact(at.index - keep))
	}
}

// installed says that a leader's snapshot is durable: the log begins anew after it.
func (j *journal) installed(at position, encoded []byte) {
	must(j.storage.ApplySnapshot(j.raftSnapshot(at, encoded)))
	j.base = at
}
