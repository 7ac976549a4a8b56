package cpstore

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"

	"cleave/internal/octets"

	"go.etcd.io/raft/v3/raftpb"
)

// The write-ahead log is kept in segments: files of records, each
//
//	length (4 bytes) | CRC-32C of the payload (4) | CRC-32C of these eight bytes (4) | payload
//
// all little-endian. A payload is fields and a kind. First comes a base, then batches: any number of
// entries, without a gap, and the hard state that ends them.
//
//	base   entry entry hard   entry hard   hard   entry ent
//	                                              ^ torn: such a batch counts for nothing
//
// An entry whose index is already in the log takes the place of that entry and of all after it, as in
// raft's own log.
//
// A torn batch was never synced, and is dropped; a damaged one may have been acknowledged, and must not
// be. A crash cuts bytes off, or leaves zeros in their place, and damage changes them. So the length of
// a record has a checksum of its own, and the kind, which is never zero, comes last: a record whose last
// byte is there was written whole.
type recordKind uint8

// The kinds of records. None becomes zero by one flipped bit.
const (
	recordBase  recordKind = 3 // the segment goes on after this place; always the first record
	recordEntry recordKind = 5 // an entry of raft's log
	recordHard  recordKind = 6 // term, vote and commit; the last one counts
)

const recordHeader = 12

