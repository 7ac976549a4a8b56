package cpstore

import (
	"fmt"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/world"
)

// The planted bugs of the journal, by ZooKeeper's numbers.
const (
	BugKeepSuffix  = "zk-2845" // on a restart, entries that were replaced come back
	BugHalfInstall = "zk-3642" // a leader's snapshot is installed, but the log of before it goes on
	BugBareEpoch   = "zk-1653" // a new segment gets term and vote only when they next change
	BugEpochFirst  = "zk-4643" // the hard state is synced, the entries with it are written after they were acknowledged
	BugEmptyStart  = "zk-2325" // the purge removes all snapshots, and a node without one starts empty
)

// bootstrap is the place in the log that every node's disk stands for when it is still empty: an
// empty tree, and a membership that all know. Raft wants a log that begins after such a snapshot.
var bootstrap = position{index: 1, term: 1}

// segmentLimit is the most that a segment has to have, in bytes, before the next is begun.
const segmentLimit = 16 << 10

// mostBuffer is how many bytes are kept for the next write.
const mostBuffer = 1 << 20

// journal is what a node keeps on its disk: snapshots, and the log in segments, each named by the
// first index it may hold. A snapshot of the node's own comes first and a segment after it; there the
// log goes on without what the snapshot covers:
//
//	segments     |2 ............ 503|504 ........... 1006|1007 ...
//	snapshots                 500|                1002|
//	retained, if it is one                        ====|
//	                                 ^ from here on the log is kept
//
// A segment is begun by Replace, with all that the log has beyond its base (entries that are not yet
// committed, and the hard state), and appended to only when that is durable. So at any moment of a
// crash the segments hold a log without gaps, only the last can be torn, and only in its last write.
type journal struct {
	disk    world.Disk
	first   raftpb.ConfState // who belonged at the beginning of the log
	members raftpb.ConfState // who belongs by what has been applied
	kept    raftpb.ConfState // who belonged at the last snapshot that was begun
	retain  int              // snapshots kept
	bug     string

	storage *storage          // the log as raft reads it
	hard    raftpb.HardState  // the newest; on disk as of the last record written
	begun   raftpb.HardState  // as it was when the last segment was begun
	base    position          // the last snapshot
	remarks []string          // what was odd about the disk
	torn    bool              // the log ended in the midst of a write
	mending func(func(error)) // what openJournal found must be done before anything is appended; nil for nothing

	segments  []uint64 // first indexes of those on the disk; the last is being written
	snapshots []uint64 // indexes of those on the disk, the last being base's
	file      string   // the last segment
	limit     int      // segmentLimit
	size      int      // of the last segment
	logged    uint64   // bytes written since the last snapshot was begun
	buffer    []byte
}

func segmentName(first uint64) string { return fmt.Sprintf("log.%016x", first) }

func snapshotName(index uint64) string { return fmt.Sprintf("snapshot.%016x", index) }

func must(err error) {
	if err != nil {
		panic("cpstore: raft's storage: " + err.Error())
	}
}

// storage is the log as raft reads it: entries in memory, the last snapshot's state on the disk until
// raft wants to send it.
type storage struct {
	*raft.MemoryStorage
	journal *journal
	alone   *raftpb.ConfState // of BugOwnCluster: who belongs, whatever the disk says
	last    uint64            // index of the last entry, which raft asks for often
}

// LastIndex is the index of the last entry.
func (s *storage) LastIndex() (uint64, error) { return s.last, nil }

// Append takes entries, without a gap after those before.
func (s *storage) Append(entries []raftpb.Entry) (err error) {
	if err = s.MemoryStorage.Append(entries); err == nil {
		s.last, err = s.MemoryStorage.LastIndex()
	}
	return err
}

// ApplySnapshot begins anew after a snapshot.
func (s *storage) ApplySnapshot(snapshot raftpb.Snapshot) (err error) {
	if err = s.MemoryStorage.ApplySnapshot(snapshot); err == nil {
		s.last, err = s.MemoryStorage.LastIndex()
	}
	return err
}

// InitialState is what raft starts with.
func (s *storage) InitialState() (raftpb.HardState, raftpb.ConfState, error) {
	hard, members, err := s.MemoryStorage.InitialState()
	if s.alone != nil {
		members = *s.alone
	}
	return hard, members, err
}

// Snapshot reads the last snapshot. One that cannot be read is as one that is not yet there, and so is one of
// before somebody came who belongs now: he would not take it, as it does not speak of him.
func (s *storage) Snapshot() (raftpb.Snapshot, error) {
	snapshot, err := s.MemoryStorage.Snapshot()
	if err != nil {
		return snapshot, err
	}
	found, err := openSnapshot(s.journal.disk.Read(snapshotName(snapshot.Metadata.Index)))
	if err != nil || lacks(&snapshot.Metadata.ConfState, &s.journal.members) {
		return raftpb.Snapshot{}, raft.ErrSnapshotTemporarilyUnavailable
	}
	snapshot.Data = found.state
	return snapshot, nil
}

func (j *journal) raftSnapshot(at position) raftpb.Snapshot {
	return raftpb.Snapshot{Metadata: raftpb.SnapshotMetadata{Index: at.index, Term: at.term, ConfState: j.kept}}
}

