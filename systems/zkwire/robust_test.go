package zkwire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// sampleRequests has each operation, and each field at least once.
func sampleRequests() []Request {
	acl := []ACL{{PermRead, Identity{"world", "anyone"}}, {PermAll, Identity{"sasl", "someone"}}}
	watches := Watches{RelativeZxid: 1 << 40, Data: []string{"/a", "/b"}, Exist: []string{"/c"}, Child: []string{"/d"}}
	both := watches
	both.Persistent, both.PersistRecursive = []string{"/e"}, []string{"/f", "/"}
	create := Request{Op: OpCreate, Path: "/a", Data: []byte("hi"), ACL: acl, Flags: FlagSequential}
	return []Request{
		create,
		{Op: OpCreate2, Path: "/a", ACL: acl, Flags: FlagEphemeral},
		{Op: OpCreateContainer, Path: "/a", Data: []byte{}, ACL: acl, Flags: FlagContainer},
		{Op: OpCreateTTL, Path: "/a", ACL: acl, Flags: FlagTTL, TTL: 60_000},
		{Op: OpDelete, Path: "/a", Version: -1},
		{Op: OpExists, Path: "/a", Watch: true},
		{Op: OpGetData, Path: "/a"},
		{Op: OpSetData, Path: "/a", Data: []byte("x"), Version: 4},
		{Op: OpGetACL, Path: "/a"},
		{Op: OpSetACL, Path: "/a", ACL: acl, Version: 7},
		{Op: OpGetChildren, Path: "/a", Watch: true},
		{Op: OpGetChildren2, Path: "/a"},
		{Op: OpSync, Path: "/a"},
		{Op: OpQuorumSync, Path: "/a"},
		{Op: OpPing},
		{Op: OpCheck, Path: "/a", Version: 2},
		{Op: OpMulti, Operations: []Request{create, {Op: OpSetData, Path: "/b", Version: 1}, {Op: OpDelete, Path: "/c"}}},
		{Op: OpMulti},
		{Op: OpMultiRead, Operations: []Request{{Op: OpGetData, Path: "/a"}, {Op: OpGetChildren, Path: "/b"}}},
		{Op: OpReconfig, Reconfig: &Reconfig{Joining: "j", Leaving: "l", NewMembers: "n", CurrentConfig: -1}},
		{Op: OpCheckWatches, Path: "/a", Mode: 1},
		{Op: OpRemoveWatches, Path: "/a", Mode: 3},
		{Op: OpAddWatch, Path: "/a", Mode: 1},
		{Op: OpAuth, Identity: Identity{"digest", "a:b"}},
		{Op: OpSASL, Data: []byte("token")},
		{Op: OpSetWatches, Watches: &watches},
		{Op: OpSetWatches2, Watches: &both},
		{Op: OpGetEphemerals, Path: "/"},
		{Op: OpGetAllChildrenNumber, Path: "/"},
		{Op: OpWhoAmI},
		{Op: OpCloseSession},
	}
}

func TestEveryRequest(t *testing.T) {
	for i, q := range sampleRequests() {
		q.Xid = int32(i)
		payload := q.Append(nil)
		got, err := DecodeRequest(payload)
		require.NoError(t, err, q.Op)
		require.Equal(t, q, got)
		require.Equal(t, append([]byte("x"), payload...), q.Append([]byte("x")), "it is written behind what is there")
		for size := range payload {
			cut, err := DecodeRequest(payload[:size])
			require.ErrorIs(t, err, ErrMalformed, "operation %d cut to %d bytes", q.Op, size)
			if size >= 8 {
				require.Equal(t, Request{Xid: q.Xid, Op: q.Op}, cut, "the header is known nevertheless")
			}
		}
	}
}

// sampleReplies has for each operation a reply, and each field at least once.
func sampleReplies() map[Op]Reply {
	return map[Op]Reply{
		OpCreate: {Path: "/a"}, OpCreate2: {Path: "/a", Stat: statOfHex}, OpCreateTTL: {Path: "/a", Stat: statOfHex},
		OpCreateContainer: {Path: "/a", Stat: statOfHex}, OpDelete: {}, OpExists: {Stat: statOfHex},
		OpGetData: {Data: []byte{}, Stat: statOfHex}, OpSetData: {Stat: statOfHex}, OpSetACL: {Stat: statOfHex},
		OpGetACL:      {ACL: []ACL{{PermAll, Identity{"digest", "a:x"}}}, Stat: statOfHex},
		OpGetChildren: {Names: []string{"a", ""}}, OpGetChildren2: {Names: []string{"a", "b"}, Stat: statOfHex},
		OpSync: {Path: "/a"}, OpQuorumSync: {Path: "/a"}, OpPing: {}, OpReconfig: {Data: []byte("server.1"), Stat: statOfHex},
		OpMulti: {Results: []Result{{Op: OpCreate, Path: "/a"}, {Op: OpCreate2, Path: "/a", Stat: statOfHex},
			{Op: OpSetData, Stat: statOfHex}, {Op: OpDelete}, {Op: OpCheck}, {Op: OpError, Code: NoNode}}},
		OpMultiRead:     {Results: []Result{{Op: OpGetData, Stat: statOfHex}, {Op: OpGetChildren, Names: []string{"a"}}}},
		OpCheckWatches:  {},
		OpRemoveWatches: {}, OpAddWatch: {}, OpAuth: {}, OpSASL: {Data: []byte("token")}, OpSetWatches: {}, OpSetWatches2: {},
		OpGetEphemerals: {Names: []string{"/a"}}, OpGetAllChildrenNumber: {Number: 12}, OpCloseSession: {},
		OpWhoAmI: {Identities: []Identity{{"ip", "127.0.0.1"}, {"digest", "me"}}},
	}
}

