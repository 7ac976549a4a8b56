package zkwire

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// fromHex reads bytes written by hand, with blanks between the fields.
func fromHex(t *testing.T, text string) []byte {
	t.Helper()
	bytes, err := hex.DecodeString(strings.NewReplacer(" ", "", "\n", "", "\t", "").Replace(text))
	require.NoError(t, err)
	return bytes
}

const password = "0102030405060708090a0b0c0d0e0f10"

func TestConnectBytes(t *testing.T) {
	short := fromHex(t, "00000000 0000000100000002 00000fa0 0200000000000007 00000010"+password)
	request := ConnectRequest{LastZxidSeen: 1<<32 + 2, Timeout: 4000, SessionID: 2<<56 + 7, Password: fromHex(t, password)}
	require.Equal(t, short, request.Append(nil))
	got, err := DecodeConnectRequest(short)
	require.NoError(t, err)
	require.Equal(t, request, got)

	request.ReadOnly, request.HasReadOnly = true, true
	require.Equal(t, append(short, 1), request.Append(nil))
	got, err = DecodeConnectRequest(append(short, 1))
	require.NoError(t, err)
	require.Equal(t, request, got)

	answer := fromHex(t, "00000000 00000fa0 0200000000000007 00000010"+password)
	response := ConnectResponse{Timeout: 4000, SessionID: 2<<56 + 7, Password: fromHex(t, password)}
	require.Len(t, answer, 36, "what a server writes to a client without the last field")
	require.Equal(t, answer, response.Append(nil))
	back, err := DecodeConnectResponse(answer)
	require.NoError(t, err)
	require.Equal(t, response, back)

	response.HasReadOnly = true
	require.Equal(t, append(answer, 0), response.Append(nil))
	back, err = DecodeConnectResponse(append(answer, 0))
	require.NoError(t, err)
	require.Equal(t, response, back)
}

// open is the ACL {31, world, anyone} as bytes.
const open = "0000001f 00000005 776f726c64 00000006 616e796f6e65"

const statHex = "0000000100000001 0000000100000002 0000000000000003 0000000000000004" +
	"00000005 00000006 00000007 0000000000000008 00000009 0000000a 000000010000000b"

var statOfHex = Stat{Czxid: 1<<32 + 1, Mzxid: 1<<32 + 2, Ctime: 3, Mtime: 4, Version: 5, Cversion: 6, Aversion: 7,
	EphemeralOwner: 8, DataLength: 9, NumChildren: 10, Pzxid: 1<<32 + 11}

func TestRequestBytes(t *testing.T) {
	everyone := []ACL{{PermAll, Identity{"world", "anyone"}}}
	for name, test := range map[string]struct {
		bytes string
		want  Request
	}{
		"create": {"00000001 00000001 00000002 2f61 00000002 6869 00000001" + open + "00000003",
			Request{Xid: 1, Op: OpCreate, Path: "/a", Data: []byte("hi"), ACL: everyone, Flags: FlagEphemeralSequential}},
		"create of null": {"00000001 00000001 00000002 2f61 ffffffff 00000000 00000000",
			Request{Xid: 1, Op: OpCreate, Path: "/a"}},
		"create of nothing": {"00000001 00000001 00000002 2f61 00000000 00000000 00000000",
			Request{Xid: 1, Op: OpCreate, Path: "/a", Data: []byte{}}},
		"createTTL": {"00000001 00000015 00000002 2f61 00000000 00000000 00000005 00000000000003e8",
			Request{Xid: 1, Op: OpCreateTTL, Path: "/a", Data: []byte{}, Flags: FlagTTL, TTL: 1000}},
		"ping":         {"fffffffe 0000000b", Request{Xid: XidPing, Op: OpPing}},
		"closeSession": {"00000009 fffffff5", Request{Xid: 9, Op: OpCloseSession}},
		"auth": {"fffffffc 00000064 00000000 00000006 646967657374 00000003 613a62",
			Request{Xid: XidAuth, Op: OpAuth, Identity: Identity{"digest", "a:b"}}},
		"setWatches": {"fffffff8 00000065 0000000100000002 00000001 00000002 2f61 00000000 00000001 00000001 2f",
			Request{Xid: XidSetWatches, Op: OpSetWatches,
				Watches: &Watches{RelativeZxid: 1<<32 + 2, Data: []string{"/a"}, Child: []string{"/"}}}},
		"multi": {`00000002 0000000e
			00000002 00 ffffffff 00000002 2f61 ffffffff
			0000000d 00 ffffffff 00000002 2f62 00000003
			ffffffff 01 ffffffff`,
			Request{Xid: 2, Op: OpMulti, Operations: []Request{
				{Op: OpDelete, Path: "/a", Version: -1}, {Op: OpCheck, Path: "/b", Version: 3}}}},
	} {
		payload := fromHex(t, test.bytes)
		got, err := DecodeRequest(payload)
		require.NoError(t, err, name)
		require.Equal(t, test.want, got, name)
		require.Equal(t, payload, test.want.Append(nil), name)
		got, err = DecodeRequest(append(payload, 0xff))
		require.NoError(t, err, "%s: bytes after the body do not matter", name)
		require.Equal(t, test.want, got, name)
	}
}

