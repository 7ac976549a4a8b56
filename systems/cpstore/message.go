package cpstore

import (
	"encoding/binary"

	"go.etcd.io/raft/v3/raftpb"

	"cleave/internal/octets"
)

// The fields of a raft message that are there only if a bit says so: a heartbeat, which is nearly
// all an idle cluster sends, has few.
const (
	hasLogTerm = 1 << iota
	hasIndex
	hasCommit
	hasVote
	hasReject
	hasRejectHint
	hasContext
	hasEntries
	hasSnapshot
	hasLearners // the snapshot's membership has some

	knownFields = 1<<iota - 1
)

// fromPeer are the kinds of raft messages that nodes send each other.
const fromPeer = 1<<raftpb.MsgApp | 1<<raftpb.MsgAppResp | 1<<raftpb.MsgVote | 1<<raftpb.MsgVoteResp | 1<<raftpb.MsgSnap |
	1<<raftpb.MsgHeartbeat | 1<<raftpb.MsgHeartbeatResp | 1<<raftpb.MsgReadIndex | 1<<raftpb.MsgReadIndexResp |
	1<<raftpb.MsgPreVote | 1<<raftpb.MsgPreVoteResp

func fieldsOf(m *raftpb.Message) (fields uint64) {
	note := func(bit uint64, present bool) {
		if present {
			fields |= bit
		}
	}
	note(hasLogTerm, m.LogTerm != 0)
	note(hasIndex, m.Index != 0)
	note(hasCommit, m.Commit != 0)
	note(hasVote, m.Vote != 0)
	note(hasReject, m.Reject)
	note(hasRejectHint, m.RejectHint != 0)
	note(hasContext, len(m.Context) > 0)
	note(hasEntries, len(m.Entries) > 0)
	note(hasSnapshot, m.Snapshot != nil)
	note(hasLearners, m.Snapshot != nil && len(m.Snapshot.Metadata.ConfState.Learners) > 0)
	return fields
}

// appendMessage writes a raft message.
func appendMessage(out []byte, m *raftpb.Message) []byte {
	fields := fieldsOf(m)
	out = append(out, byte(m.Type))
	out = binary.AppendUvarint(out, fields)
	out = binary.AppendUvarint(out, m.To)
	out = binary.AppendUvarint(out, m.From)
	out = binary.AppendUvarint(out, m.Term)
	out = appendField(out, fields&hasLogTerm, m.LogTerm)
	out = appendField(out, fields&hasIndex, m.Index)
	out = appendField(out, fields&hasCommit, m.Commit)
	out = appendField(out, fields&hasVote, m.Vote)
	out = appendField(out, fields&hasRejectHint, m.RejectHint)
	if fields&hasContext != 0 {
		out = octets.AppendBytes(out, m.Context)
	}
	if fields&hasEntries != 0 {
		out = binary.AppendUvarint(out, uint64(len(m.Entries)))
		for i := range m.Entries {
			out = appendEntry(out, &m.Entries[i])
		}
	}
	if fields&hasSnapshot != 0 {
		out = appendRaftSnapshot(out, m.Snapshot)
	}
	if fields&hasLearners != 0 {
		out = appendIDs(out, m.Snapshot.Metadata.ConfState.Learners)
	}
	return out
}

// appendField writes a number, if its bit is set.
func appendField(out []byte, bit, value uint64) []byte {
	if bit == 0 {
		return out
	}
	return binary.AppendUvarint(out, value)
}

// field reads a number, if its bit is set.
func (r *reader) field(bit uint64) uint64 {
	if bit == 0 {
		return 0
	}
	return r.Uvarint()
}

// message reads what appendMessage wrote into an empty message. Its bytes share the memory of what is read.
func (r *reader) message(m *raftpb.Message) {
	kind := r.Byte()
	fields := r.Uvarint()
	if kind >= 32 || fromPeer&(1<<kind) == 0 || fields > knownFields {
		r.Fail()
		return
	}
	m.Type = raftpb.MessageType(kind)
	m.To, m.From, m.Term = r.Uvarint(), r.Uvarint(), r.Uvarint()
	m.LogTerm = r.field(fields & hasLogTerm)
	m.Index = r.field(fields & hasIndex)
	m.Commit = r.field(fields & hasCommit)
	m.Vote = r.field(fields & hasVote)
	m.RejectHint = r.field(fields & hasRejectHint)
	m.Reject = fields&hasReject != 0
	if fields&hasContext != 0 {
		m.Context = r.Bytes()
	}
	if fields&hasEntries != 0 {
		m.Entries = r.entries()
	}
	if fields&hasSnapshot != 0 {
		m.Snapshot = r.raftSnapshot()
	}
	if fields&hasLearners != 0 {
		learners := r.ids()
		if m.Snapshot == nil || len(learners) == 0 {
			r.Fail()
			return
		}
		m.Snapshot.Metadata.ConfState.Learners = learners
	}
}

func (r *reader) entries() []raftpb.Entry {
	count := r.Count(1)
	if count == 0 {
		return nil
	}
	// An entry has at least four bytes: a false count asks for less memory than twenty times its message.
	if count*4 > len(r.Data) {
		r.Fail()
		return nil
	}
	entries := make([]raftpb.Entry, count)
	for i := range entries {
		entries[i] = r.entry()
	}
	return entries
}

// appendEntry writes an entry of raft's log.
func appendEntry(out []byte, entry *raftpb.Entry) []byte {
	out = append(out, byte(entry.Type))
	out = binary.AppendUvarint(out, entry.Term)
	out = binary.AppendUvarint(out, entry.Index)
	return octets.AppendBytes(out, entry.Data)
}

// entry reads an entry: a command, or one change of the members.
func (r *reader) entry() raftpb.Entry {
	kind := raftpb.EntryType(r.Byte())
	if kind != raftpb.EntryNormal && kind != raftpb.EntryConfChange {
		r.Fail()
	}
	return raftpb.Entry{Type: kind, Term: r.Uvarint(), Index: r.Uvarint(), Data: r.Bytes()}
}

func appendRaftSnapshot(out []byte, s *raftpb.Snapshot) []byte {
	out = binary.AppendUvarint(out, s.Metadata.Index)
	out = binary.AppendUvarint(out, s.Metadata.Term)
	out = appendIDs(out, s.Metadata.ConfState.Voters)
	return octets.AppendBytes(out, s.Data)
}

func appendIDs(out []byte, ids []uint64) []byte {
	out = binary.AppendUvarint(out, uint64(len(ids)))
	for _, id := range ids {
		out = binary.AppendUvarint(out, id)
	}
	return out
}

func (r *reader) ids() (ids []uint64) {
	for range r.Count(1) {
		ids = append(ids, r.Uvarint())
	}
	return ids
}

func (r *reader) raftSnapshot() *raftpb.Snapshot {
	s := &raftpb.Snapshot{}
	s.Metadata.Index, s.Metadata.Term = r.Uvarint(), r.Uvarint()
	s.Metadata.ConfState.Voters = r.ids()
	s.Data = r.Bytes()
	return s
}
