package cpstore

import (
	"bytes"
	"testing"
	"time"

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
		r := reader{data: appendMessage(nil, &m)}
		got := r.message()
		require.True(t, r.end(), m.Type)
		require.Equal(t, m, got)
	}
}

// A node must not be able to make another campaign, or worse, by sending it a local message.
func TestLocalMessagesAreRefused(t *testing.T) {
	for _, kind := range []raftpb.MessageType{raftpb.MsgHup, raftpb.MsgBeat, raftpb.MsgProp, raftpb.MsgCheckQuorum, raftpb.MsgTimeoutNow} {
		r := reader{data: appendMessage(nil, &raftpb.Message{Type: kind, From: 1, To: 2})}
		r.message()
		require.True(t, r.bad, kind)
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
	r := reader{data: frame}
	for len(r.data) > 0 {
		p := r.part()
		if r.bad {
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

func sampleCommands() []command {
	who := command{node: 3, boot: 1 << 31, id: 12, time: -5, session: 1<<33 + 1, attachment: 2}
	with := func(change func(*command)) command {
		c := who
		change(&c)
		return c
	}
	return []command{
		{kind: commandOpen, node: 1, id: 1, time: 9, timeout: 4 * time.Second},
		{kind: commandExpire, node: 1, boot: 4, expired: []int64{1 << 33, 1<<33 + 9}},
		with(func(c *command) { c.kind = commandAttach }),
		with(func(c *command) { c.kind = commandClose }),
		with(func(c *command) {
			c.kind, c.path, c.data, c.ephemeral, c.sequential = commandCreate, "/a", []byte("x"), true, true
		}),
		with(func(c *command) { c.kind, c.path, c.data, c.version = commandSet, "/a", []byte("y"), anyVersion }),
		with(func(c *command) { c.kind, c.path, c.version = commandDelete, "/a", 1<<31-1 }),
	}
}

func TestCommandRoundTrip(t *testing.T) {
	for _, c := range sampleCommands() {
		encoded := c.encode()
		got, good := decodeCommand(encoded)
		require.True(t, good)
		require.Equal(t, c, got)
		for size := range encoded {
			_, good = decodeCommand(encoded[:size])
			require.False(t, good, "%v cut to %d bytes", c.kind, size)
		}
		_, good = decodeCommand(append(encoded, 0))
		require.False(t, good, "a byte too many")
	}
}

func FuzzCommand(f *testing.F) {
	for _, c := range sampleCommands() {
		f.Add(c.encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if once, good := decodeCommand(data); good {
			twice, good := decodeCommand(once.encode())
			require.True(t, good)
			require.Equal(t, once, twice)
		}
	})
}

func sampleRequests() (all []request) {
	for kind := requestHello; kind < requestKinds; kind++ {
		q := request{kind: kind, xid: uint64(kind) + 200}
		switch kind {
		case requestHello:
			q.session, q.timeout, q.seen = 1<<33, time.Second, 1<<34
		case requestCreate:
			q.path, q.data, q.ephemeral = "/a", []byte("1"), true
		case requestSet:
			q.path, q.data, q.version = "/a", []byte("1"), 4
		case requestDelete:
			q.path, q.version = "/a", anyVersion
		case requestGet, requestExists, requestChildren:
			q.path = "/a"
		}
		all = append(all, q)
	}
	return all
}

func sampleReplies() (all []reply) {
	stat := Stat{CreatedZxid: 1, ModifiedZxid: 2, CreatedTime: 3, ModifiedTime: 4, Version: 5, ChildVersion: 6,
		EphemeralOwner: 7, DataLength: 8, ChildCount: 9, ChildrenZxid: 10}
	for kind := requestHello; kind < requestKinds; kind++ {
		p := reply{kind: kind, xid: 300, zxid: 1 << 33}
		switch kind {
		case requestHello:
			p.session, p.timeout = 1<<33, time.Second
		case requestCreate:
			p.path, p.stat = "/a", stat
		case requestSet, requestExists:
			p.stat = stat
		case requestGet:
			p.data, p.stat = []byte("1"), stat
		case requestChildren:
			p.names = []string{"a", "b"}
		}
		all = append(all, p, reply{kind: kind, xid: 1, zxid: 2, code: CodeNoNode})
	}
	return all
}

func TestRequestRoundTrip(t *testing.T) {
	for _, q := range sampleRequests() {
		got, good := decodeRequest(q.encode())
		require.True(t, good)
		require.Equal(t, q, got)
	}
	_, good := decodeRequest([]byte{byte(requestKinds), 1})
	require.False(t, good)
}

func TestReplyRoundTrip(t *testing.T) {
	for _, p := range sampleReplies() {
		got, good := decodeReply(p.encode())
		require.True(t, good)
		require.Equal(t, p, got)
	}
	_, good := decodeReply([]byte{byte(requestGet), 1, 2, byte(codes)})
	require.False(t, good)
}

func FuzzRequest(f *testing.F) {
	for _, q := range sampleRequests() {
		f.Add(q.encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if once, good := decodeRequest(data); good {
			twice, good := decodeRequest(once.encode())
			require.True(t, good)
			require.Equal(t, once, twice)
		}
	})
}

func FuzzReply(f *testing.F) {
	for _, p := range sampleReplies() {
		f.Add(p.encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if once, good := decodeReply(data); good {
			twice, good := decodeReply(once.encode())
			require.True(t, good)
			require.Equal(t, once, twice)
		}
	})
}

// sampleState has sessions, and ephemeral, sequential and nested nodes.
func sampleState() *state {
	s := newState()
	one := s.apply(4, &command{kind: commandOpen, timeout: time.Second}).session
	script(s, 4,
		command{kind: commandOpen, timeout: 2 * time.Second},
		command{kind: commandAttach, session: one},
		command{kind: commandCreate, session: one, attachment: 2, path: "/b", data: []byte("1"), time: 5},
		command{kind: commandCreate, session: one, attachment: 2, path: "/a", data: []byte("2"), time: 6},
		command{kind: commandCreate, session: one, attachment: 2, path: "/a/z", ephemeral: true},
		command{kind: commandCreate, session: one, attachment: 2, path: "/a/n", ephemeral: true, sequential: true},
		command{kind: commandSet, session: one, attachment: 2, path: "/b", data: []byte("3"), version: 0, time: 7})
	return s
}

func TestStateRoundTrip(t *testing.T) {
	s := sampleState()
	encoded := s.encode()
	got, err := decodeState(encoded)
	require.NoError(t, err)
	require.Equal(t, s, got)
	require.True(t, bytes.Equal(encoded, got.encode()))
	for size := range encoded {
		_, err = decodeState(encoded[:size])
		require.Error(t, err, "cut to %d bytes", size)
	}
}

func FuzzState(f *testing.F) {
	f.Add(sampleState().encode())
	f.Add(newState().encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		if once, err := decodeState(data); err == nil {
			twice, err := decodeState(once.encode())
			require.NoError(t, err)
			require.Equal(t, once, twice)
		}
	})
}

func TestSealedSnapshot(t *testing.T) {
	file := sealSnapshot(position{index: 300, term: 4}, []byte("state"))
	at, encoded, err := openSnapshot(file)
	require.NoError(t, err)
	require.Equal(t, position{index: 300, term: 4}, at)
	require.Equal(t, []byte("state"), encoded)
	for i := range file {
		file[i] ^= 1
		_, _, err = openSnapshot(file)
		require.Error(t, err, "byte %d flipped", i)
		file[i] ^= 1
	}
}