// write appends entries, and the newest hard state after them, to the last segment. It is durable
// after the next sync.
func (j *journal) write(entries []raftpb.Entry) {
	out := j.buffer[:0]
	for i := range entries {
		out = appendEntryRecord(out, &entries[i])
	}
	out = appendHardRecord(out, j.recorded())
	j.size += len(out)
	j.logged += uint64(len(out))
	j.disk.Append(j.file, out)
	if j.buffer = out; cap(out) > mostBuffer {
		j.buffer = nil
	}
}

// recorded is the hard state as it is written.
func (j *journal) recorded() raftpb.HardState {
	if j.bug == BugBareEpoch && j.hard.Term == j.begun.Term && j.hard.Vote == j.begun.Vote {
		return raftpb.HardState{}
	}
	return j.hard
}

// writeEpoch is BugEpochFirst's part of write: the hard state alone.
func (j *journal) writeEpoch() {
	last, err := j.storage.LastIndex()
	must(err)
	hard := j.hard
	j.hard.Commit = min(hard.Commit, last)
	j.write(nil)
	j.hard = hard
}

func (j *journal) sync(done func(error)) { j.disk.Sync(j.file, done) }

// due tells whether it is time for a snapshot: after so many entries, or bytes if that is not 0, or for somebody
// who has come.
func (j *journal) due(applied, entries, bytes uint64) bool {
	switch j.bug {
	case BugHalfInstall, BugBareEpoch, BugEmptyStart: // which show only where there are snapshots
		entries = min(entries, 100)
	case BugKeepSuffix: // which shows only where a node is sent the entries that it lacks
		entries = max(entries, 1000)
	}
	return applied > j.base.index && (applied >= j.base.index+entries || bytes > 0 && j.logged >= bytes || lacks(&j.kept, &j.members))
}

// save makes a snapshot durable, with who belongs now. It takes encoded, and the memory behind it.
func (j *journal) save(at position, encoded []byte, done func(error)) {
	j.logged, j.kept = 0, j.members
	snapshot := sealed{at: at, state: encoded}
	if !sameMembers(&j.kept, &j.first) {
		snapshot.members = appendMembers(nil, &j.kept)
	}
	j.disk.Replace(snapshotName(at.index), sealSnapshot(snapshot), done)
}

// covered says that a snapshot of this node's own is durable. Raft need not keep more of the log
// before it than a slow node may want, nor more than was logged between two snapshots.
func (j *journal) covered(at position, keep uint64) {
	_, err := j.storage.CreateSnapshot(at.index, &j.kept, nil)
	must(err)
	end := j.base.index
	if at.index > keep {
		end = max(end, at.index-keep)
	}
	first, err := j.storage.FirstIndex()
	must(err)
	if end > first {
		must(j.storage.Compact(end))
	}
	j.rebase(at)
	j.purge()
}

func (j *journal) rebase(at position) {
	j.base = at
	j.snapshots = append(j.snapshots, at.index)
}

// full tells whether the next segment may begin after what has been applied.
func (j *journal) full(applied uint64) bool {
	return j.size > j.limit && applied >= j.segments[len(j.segments)-1] && j.bug != BugHalfInstall
}

// install begins the log anew after a leader's snapshot that has become durable. After a crash in
// between, the log does not contain the snapshot's place, and openJournal does the same.
func (j *journal) install(at position, done func(error)) {
	must(j.storage.ApplySnapshot(j.raftSnapshot(at)))
	j.rebase(at)
	if j.bug == BugHalfInstall {
		done(nil)
		return
	}
	j.begin(at, done)
}

// begin makes a new segment, with all of the log after a place that has been applied. Nothing may be
// written until it is durable.
func (j *journal) begin(after position, done func(error)) {
	out := appendBaseRecord(nil, after)
	last, err := j.storage.LastIndex()
	must(err)
	if last > after.index {
		entries, err := j.storage.Entries(after.index+1, last+1, ^uint64(0))
		must(err)
		for i := range entries {
			out = appendEntryRecord(out, &entries[i])
		}
	}
	if (j.bug == BugAckBeforeSync || j.bug == BugEpochFirst) && len(j.segments) > 0 {
		j.sync(func(error) {}) // the segment before may still want it
	}
	j.begun = j.hard
	out = appendHardRecord(out, j.recorded())
	j.segments = append(j.segments, after.index+1)
	j.file = segmentName(after.index + 1)
	j.size = len(out)
	j.disk.Replace(j.file, out, func(err error) {
		if err == nil {
			j.purge()
		}
		done(err)
	})
}

// mend does what openJournal left to do, or begins a new segment after what has been applied.
func (j *journal) mend(applied uint64, done func(error)) {
	if mending := j.mending; mending != nil {
		j.mending = nil
		mending(done)
		return
	}
	term, err := j.storage.Term(applied)
	must(err)
	j.begin(position{index: applied, term: term}, done)
}

// purge removes the snapshots that are more than are to be kept, and the segments before those. A
// segment may be gone when the next one begins no later than the oldest snapshot.
func (j *journal) purge() {
	for len(j.snapshots) > j.retain {
		j.disk.Remove(snapshotName(j.snapshots[0]))
		j.snapshots = j.snapshots[1:]
	}
	for len(j.snapshots) > 0 && len(j.segments) > 1 && j.segments[1] <= j.snapshots[0]+1 {
		j.disk.Remove(segmentName(j.segments[0]))
		j.segments = j.segments[1:]
	}
	if j.bug == BugEmptyStart {
		for _, index := range j.snapshots {
			j.disk.Remove(snapshotName(index))
		}
	}
}
