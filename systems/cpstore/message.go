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

	knownFields = 1<<iota - 1
)

// fromPeer are the kinds of raft messages that nodes send each other.
const fromPeer = 1<<raftpb.MsgApp | 1<<raftpb.MsgAppResp | 1<<raftpb.MsgVote | 1<<raftpb.MsgVoteResp | 1<<raftpb.MsgSnap |
	1<<raftpb.MsgHeartbeat | 1<<raftpb.MsgHeartbeatResp | 1<<raftpb.MsgReadIndex | 1<<raftpb.MsgReadIndexResp |
	1<<raftpb.MsgPreVote | 1<<raftpb.MsgPreVoteResp

func fieldsOf(m *raftpb.Message) (fields uint64) {
	for _, field := range [...]struct {
		bit     uint64
		present bool
	}{
		{hasLogTerm, m.LogTerm != 0}, {hasIndex, m.Index != 0}, {hasCommit, m.Commit != 0}, {hasVote, m.Vote != 0},
		{hasReject, m.Reject}, {hasRejectHint, m.RejectHint != 0}, {hasContext, len(m.Context) > 0},
		{hasEntries, len(m.Entries) > 0}, {hasSnapshot, m.Snapshot != nil},
	} {
		if field.present {
			fields |= field.bit
		}
	}
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
	for _, field := range [...]struct{ bit, value uint64 }{
		{hasLogTerm, m.LogTerm}, {hasIndex, m.Index}, {hasCommit, m.Commit}, {hasVote, m.Vote}, {hasRejectHint, m.RejectHint},
	} {
		if fields&field.bit != 0 {
			out = binary.AppendUvarint(out, field.value)
		}
	}
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
	return out
}

// message reads what appendMessage wrote. Its bytes share the memory of what is read.
func (r *reader) message() (m raftpb.Message) {
	kind := r.Byte()
	fields := r.Uvarint()
	if kind >= 32 || fromPeer&(1<<kind) == 0 || fields > knownFields {
		r.Fail()
		return m
	}
	m.Type = raftpb.MessageType(kind)
	m.To, m.From, m.Term = r.Uvarint(), r.Uvarint(), r.Uvarint()
	for _, field := range [...]struct {
		bit  uint64
		into *uint64
	}{
		{hasLogTerm, &m.LogTerm}, {hasIndex, &m.Index}, {hasCommit, &m.Commit}, {hasVote, &m.Vote}, {hasRejectHint, &m.RejectHint},
	} {
		if fields&field.bit != 0 {
			*field.into = r.Uvarint()
		}
	}
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
	return m
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

// entry reads an entry. The membership never changes, so there is one type only.
func (r *reader) entry() raftpb.Entry {
	if raftpb.EntryType(r.Byte()) != raftpb.EntryNormal {
		r.Fail()
	}
	return raftpb.Entry{Term: r.Uvarint(), Index: r.Uvarint(), Data: r.Bytes()}
}

func appendRaftSnapshot(out []byte, s *raftpb.Snapshot) []byte {
	out = binary.AppendUvarint(out, s.Metadata.Index)
	out = binary.AppendUvarint(out, s.Metadata.Term)
	out = binary.AppendUvarint(out, uint64(len(s.Metadata.ConfState.Voters)))
	for _, id := range s.Metadata.ConfState.Voters {
		out = binary.AppendUvarint(out, id)
	}
	return octets.AppendBytes(out, s.Data)
}

func (r *reader) raftSnapshot() *raftpb.Snapshot {
	s := &raftpb.Snapshot{}
	s.Metadata.Index, s.Metadata.Term = r.Uvarint(), r.Uvarint()
	for range r.Count(1) {
		s.Metadata.ConfState.Voters = append(s.Metadata.ConfState.Voters, r.Uvarint())
	}
	s.Data = r.Bytes()
	return s
}