func TestReplyBytes(t *testing.T) {
	for name, test := range map[string]struct {
		op    Op
		bytes string
		want  Reply
	}{
		"getData": {OpGetData, "00000003 0000000100000004 00000000 00000002 6869" + statHex,
			Reply{Xid: 3, Zxid: 1<<32 + 4, Data: []byte("hi"), Stat: statOfHex}},
		"getData of null": {OpGetData, "00000003 0000000100000004 00000000 ffffffff" + statHex,
			Reply{Xid: 3, Zxid: 1<<32 + 4, Stat: statOfHex}},
		"no node": {OpGetData, "00000003 0000000100000004 ffffff9b", Reply{Xid: 3, Zxid: 1<<32 + 4, Code: NoNode}},
		"multi": {OpMulti, `00000003 0000000100000004 00000000
			00000001 00 00000000 00000002 2f61
			00000005 00 00000000` + statHex + `
			00000002 00 00000000
			0000000d 00 00000000
			ffffffff 01 ffffffff`,
			Reply{Xid: 3, Zxid: 1<<32 + 4, Results: []Result{
				{Op: OpCreate, Path: "/a"}, {Op: OpSetData, Stat: statOfHex}, {Op: OpDelete}, {Op: OpCheck}}}},
		"a multi that failed": {OpMulti, `00000003 0000000100000004 00000000
			ffffffff 00 00000000 00000000
			ffffffff 00 ffffff99 ffffff99
			ffffffff 00 fffffffe fffffffe
			ffffffff 01 ffffffff`,
			Reply{Xid: 3, Zxid: 1<<32 + 4, Results: []Result{
				{Op: OpError}, {Op: OpError, Code: BadVersion}, {Op: OpError, Code: RuntimeInconsistency}}}},
		"multiRead": {OpMultiRead, `00000003 0000000100000004 00000000
			00000004 00 00000000 00000001 78` + statHex + `
			00000008 00 00000000 00000002 00000001 61 00000001 62
			ffffffff 00 ffffff9b ffffff9b
			ffffffff 01 ffffffff`,
			Reply{Xid: 3, Zxid: 1<<32 + 4, Results: []Result{
				{Op: OpGetData, Data: []byte("x"), Stat: statOfHex}, {Op: OpGetChildren, Names: []string{"a", "b"}},
				{Op: OpError, Code: NoNode}}}},
		"addWatch": {OpAddWatch, "00000003 0000000100000004 00000000 00000000", Reply{Xid: 3, Zxid: 1<<32 + 4}},
		"ping":     {OpPing, "fffffffe 0000000100000004 00000000", Reply{Xid: XidPing, Zxid: 1<<32 + 4}},
		"whoAmI": {OpWhoAmI, "00000003 0000000100000004 00000000 00000001 00000002 6970 00000003 3a3a31",
			Reply{Xid: 3, Zxid: 1<<32 + 4, Identities: []Identity{{"ip", "::1"}}}},
	} {
		payload := fromHex(t, test.bytes)
		got, err := DecodeReply(payload, test.op)
		require.NoError(t, err, name)
		require.Equal(t, test.want, got, name)
		require.Equal(t, payload, test.want.Append(nil, test.op), name)
	}
}

func TestEventBytes(t *testing.T) {
	payload := fromHex(t, "ffffffff ffffffffffffffff 00000000 00000003 00000003 00000002 2f61")
	event := Event{Type: EventDataChanged, Path: "/a"}
	require.Equal(t, payload, event.Append(nil))
	got, err := DecodeEvent(payload)
	require.NoError(t, err)
	require.Equal(t, event, got)
	reply := Reply{Xid: 1}
	_, err = DecodeEvent(append(reply.Append(nil, OpPing), payload[16:]...))
	require.ErrorIs(t, err, ErrMalformed, "an xid that is no notification's")
}