// appendRecord writes a record whose fields fill appends.
func appendRecord(out []byte, kind recordKind, fill func([]byte) []byte) []byte {
	start := len(out)
	out = append(out, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	out = append(fill(out), byte(kind))
	header, payload := out[start:start+recordHeader], out[start+recordHeader:]
	binary.LittleEndian.PutUint32(header, uint32(len(payload)))
	binary.LittleEndian.PutUint32(header[4:], crc32.Checksum(payload, castagnoli))
	binary.LittleEndian.PutUint32(header[8:], crc32.Checksum(header[:8], castagnoli))
	return out
}

func appendBaseRecord(out []byte, base position) []byte {
	return appendRecord(out, recordBase, func(out []byte) []byte {
		out = binary.AppendUvarint(out, base.index)
		return binary.AppendUvarint(out, base.term)
	})
}

func appendEntryRecord(out []byte, entry *raftpb.Entry) []byte {
	return appendRecord(out, recordEntry, func(out []byte) []byte { return appendEntry(out, entry) })
}

func appendHardRecord(out []byte, hard raftpb.HardState) []byte {
	return appendRecord(out, recordHard, func(out []byte) []byte {
		out = binary.AppendUvarint(out, hard.Term)
		out = binary.AppendUvarint(out, hard.Vote)
		return binary.AppendUvarint(out, hard.Commit)
	})
}

// log is what the segments say, read in order.
type log struct {
	base    position
	entries []raftpb.Entry // dense, from base.index+1
	hard    raftpb.HardState
	bug     string

	began bool           // a base was read
	floor uint64         // index of the base of the segment being read
	batch []raftpb.Entry // not yet ended by a hard state
}

// extent is how far a segment makes sense.
type extent struct {
	good int  // where its last whole batch ends
	bad  int  // where the first record begins that is not whole or cannot be there; else the end of the segment
	torn bool // what follows good, if anything does, is what a crash left of a write
}

// read takes in a segment up to the first record that is not whole or cannot follow.
//
// A segment's first batch was put there by Replace, whole, and every later one was synced before the
// next was written. So only the last batch can be torn. Anything else is damage to what was durable.
func (l *log) read(segment []byte) (e extent) {
	l.batch = nil
	for e.bad < len(segment) {
		payload, size := l.nextRecord(segment[e.bad:])
		if size == 0 {
			e.torn = e.good > 0 && cutShort(segment[e.bad:])
			return e
		}
		if !l.take(payload, e.bad == 0) {
			return e
		}
		e.bad += size
		if kindOf(payload) == recordHard {
			e.good = e.bad
		}
	}
	e.torn = e.good > 0
	return e
}

// nextRecord is the payload of the first record and the size of the whole; 0 if it is not whole.
// BugNoChecksum does not look at the checksums.
func (l *log) nextRecord(data []byte) (payload []byte, size int) {
	trusting := l.bug == BugNoChecksum
	length, good := lengthOf(data, trusting)
	if !good || length == 0 || length > len(data)-recordHeader {
		return nil, 0
	}
	size = recordHeader + length
	payload = data[recordHeader:size:size]
	if !trusting && crc32.Checksum(payload, castagnoli) != binary.LittleEndian.Uint32(data[4:]) {
		return nil, 0
	}
	return payload, size
}

// lengthOf is the length of the first record's payload as its header says, if the header is whole.
func lengthOf(data []byte, trusting bool) (length int, whole bool) {
	if len(data) < recordHeader || !trusting && crc32.Checksum(data[:8], castagnoli) != binary.LittleEndian.Uint32(data[8:]) {
		return 0, false
	}
	return int(binary.LittleEndian.Uint32(data)), true
}

// cutShort tells whether data, from a record on that is not whole, are the beginning of that record, and
// nothing more but zeros: a file system may know of bytes that never came to the disk.
func cutShort(data []byte) bool {
	data = bytes.TrimRight(data, "\x00")
	length, whole := lengthOf(data, false)
	return len(data) < recordHeader || whole && length > len(data)-recordHeader
}

func kindOf(payload []byte) recordKind { return recordKind(payload[len(payload)-1]) }

// take takes in one record, and tells whether it can be there.
func (l *log) take(payload []byte, first bool) bool {
	kind := kindOf(payload)
	r := reader{octets.Reader{Data: payload[:len(payload)-1]}}
	if (kind == recordBase) != first {
		return false
	}
	switch kind {
	case recordBase:
		base := position{index: r.Uvarint(), term: r.Uvarint()}
		return r.End() && l.begin(base)
	case recordEntry:
		entry := r.entry()
		return r.End() && l.collect(entry)
	case recordHard:
		hard := raftpb.HardState{Term: r.Uvarint(), Vote: r.Uvarint(), Commit: r.Uvarint()}
		if !r.End() {
			return false
		}
		l.put()
		l.hard = hard
		return true
	}
	return false
}

// begin goes on with a segment. What earlier ones have beyond its base it repeats, as far as that
// still was in the log when it was made.
func (l *log) begin(base position) bool {
	if !l.began {
		l.began, l.base = true, base
	}
	at, has := l.find(base)
	if has {
		l.entries, l.floor = l.entries[:at], base.index
	}
	return has
}

// find tells whether the log has a place, and how many of the entries lead up to it.
func (l *log) find(place position) (int, bool) {
	if place == l.base {
		return 0, true
	}
	at, found := l.search(place.index)
	return at + 1, found && l.entries[at].Term == place.term
}

func (l *log) search(index uint64) (int, bool) {
	return slices.BinarySearchFunc(l.entries, index, func(entry raftpb.Entry, index uint64) int { return cmp.Compare(entry.Index, index) })
}

// last is the index of the last entry.
func (l *log) last() uint64 {
	if len(l.entries) == 0 {
		return l.base.index
	}
	return l.entries[len(l.entries)-1].Index
}

// collect adds an entry to the batch. What a segment's base covers is committed and never replaced.
func (l *log) collect(entry raftpb.Entry) bool {
	if size := len(l.batch); size > 0 && entry.Index != l.batch[size-1].Index+1 {
		return false
	}
	if entry.Index <= l.floor || len(l.batch) == 0 && entry.Index > l.last()+1 && l.bug != BugHalfInstall {
		return false
	}
	l.batch = append(l.batch, entry)
	return true
}

// put makes the batch a part of the log.
func (l *log) put() {
	if l.bug == BugKeepSuffix {
		l.batch = slices.DeleteFunc(l.batch, func(entry raftpb.Entry) bool { return entry.Index <= l.last() })
	}
	if len(l.batch) > 0 {
		at, _ := l.search(l.batch[0].Index)
		l.entries = append(l.entries[:at], l.batch...)
	}
	l.batch = l.batch[:0]
}

// startAfter drops what a snapshot covers. If the log does not contain the snapshot's own place, the
// snapshot came from a leader and everything here is older than it, so all goes: the log is left
// behind, and must not be appended to any more.
func (l *log) startAfter(snapshot position) (left bool) {
	at, has := l.find(snapshot)
	gap := l.last() != l.base.index+uint64(len(l.entries))
	switch {
	case l.bug == BugHalfInstall && (gap || !has): // the log is taken for what follows the snapshot
		for i := range l.entries {
			l.entries[i].Index = snapshot.index + 1 + uint64(i)
		}
		has = true
	case has:
		l.entries = l.entries[at:]
	default:
		l.entries = nil
	}
	l.base = snapshot
	if l.hard.Term < snapshot.term {
		if l.bug == BugBareEpoch && snapshot != bootstrap {
			panic(fmt.Sprintf("cpstore: the current term, %d, is older than the snapshot's, %d", l.hard.Term, snapshot.term))
		}
		l.hard.Term, l.hard.Vote = snapshot.term, 0
	}
	l.hard.Commit = max(l.hard.Commit, snapshot.index)
	return !has
}
