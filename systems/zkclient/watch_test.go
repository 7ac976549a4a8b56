package zkclient

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/zkwire"
)

// kind makes the argument of a watch.
func kind(name string) history.Value { return history.Text(name) }

// numbers makes a list of integers.
func numbers(all ...int64) history.Value {
	list := make([]history.Value, len(all))
	for i, n := range all {
		list[i] = history.Integer(n)
	}
	return history.List(list...)
}

// without makes [number, nil].
func without(number int64) history.Value {
	return history.List(history.Integer(number), history.Nothing)
}

// What each kind of watch reads while it arms, and what it asks for.
func TestWatchReads(t *testing.T) {
	b := started(t, 1)
	b.put("/w", "")
	b.put("/w/x", "7")
	b.put("/w/text", "seven")
	b.put("/w/empty", "")
	for _, c := range []struct {
		key, kind string
		want      history.Value
		request   zkwire.Request
	}{
		{"w/x", "data", numbers(2, 7), zkwire.Request{Op: zkwire.OpGetData, Path: "/w/x", Watch: true}},
		{"w/empty", "data", without(4), zkwire.Request{Op: zkwire.OpGetData, Path: "/w/empty", Watch: true}},
		{"w/x", "exist", without(2), zkwire.Request{Op: zkwire.OpExists, Path: "/w/x", Watch: true}},
		{"w/no", "exist", without(0), zkwire.Request{Op: zkwire.OpExists, Path: "/w/no", Watch: true}},
		{"w", "children", numbers(4, 3), zkwire.Request{Op: zkwire.OpGetChildren2, Path: "/w", Watch: true}},
		{"w/x", "persistent", numbers(2, 7), zkwire.Request{Op: zkwire.OpAddWatch, Path: "/w/x"}},
		{"w/no", "persistent", without(0), zkwire.Request{Op: zkwire.OpAddWatch, Path: "/w/no"}},
		{"w", "recursive", without(1), zkwire.Request{Op: zkwire.OpAddWatch, Path: "/w", Mode: 1}},
	} {
		before := len(b.servers[0].heard)
		got := b.ok(history.Watch, c.key, kind(c.kind))
		require.Equal(t, history.Completion{Outcome: history.Ok, Value: c.want, Node: "n1", Version: 4}, got, c.key+" "+c.kind)
		sent := b.servers[0].heard[before].request
		c.request.Xid = sent.Xid
		require.Equal(t, c.request, sent)
	}
	require.Equal(t, name(zkwire.NoNode), b.fails(history.Watch, "w/no", kind("data")))
	require.Equal(t, name(zkwire.NoNode), b.fails(history.Watch, "w/no", kind("children")))
	require.Equal(t, ErrorNotInteger, b.fails(history.Watch, "w/text", kind("data")))
	require.Equal(t, ErrorNotInteger, b.fails(history.Watch, "w/text", kind("persistent")))
	require.Equal(t, ErrorBadRequest, b.fails(history.Watch, "w/x", kind("any")))
	require.Equal(t, ErrorBadRequest, b.fails(history.Watch, "w/x", history.Nothing))
	require.Equal(t, watches{data: paths{"/w/empty", "/w/text", "/w/x"}, exist: paths{"/w/no"}, child: paths{"/w"},
		persistent: paths{"/w/no", "/w/text", "/w/x"}, recursive: paths{"/w"}}, b.client.watches)
}

// An event is told the moment it comes, before the reply to what caused it.
func TestEventBeforeReply(t *testing.T) {
	b := started(t, 1)
	b.ok(history.Watch, "x", kind("exist"))
	b.ok(history.Write, "x", history.Integer(1))
	b.ok(history.Watch, "x", kind("data"))
	b.ok(history.Write, "x", history.Integer(2))
	b.ok(history.Write, "x", history.Integer(3))
	b.ok(history.Watch, "x", kind("children"))
	b.ok(history.Remove, "x", history.Nothing)
	require.Equal(t, []string{"watch ok", "event created /x", "write ok", "watch ok", "event changed /x", "write ok",
		"write ok", "watch ok", "event deleted /x", "remove ok"}, b.told[1:])
	require.Equal(t, watches{data: paths{}, exist: paths{}, child: paths{}}, b.client.watches)
}

