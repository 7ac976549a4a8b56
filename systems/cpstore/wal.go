package cpstore

import (
	"encoding/binary"
	"hash/crc32"

	"go.etcd.io/raft/v3/raftpb"
)

// A write-ahead log is a file of records, each
//
//	length (4 bytes) | CRC-32C of the payload (4 bytes) | payload
//
// all little-endian. A payload is a kind and its fields. An entry whose index is already in the log
// takes the place of that entry and of all after it, as raft's own log does.
type recordKind uint8

const (
	recordBase  recordKind = 1 + iota // the log begins after this place; always the first record
	recordEntry                       // an entry of raft's log
	recordHard                        // term, vote and commit; the last one counts
)

const recordHeader = 8

// appendRecord writes a record whose payload fill appends.
func appendRecord(out []byte, fill func([]byte) []byte) []byte {
	start := len(out)
	out = append(out, 0, 0, 0, 0, 0, 0, 0, 0)
	out = fill(out)
	payload := out[start+recordHeader:]
	binary.LittleEndian.PutUint32(out[start:], uint32(len(payload)))
	binary.LittleEndian.PutUint32(out[start+4:], crc32.Checksum(payload, castagnoli))
	return out
}

func appendBaseRecord(out []byte, base position) []byte {
	return appendRecord(out, func(out []byte) []byte {
		out = append(out, byte(recordBase))
		out = appendUvarint(out, base.index)
		return appendUvarint(out, base.term)
	})
}

func appendEntryRecord(out []byte, entry *raftpb.Entry) []byte {
	return appendRecord(out, func(out []byte) []byte { return appendEntry(append(out, byte(recordEntry)), entry) })
}

func appendHardRecord(out []byte, hard raftpb.HardState) []byte {
	return appendRecord(out, func(out []byte) []byte {
		out = append(out, byte(recordHard))
		out = appendUvarint(out, hard.Term)
		out = appendUvarint(out, hard.Vote)
		return appendUvarint(out, hard.Commit)
	})
}

// log is what a write-ahead log says.
type log struct {
	base    position
	entries []raftpb.Entry // dense, from base.index+1
	hard    raftpb.HardState
	good    int // how many bytes are whole records; what follows was torn by a crash
}

// replay reads a write-ahead log up to the first record that is not whole, or not what can follow.
func replay(data []byte) log {
	l := log{base: bootstrap}
	for {
		payload, size := nextRecord(data[l.good:])
		if size == 0 || !l.take(payload) {
			return l
		}
		l.good += size
	}
}

// nextRecord gives the payload of the first record and the size of the whole; 0 if it is not whole.
func nextRecord(data []byte) (payload []byte, size int) {
	if len(data) < recordHeader {
		return nil, 0
	}
	length := uint64(binary.LittleEndian.Uint32(data))
	if length == 0 || length > uint64(len(data)-recordHeader) {
		return nil, 0
	}
	size = recordHeader + int(length)
	payload = data[recordHeader:size:size]
	if crc32.Checksum(payload, castagnoli) != binary.LittleEndian.Uint32(data[4:]) {
		return nil, 0
	}
	return payload, size
}

func (l *log) take(payload []byte) bool {
	r := reader{data: payload}
	switch recordKind(r.byte()) {
	case recordBase:
		base := position{index: r.uvarint(), term: r.uvarint()}
		if !r.end() || l.good != 0 {
			return false
		}
		l.base = base
	case recordEntry:
		entry := r.entry()
		if !r.end() || entry.Index <= l.base.index || entry.Index > l.base.index+uint64(len(l.entries))+1 {
			return false
		}
		l.entries = append(l.entries[:entry.Index-l.base.index-1], entry)
	case recordHard:
		hard := raftpb.HardState{Term: r.uvarint(), Vote: r.uvarint(), Commit: r.uvarint()}
		if !r.end() {
			return false
		}
		l.hard = hard
	default:
		return false
	}
	return true
}

// startAfter drops what a snapshot covers. If the log does not contain the snapshot's own entry, the
// snapshot came from a leader and everything here is older than it, so all goes.
func (l *log) startAfter(snapshot position) {
	switch covered := snapshot.index - l.base.index; {
	case snapshot == l.base:
	case snapshot.index > l.base.index && covered <= uint64(len(l.entries)) && l.entries[covered-1].Term == snapshot.term:
		l.entries = l.entries[covered:]
	default:
		l.entries = nil
	}
	l.base = snapshot
	if l.hard.Term < snapshot.term {
		l.hard.Term, l.hard.Vote = snapshot.term, 0
	}
	l.hard.Commit = max(l.hard.Commit, snapshot.index)
}