func TestEveryReply(t *testing.T) {
	replies := sampleReplies()
	for _, q := range sampleRequests() {
		if q.Op == OpCheck {
			continue // it has no reply of its own
		}
		p, given := replies[q.Op]
		require.True(t, given, "operation %d has no sample", q.Op)
		p.Xid, p.Zxid = 5, 1<<33
		payload := p.Append(nil, q.Op)
		got, err := DecodeReply(payload, q.Op)
		require.NoError(t, err, q.Op)
		require.Equal(t, p, got)
		for size := range payload {
			_, err := DecodeReply(payload[:size], q.Op)
			require.ErrorIs(t, err, ErrMalformed, "the reply to %d cut to %d bytes", q.Op, size)
		}
		p.Code = NoAuth
		require.Len(t, p.Append(nil, q.Op), 16, "an error is the header alone")
	}
}

func TestUnknownOperations(t *testing.T) {
	for _, op := range []Op{OpNotification, 10, 23, 99, 108, -1, OpCreateSession, OpDeleteContainer} {
		q := Request{Xid: 9, Op: op}
		got, err := DecodeRequest(q.Append(nil))
		require.ErrorIs(t, err, ErrUnknownOp, op)
		require.Equal(t, q, got)
		_, err = DecodeReply(make([]byte, 16), op)
		require.ErrorIs(t, err, ErrUnknownOp, op)
	}
	for _, q := range []Request{
		{Op: OpMulti, Operations: []Request{{Op: OpGetData, Path: "/a"}}},
		{Op: OpMulti, Operations: []Request{{Op: OpMulti}}},
		{Op: OpMultiRead, Operations: []Request{{Op: OpDelete, Path: "/a"}}},
	} {
		_, err := DecodeRequest(q.Append(nil))
		require.ErrorIs(t, err, ErrUnknownOp)
	}
	bad := Reply{Results: []Result{{Op: OpSync}}}
	_, err := DecodeReply(bad.Append(nil, OpMulti), OpMulti)
	require.ErrorIs(t, err, ErrUnknownOp)
}

// Lengths that lie are found out before memory is asked for.
func TestFalseLengths(t *testing.T) {
	for _, text := range []string{
		"00000001 00000004 7fffffff 2f61 00",                       // a path longer than the payload
		"00000001 00000004 fffffffe 2f61 00",                       // a negative length that is not null
		"00000001 00000001 00000001 2f ffffffff 7fffffff",          // two thousand million ACLs
		"00000001 00000065 0000000000000000 20000000 00000000",     // half a thousand million paths
		"00000001 00000001 00000001 2f ffffffff 00000002" + open,   // one ACL of two
		"00000001 00000005 00000001 2f 80000000 00000000 00000000", // the least length there is
	} {
		payload := fromHex(t, text)
		require.Less(t, testing.AllocsPerRun(10, func() { _, _ = DecodeRequest(payload) }), float64(10), text)
		_, err := DecodeRequest(payload)
		require.ErrorIs(t, err, ErrMalformed, text)
	}
}

// A null list of ACLs is as good as an empty one; a null path, and a null list of paths, is malformed.
func TestNull(t *testing.T) {
	got, err := DecodeRequest(fromHex(t, "00000001 00000001 00000001 2f 00000000 ffffffff 00000000"))
	require.NoError(t, err)
	require.Equal(t, Request{Xid: 1, Op: OpCreate, Path: "/", Data: []byte{}}, got)
	got, err = DecodeRequest(fromHex(t, "00000001 00000010 ffffffff ffffffff ffffffff ffffffffffffffff"))
	require.NoError(t, err, "the Java client writes null where a reconfig names nobody")
	require.Equal(t, Request{Xid: 1, Op: OpReconfig, Reconfig: &Reconfig{CurrentConfig: -1}}, got)
	for _, text := range []string{
		"00000001 00000003 ffffffff 00",
		"00000001 00000001 ffffffff 00000000 00000000 00000000",
		"00000001 00000005 ffffffff 00000000 ffffffff",
		"00000001 00000065 0000000000000000 ffffffff 00000000 00000000",
		"00000001 00000065 0000000000000000 00000000 00000000 00000001 ffffffff",
		"00000001 00000069 0000000000000000 00000000 00000000 00000000 00000000 ffffffff",
	} {
		_, err := DecodeRequest(fromHex(t, text))
		require.ErrorIs(t, err, ErrMalformed, text)
	}
}

// Data is handed on without a copy, and an append to it does not write into the payload.
func TestDataIsShared(t *testing.T) {
	payload := fromHex(t, "00000001 00000005 00000002 2f61 00000002 6869 00000007")
	got, err := DecodeRequest(payload)
	require.NoError(t, err)
	require.Same(t, &payload[18], &got.Data[0])
	_ = append(got.Data, 0xff)
	require.Equal(t, byte(0), payload[20])
}
