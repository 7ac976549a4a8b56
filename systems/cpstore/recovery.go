package cpstore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/world"
)

// openJournal reads a disk: the newest snapshot that is whole, and the log from the segment that holds
// its place. encoded is the state in the snapshot, nil if there is none. What cannot come from a crash
// is damage, and no state to go on from: it panics, and names the file.
//
// A damaged snapshot does no harm as long as the log goes back to the one before it, or to the very
// beginning.
func openJournal(disk world.Disk, members raftpb.ConfState, retain int, bug string) (j *journal, encoded []byte) {
	j = &journal{disk: disk, first: members, members: members, retain: retain, bug: bug, base: bootstrap, limit: segmentLimit,
		storage: &storage{MemoryStorage: raft.NewMemoryStorage()}}
	j.storage.journal = j
	j.segments, j.snapshots = numbered(disk, "log."), numbered(disk, "snapshot.")
	encoded, damaged := j.newestSnapshot()
	written := log{bug: bug}
	if len(j.segments) > 0 {
		j.readSegments(&written, damaged)
	} else {
		if len(j.snapshots) > 0 || damaged > 0 {
			panic(world.Damage("cpstore: there is a snapshot on the disk, but no log: what this node has promised is lost"))
		}
		written.base = bootstrap
		j.mending = func(done func(error)) { j.begin(bootstrap, done) }
	}
	if damaged > written.last() {
		panic(world.Damage(fmt.Sprintf("cpstore: %s is damaged, and the log does not reach its place", snapshotName(damaged))))
	}
	if written.startAfter(j.base) {
		if last := j.segments[len(j.segments)-1]; last > j.base.index {
			panic(world.Damage(fmt.Sprintf("cpstore: %s contradicts %s", segmentName(last), snapshotName(j.base.index))))
		}
		j.mending = func(done func(error)) { j.begin(j.base, done) }
	}
	j.adopt(&written)
	return j, encoded
}

// numbered gives the numbers that stand after prefix in the names of files, in order.
func numbered(disk world.Disk, prefix string) (numbers []uint64) {
	for _, name := range disk.Files() {
		digits, has := strings.CutPrefix(name, prefix)
		if number, err := strconv.ParseUint(digits, 16, 64); has && err == nil && name == prefix+fmt.Sprintf("%016x", number) {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// newestSnapshot finds the place from which the log is read. Snapshots that turn out to be damaged are
// left where they are; damaged is the index of the newest of them, 0 if there is none.
func (j *journal) newestSnapshot() (encoded []byte, damaged uint64) {
	for len(j.snapshots) > 0 {
		newest := j.snapshots[len(j.snapshots)-1]
		file := j.disk.Read(snapshotName(newest))
		found, err := openSnapshot(file)
		if err != nil && j.bug == BugNoChecksum && len(file) >= sealSize {
			found, err = unseal(file)
		}
		if err == nil && found.at.index == newest && j.understand(found.members) {
			j.base = found.at
			return found.state, damaged
		}
		damaged = max(damaged, newest)
		j.snapshots = j.snapshots[:len(j.snapshots)-1]
		j.remarks = append(j.remarks, snapshotName(newest)+" is damaged: the log is read from the snapshot before it")
	}
	return nil, damaged
}

// understand takes over who belonged at a snapshot.
func (j *journal) understand(members []byte) bool {
	if members == nil {
		return true // as at the beginning
	}
	read, good := readMembers(members)
	if good {
		j.members = read
	}
	return good
}

// readSegments reads the log from the last segment that begins no later than the snapshot ends.
func (j *journal) readSegments(written *log, damaged uint64) {
	from, found := slices.BinarySearch(j.segments, j.base.index+1)
	switch {
	case found:
	case from > 0:
		from--
	case j.bug == BugEmptyStart: // as if the empty tree were what the log begins with
	case damaged > 0:
		panic(world.Damage(fmt.Sprintf("cpstore: %s is damaged, and the log does not go back to the snapshot before it", snapshotName(damaged))))
	default:
		panic(world.Damage(fmt.Sprintf("cpstore: what comes before %s is gone: there must be a snapshot, or more of the log", segmentName(j.segments[0]))))
	}
	for i, first := range j.segments[from:] {
		segment := j.disk.Read(segmentName(first))
		e := written.read(segment)
		last := from+i == len(j.segments)-1
		if e.bad > 0 && written.floor+1 != first {
			e = extent{} // it is not the file that it is called
		}
		if e.good < len(segment) || e.good == 0 {
			if !last || !e.torn {
				panic(world.Damage(damage(segmentName(first), e.bad, damaged)))
			}
			j.cut(first, segment[:e.good], len(segment))
		}
		j.file, j.size = segmentName(first), e.good
	}
	if j.bug == BugEmptyStart && j.base == bootstrap {
		j.base = written.base
	}
}

// damage says where the log cannot be read, and that it would not have to be if a snapshot were whole.
func damage(name string, at int, snapshot uint64) string {
	text := fmt.Sprintf("cpstore: %s is damaged at byte %d", name, at)
	if at == 0 {
		text += ", or does not follow the segment before it"
	}
	if snapshot > 0 {
		text += fmt.Sprintf("; %s, which could stand for a part of the log, is damaged too", snapshotName(snapshot))
	}
	return text
}

// cut takes the rest of a torn write off the last segment, before anything is appended to it. Until
// that is durable the torn segment is there, and after the next crash it is found again.
func (j *journal) cut(first uint64, whole []byte, size int) {
	name := segmentName(first)
	j.mending = func(done func(error)) { j.disk.Replace(name, whole, done) }
	j.torn = true
	j.remarks = append(j.remarks, fmt.Sprintf("%s ends in %d bytes of a write that a crash cut short", name, size-len(whole)))
}

// adopt goes on from what was read.
func (j *journal) adopt(written *log) {
	if written.hard.Commit > written.last() {
		panic(world.Damage("cpstore: the disk has lost committed entries: the log ends before the place up to which it was committed"))
	}
	j.hard = written.hard
	if j.bug == BugForgetVote {
		j.hard.Vote = raft.None
	}
	for i := range written.entries {
		j.logged += uint64(len(written.entries[i].Data)) + recordHeader
	}
	j.kept = j.members
	must(j.storage.ApplySnapshot(j.raftSnapshot(j.base)))
	must(j.storage.Append(written.entries))
	must(j.storage.SetHardState(j.hard))
}
