package zkscript

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
)

// serve stands in for a server: on each connection it writes, for the n-th frame, the n-th answer, and
// hangs up after the last.
func serve(t *testing.T, answers ...[]byte) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			socket, err := listener.Accept()
			if err != nil {
				return
			}
			for _, answer := range answers {
				var length [4]byte
				if _, err := io.ReadFull(socket, length[:]); err != nil {
					break
				}
				_, _ = io.CopyN(io.Discard, socket, int64(binary.BigEndian.Uint32(length[:])))
				_, _ = socket.Write(answer)
			}
			_ = socket.Close()
		}
	}()
	return listener.Addr().String()
}

func frames(payloads ...[]byte) (all []byte) {
	for _, payload := range payloads {
		all = binary.BigEndian.AppendUint32(all, uint32(len(payload)))
		all = append(all, payload...)
	}
	return all
}

func TestRun(t *testing.T) {
	greeting := zkwire.ConnectResponse{Timeout: 4000, SessionID: 77, Password: make([]byte, 16), HasReadOnly: true}
	event := zkwire.Event{Type: zkwire.EventCreated, Path: "/a"}
	created := zkwire.Reply{Xid: 1, Zxid: 5000, Path: "/a"}
	failed := zkwire.Reply{Xid: 2, Zxid: 5001, Code: zkwire.NodeExists}
	found := zkwire.Reply{Xid: 3, Zxid: 6000, Data: []byte("x"),
		Stat: zkwire.Stat{Czxid: 5000, Mzxid: 6000, Pzxid: -1, EphemeralOwner: 77, NumChildren: 2, Ctime: 5}}
	address := serve(t, frames(greeting.Append(nil)),
		frames(event.Append(nil), created.Append(nil, zkwire.OpCreate)),
		frames(failed.Append(nil, zkwire.OpCreate)),
		frames(found.Append(nil, zkwire.OpGetData)))
	transcript, err := Run(t.Context(), address, strings.Join([]string{
		"# a comment", "c1 connect", "c1 create /a", "c1 create /a", "c1 getData /a", "c1 expect-close", ""}, "\n"))
	require.NoError(t, err)
	require.Equal(t, `# a comment
c1 connect
  connected version=0 timeout=4000 session=s1 password=p1(16 bytes) readOnly=false
c1 create /a
  event created "/a"
  ok z1 path="/a"
c1 create /a
  nodeExists(-110) z1
c1 getData /a
  ok z2 data="x" czxid=z1 mzxid=z2 pzxid=-1 version=0 cversion=0 aversion=0 owner=s1 length=0 children=2 ctime=5 mtime=0
c1 expect-close
  closed
`, transcript)
}

// What a server gets wrong is seen in the transcript.
func TestRunSeesWhatIsWrong(t *testing.T) {
	greeting := zkwire.ConnectResponse{Timeout: 4000, SessionID: 77}
	other, late := zkwire.Reply{Xid: 9, Zxid: 1}, zkwire.Reply{Xid: 2, Zxid: 1}
	long := append(late.Append(nil, zkwire.OpDelete), 1, 2, 3)
	address := serve(t, frames(greeting.Append(nil)),
		frames(other.Append(nil, zkwire.OpPing)), frames(long), frames([]byte{1, 2}))
	transcript, err := Run(t.Context(), address, "c1 connect\nc1 delete /a\nc1 delete /b\nc1 ping\nc1 ping\n")
	require.NoError(t, err)
	require.Equal(t, `c1 connect
  connected version=0 timeout=4000 session=s1 password=p1(0 bytes)
c1 delete /a
  an answer to nothing that was asked, xid 9: ok z1
c1 delete /b
  out of turn, xid 2: ok z1 and 3 bytes more
c1 ping
  no answer: 0102
c1 ping
  closed
`, transcript)
}

func TestBadScripts(t *testing.T) {
	address := serve(t)
	for script, message := range map[string]string{
		"c1 ping":                            "not open",
		"dance":                              "no such step",
		"c1":                                 "without a verb",
		"c1 connect\nc1 dance":               "no such verb",
		"c1 connect\nc1 create /a colour=3":  "no such key",
		"c1 connect\nc1 create /a flags=x":   "invalid syntax",
		"c1 connect\nc1 create /a acl=world": "an ACL is",
		"c1 connect\nc1 multi {":             "a block without its end",
		"c1 connect seen=later":              "no step has kept",
		"c1 connect\nc1 raw xyz":             "invalid byte",
		"c1 connect\nc1 create \"/a":         "invalid syntax",
		"sleep long":                         "invalid duration",
		"c1 connect\nc1 ping /a /b":          "a word too many",
		"c1 connect\nc1 send":                "nothing to send",
	} {
		_, err := Run(t.Context(), address, script)
		require.ErrorContains(t, err, message, script)
	}
}

func TestParse(t *testing.T) {
	steps, err := parse("c1 create /a data=\"one two\\x00\" flags=1 -> made\n\nc2 send multi {\n  delete /b\n}\nsleep 1s")
	require.NoError(t, err)
	require.Equal(t, []step{
		{text: "c1 create /a data=\"one two\\x00\" flags=1 -> made", connection: "c1", keep: "made",
			words: []word{{value: "create"}, {value: "/a"}, {"data", "one two\x00"}, {"flags", "1"}}},
		{},
		{text: "c2 send multi {\n  delete /b\n}", connection: "c2", words: []word{{value: "send"}, {value: "multi"}},
			block: [][]word{{{value: "delete"}, {value: "/b"}}}},
		{text: "sleep 1s", words: []word{{value: "sleep"}, {value: "1s"}}},
	}, steps)
}

// The next number is that of the greatest that is not above, and what is not above 0 stays.
func TestNames(t *testing.T) {
	n := newNames()
	n.kept["made"] = 30
	text := n.zxid(30) + n.zxid(10) + n.zxid(30) + n.near(29) + n.near(31) + n.near(9) + n.zxid(-1) + n.zxid(0)
	require.Equal(t, "z2z1z2z1z2z0-10", n.finish(text))
	zxid, err := n.number("made-3")
	require.NoError(t, err)
	require.Equal(t, int64(27), zxid)
}