// After a reconnect the watches are set again before anything else, with the last zxid seen, and what
// changed in the meantime is told.
func TestWatchesAreSetAgain(t *testing.T) {
	b := started(t, 1)
	for _, path := range []string{"/a", "/b", "/c", "/d", "/e"} {
		b.put(path, "0")
	}
	b.ok(history.Watch, "b", kind("data"))
	b.ok(history.Watch, "a", kind("data"))
	b.ok(history.Watch, "c", kind("exist"))
	b.ok(history.Watch, "no", kind("exist"))
	b.ok(history.Watch, "d", kind("children"))
	b.ok(history.Watch, "e", kind("data"))
	seen := b.client.seen
	require.Equal(t, b.store.zxid, seen)
	b.servers[0].hangUp()
	b.change(Set("/a", []byte("1"), -1))
	b.change(Remove("/c"))
	b.put("/no", "0")
	b.put("/d/d", "0")
	b.pass(5 * time.Millisecond) // it hears of the end
	from := len(b.servers[0].heard)
	b.begin(history.Read, "a", history.Nothing)
	b.pass(time.Second)
	want := zkwire.Request{Xid: -8, Op: zkwire.OpSetWatches, Watches: &zkwire.Watches{RelativeZxid: seen,
		Data: []string{"/a", "/b", "/c", "/e"}, Exist: []string{"/no"}, Child: []string{"/d"}}}
	require.Equal(t, want, b.servers[0].heard[from].request)
	require.Equal(t, zkwire.OpGetData, b.servers[0].heard[from+1].request.Op)
	require.Equal(t, []string{"disconnected n1", "connected n1 session " + firstSession, "event changed /a", "event deleted /c",
		"event created /no", "event children /d", "read ok"}, b.told[7:])

	b.servers[0].hangUp()
	b.pass(time.Second)
	last := b.heard(1, zkwire.OpSetWatches)[1].request.Watches
	require.Equal(t, &zkwire.Watches{RelativeZxid: b.store.zxid, Data: []string{"/b", "/e"}, Exist: []string{}, Child: []string{}}, nonNil(last))
}

// nonNil makes empty lists of null ones: on the wire the one may be the other.
func nonNil(w *zkwire.Watches) *zkwire.Watches {
	for _, list := range []*[]string{&w.Data, &w.Exist, &w.Child} {
		if *list == nil {
			*list = []string{}
		}
	}
	return w
}

// Persistent watches outlive their events, and ask for the newer operation.
func TestPersistentWatchesStay(t *testing.T) {
	b := started(t, 1)
	b.put("/p", "0")
	b.ok(history.Watch, "p", kind("persistent"))
	b.ok(history.Watch, "q", kind("recursive"))
	for i := range int64(3) {
		b.ok(history.Write, "p", history.Integer(i))
	}
	b.ok(history.Write, "q/a", history.Integer(1))
	b.ok(history.Remove, "q/a", history.Nothing)
	b.ok(history.Write, "p/a", history.Integer(1))
	require.Equal(t, 3, b.count("event changed /p"))
	require.Equal(t, 1, b.count("event children /p"))
	require.Equal(t, []string{"event created /q", "event created /q/a", "write ok", "event deleted /q/a", "remove ok"}, b.told[9:14])
	b.servers[0].hangUp()
	b.pass(time.Second)
	again := b.heard(1, zkwire.OpSetWatches2)
	require.Len(t, again, 1)
	require.Equal(t, zkwire.XidSetWatches, again[0].request.Xid)
	require.Equal(t, []string{"/p"}, again[0].request.Watches.Persistent)
	require.Equal(t, []string{"/q"}, again[0].request.Watches.PersistRecursive)
	b.ok(history.Write, "p", history.Integer(9))
	b.ok(history.Write, "q/b", history.Integer(9))
	require.Equal(t, 4, b.count("event changed /p"))
	require.Equal(t, 1, b.count("event created /q/b"))
}

// A reply that comes after the operation's time still arms its watch.
func TestLateReplyArms(t *testing.T) {
	b := started(t, 1)
	b.put("/x", "1")
	var late *zkwire.Request
	b.before(func(_ *server, _ *peer, q *zkwire.Request) bool {
		if q.Op == zkwire.OpGetData && late == nil {
			late = q
			return true
		}
		return false
	})
	require.Equal(t, ErrorTimeout, b.fails(history.Watch, "x", kind("data")))
	require.Empty(t, b.client.watches.data)
	b.servers[0].serve(b.servers[0].peers[0], late)
	b.pass(10 * time.Millisecond)
	require.Equal(t, paths{"/x"}, b.client.watches.data)
	b.change(Set("/x", []byte("2"), -1))
	b.pass(10 * time.Millisecond)
	require.Equal(t, 1, b.count("event changed /x"))
	require.Equal(t, 0, b.count("disconnected"))
}

// A server that will not set the watches again is no server for this session.
func TestRefusedSetWatches(t *testing.T) {
	b := started(t, 2)
	b.ok(history.Watch, "x", kind("persistent"))
	b.servers[1].before = func(p *peer, q *zkwire.Request) bool {
		b.servers[1].reply(p, q.Op, zkwire.Reply{Xid: q.Xid, Code: zkwire.Unimplemented})
		return true
	}
	b.client.seen = 1 // it has seen something: not its own server's alone
	b.store.zxid = 1
	b.servers[0].hangUp()
	b.pass(time.Second)
	require.Equal(t, []string{"disconnected n1", "connected n2 session " + firstSession, "disconnected n2",
		"connected n1 session " + firstSession}, b.told[2:])
	require.Len(t, b.heard(1, zkwire.OpSetWatches2), 1)
}
