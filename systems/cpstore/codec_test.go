package cpstore

import (
	"testing"

	"cleave/internal/octets"

	"github.com/stretchr/testify/require"
	"go.etcd.io/raft/v3/raftpb"
)

// sampleMessages has each kind of message, and each field at least once.
func sampleMessages() []raftpb.Message {
	return []raftpb.Message{
		{Type: raftpb.MsgHeartbeat, From: 1, To: 2, Term: 3, Commit: 4},
		{Type: raftpb.MsgHeartbeatResp, From: 2, To: 1, Term: 3, Context: []byte("context")},
		{Type: raftpb.MsgApp, From: 1, To: 2, Term: 300, LogTerm: 299, Index: 1 << 40, Commit: 7,
			Entries: []raftpb.Entry{{Term: 300, Index: 8}, {Term: 300, Index: 9, Data: []byte("command")}}},
		{Type: raftpb.MsgAppResp, From: 2, To: 1, Term: 3, Index: 5, Reject: true, RejectHint: 4, LogTerm: 2},
		{Type: raftpb.MsgVote, From: 2, To: 1, Term: 4, Index: 5, LogTerm: 3},
		{Type: raftpb.MsgPreVoteResp, From: 2, To: 1, Term: 4, Reject: true},
		{Type: raftpb.MsgReadIndex, From: 2, To: 1, Entries: []raftpb.Entry{{Data: []byte("0123456789abcdef")}}},
		{Type: raftpb.MsgSnap, From: 1, To: 2, Term: 9, Vote: 1, Snapshot: &raftpb.Snapshot{Data: []byte("state"),
			Metadata: raftpb.SnapshotMetadata{Index: 8, Term: 7, ConfState: raftpb.ConfState{Voters: []uint64{1, 2, 3}}}}},
	}
}

func TestMessageRoundTrip(t *testing.T) {
	for _, m := range sampleMessages() {
		r := reader{octets.Reader{Data: appendMessage(nil, &m)}}
		var got raftpb.Message
		r.message(&got)
		require.True(t, r.End(), m.Type)
		require.Equal(t, m, got)
	}
}

// A node must not be able to make another campaign, or worse, by sending it a local message.
func TestLocalMessagesAreRefused(t *testing.T) {
	for _, kind := range []raftpb.MessageType{raftpb.MsgHup, raftpb.MsgBeat, raftpb.MsgProp, raftpb.MsgCheckQuorum, raftpb.MsgTimeoutNow} {
		r := reader{octets.Reader{Data: appendMessage(nil, &raftpb.Message{Type: kind, From: 1, To: 2})}}
		r.message(&raftpb.Message{})
		require.True(t, r.Bad, kind)
	}
}

func sampleFrame() []byte {
	messages := sampleMessages()
	frame := appendTouchPart(nil, []int64{1, -5, 1 << 50})
	frame = appendProposePart(frame, []byte("command"))
	frame = appendAskPart(frame, 77)
	frame = appendAnswerPart(frame, 77, 1000)
	for i := range messages {
		frame = appendRaftPart(frame, &messages[i])
	}
	return frame
}

// reencode takes a frame apart and puts it together again.
func reencode(frame []byte) (again []byte, good bool) {
	r := reader{octets.Reader{Data: frame}}
	var p part
	for len(r.Data) > 0 {
		r.part(&p)
		if r.Bad {
			return nil, false
		}
		switch p.kind {
		case partRaft:
			again = appendRaftPart(again, &p.message)
		case partPropose:
			again = appendProposePart(again, p.command)
		case partTouch:
			again = appendTouchPart(again, p.touched)
		case partAsk:
			again = appendAskPart(again, p.id)
		case partAnswer:
			again = appendAnswerPart(again, p.id, p.index)
		}
	}
	return again, true
}

func TestFrameRoundTrip(t *testing.T) {
	frame := sampleFrame()
	again, good := reencode(frame)
	require.True(t, good)
	require.Equal(t, frame, again)
	_, good = reencode(frame[:len(frame)-1])
	require.False(t, good, "a frame that is cut short is no frame")
}

// FuzzFrame: whatever bytes come, decoding does not panic, and what decodes is stable: written and
// read again it is the same.
func FuzzFrame(f *testing.F) {
	f.Add(sampleFrame())
	for _, m := range sampleMessages() {
		f.Add(appendRaftPart(nil, &m))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if once, good := reencode(data); good {
			twice, good := reencode(once)
			require.True(t, good)
			require.Equal(t, once, twice)
		}
	})
}

func TestSealedSnapshot(t *testing.T) {
	file := sealSnapshot(sealed{at: position{index: 300, term: 4}, state: []byte("state")})
	opened, err := openSnapshot(file)
	require.NoError(t, err)
	require.Equal(t, sealed{at: position{index: 300, term: 4}, state: []byte("state")}, opened)
	for i := range file {
		file[i] ^= 1
		_, err = openSnapshot(file)
		require.Error(t, err, "byte %d flipped", i)
		file[i] ^= 1
	}
}
