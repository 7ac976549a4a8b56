package zookeeper

import (
	"io"
	"net"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
	"github.com/stretchr/testify/require"

	"cleave/systems/zkwire"
	"cleave/world"
)

// tapped is a client with a connection whose other end the test has.
func tapped(t *testing.T) (*user, *tap, net.Conn) {
	u := &user{options: DefaultOptions(), watches: newWatches(), servers: []server{{name: "n1"}},
		edge: world.Edge{Note: func(string, string) {}}, wake: make(chan struct{}, 1), ownXid: firstOwnXid}
	near, far := net.Pipe()
	t.Cleanup(func() { far.Close() })
	require.NoError(t, far.SetDeadline(time.Now().Add(5*time.Second)))
	u.session = &session{user: u}
	u.tap = newTap(u.session, near, 0, 2)
	u.tap.limit = time.NewTimer(time.Hour)
	return u, u.tap, far
}

// next reads a message at the far end.
func next(t *testing.T, far net.Conn) []byte {
	t.Helper()
	head := make([]byte, 4)
	_, err := io.ReadFull(far, head)
	require.NoError(t, err)
	payload := make([]byte, int(head[2])<<8|int(head[3]))
	_, err = io.ReadFull(far, payload)
	require.NoError(t, err)
	return payload
}

// The first message has the highest zxid that the client has seen, whatever the library says; the answer
// brings the watches of the session back before anything else.
func TestHail(t *testing.T) {
	u, tap, far := tapped(t)
	u.seen = 77
	u.watches.data["/x"], u.watches.persistent["/y"] = true, true
	hello := zkwire.ConnectRequest{Timeout: 4000, SessionID: 5, Password: make([]byte, 16)}
	go func() { _, _ = tap.Write(framed(hello.Append)) }()
	got, err := zkwire.DecodeConnectRequest(next(t, far))
	require.NoError(t, err)
	hello.LastZxidSeen = 77
	require.Equal(t, hello, got)

	answer := zkwire.ConnectResponse{Timeout: 4000, SessionID: 5, Password: make([]byte, 16)}
	go func() { _, _ = far.Write(framed(answer.Append)) }()
	read := make(chan int, 1)
	go func() {
		count, _ := io.ReadFull(tap, make([]byte, 4))
		read <- count
	}()
	watches, err := zkwire.DecodeRequest(next(t, far))
	require.NoError(t, err)
	require.Equal(t, zkwire.OpSetWatches2, watches.Op)
	require.Equal(t, &zkwire.Watches{RelativeZxid: 77, Data: []string{"/x"}, Persistent: []string{"/y"}}, watches.Watches)
	require.Equal(t, 4, <-read, "and only then does the library learn of it")
	require.EqualValues(t, 5, u.id)
}

// What the library kept in its queue when a connection ended does not go out on the next one.
func TestStaleRequests(t *testing.T) {
	u, tap, far := tapped(t)
	tap.hailed = true
	request := zkwire.Request{Xid: 9, Op: zkwire.OpSetData, Path: "/x", Data: []byte("1"), Version: -1}
	u.turn = &turn{number: 1, settled: make(chan struct{})}
	_, err := tap.Write(framed(request.Append))
	require.ErrorIs(t, err, errStale)
	require.False(t, u.turn.sent)

	u.turn.number = 2
	go func() { _, _ = tap.Write(framed(request.Append)) }()
	require.NotEmpty(t, next(t, far))
	require.True(t, u.sends(tap) && u.turn.sent)
	_, err = tap.Write([]byte("half a message"))
	require.Error(t, err)
}

// An event that follows a reply is held back until all that follows from the reply has been done, and
// an answer to this package's own request is not the library's to see.
func TestOrderOfRepliesAndEvents(t *testing.T) {
	u, tap, far := tapped(t)
	tap.hailed, tap.greeted, u.attached = true, true, true
	read := make(chan []byte, 4)
	go func() {
		for {
			message := make([]byte, 4+16)
			if _, err := io.ReadFull(tap, message); err != nil {
				return
			}
			rest := make([]byte, int(message[3])-16)
			if _, err := io.ReadFull(tap, rest); err != nil {
				return
			}
			read <- append(message[4:], rest...)
		}
	}()
	go func() {
		reply := zkwire.Reply{Xid: firstOwnXid + 1, Zxid: 8, Stat: zkwire.Stat{Mzxid: 3}}
		event := zkwire.Event{Type: zkwire.EventDataChanged, Path: "/x"}
		_ = next(t, far)
		_, _ = far.Write(framed(func(out []byte) []byte { return reply.Append(out, zkwire.OpExists) }))
		_, _ = far.Write(framed(event.Append))
	}()
	p, err := u.ask(2, zkwire.Request{Op: zkwire.OpExists, Path: "/x", Watch: true})
	require.NoError(t, err)
	require.EqualValues(t, 3, p.Stat.Mzxid)
	require.EqualValues(t, 8, u.highest())
	require.True(t, u.watches.data["/x"])
	select {
	case <-read:
		t.Fatal("the library was told of the event before the reply was dealt with")
	case <-time.After(50 * time.Millisecond):
	}
	u.mutex.Lock()
	u.settle()
	u.mutex.Unlock()
	event, err := zkwire.DecodeEvent(<-read)
	require.NoError(t, err)
	u.notified(u.session, "changed", zk.Event{Type: zk.EventNodeDataChanged, Path: event.Path})
	require.Empty(t, u.watches.data)
	require.NoError(t, tap.Close())
}
