package zkclient

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/zkwire"
)

const secondSession = "0x9000000000000002"

// pairs makes a list of children and owners.
func pairs(texts ...string) history.Value {
	var list []history.Value
	for i := 0; i < len(texts); i += 2 {
		list = append(list, history.Texts(texts[i:i+2]))
	}
	return history.List(list...)
}

func TestSequential(t *testing.T) {
	b := started(t, 1)
	for i := range int64(3) {
		got := b.ok(history.CreateSequential, "s/q", history.Nothing)
		require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: b.store.zxid, Value: history.Integer(i)}, got)
	}
	require.Equal(t, []string{"n-0000000002", "n-0000000001", "n-0000000000"}, b.store.children("/s/q"))
	b.put("/s/q/other", "")
	require.Equal(t, history.Integer(4), b.ok(history.CreateSequential, "s/q", history.Nothing).Value)
	for _, path := range []string{"/elsewhere/n-0000000005", "/s/q/n-", "/s/q/n-five"} {
		b.before(func(s *server, p *peer, q *zkwire.Request) bool {
			s.reply(p, q.Op, zkwire.Reply{Xid: q.Xid, Zxid: 99, Path: path})
			return true
		})
		got := b.ask(history.CreateSequential, "s/q", history.Nothing)
		require.Equal(t, history.Completion{Outcome: history.Info, Error: ErrorBadReply, Node: "n1"}, got, "something was made")
	}
	// After two thousand million of them the number is negative.
	b.before(func(s *server, p *peer, q *zkwire.Request) bool {
		s.reply(p, q.Op, zkwire.Reply{Xid: q.Xid, Zxid: 99, Path: "/s/q/n--2147483648"})
		return true
	})
	require.Equal(t, history.Integer(-2147483648), b.ok(history.CreateSequential, "s/q", history.Nothing).Value)
}

func TestOwn(t *testing.T) {
	b := started(t, 1)
	got := b.ok(history.Own, "e/a", history.Nothing)
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 3, Value: history.Text(firstSession)}, got)
	node := b.store.nodes["/e/a"]
	require.Equal(t, firstSession, string(node.data))
	require.Equal(t, b.client.session, node.stat.EphemeralOwner)
	require.Equal(t, name(zkwire.NodeExists), b.fails(history.Own, "e/a", history.Nothing), "even its own")
	require.Equal(t, name(zkwire.NoChildrenForEphemerals), b.fails(history.Own, "e/a/b", history.Nothing))
}

// What an own may have done it leaves so; it does nothing more.
func TestOwnIsNotPursued(t *testing.T) {
	for _, after := range []bool{false, true} {
		b := started(t, 1)
		b.put("/e", "")
		b.hangUpAt(zkwire.OpCreate, after)
		require.Equal(t, history.Info, b.ask(history.Own, "e/a", history.Nothing).Outcome)
		b.pass(5 * time.Second)
		require.Equal(t, 2, b.count("connected"))
		require.Len(t, b.heard(1, zkwire.OpCreate), 1)
		_, there := b.store.nodes["/e/a"]
		require.Equal(t, after, there)
		b.ok(history.Own, "e/b", history.Nothing)
	}
}

func TestOwners(t *testing.T) {
	b := started(t, 1)
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Value: history.List()}, b.ok(history.Owners, "e", history.Nothing))
	b.put("/e", "")
	require.Equal(t, pairs(), b.ok(history.Owners, "e", history.Nothing).Value)
	require.Empty(t, b.heard(1, zkwire.OpMultiRead))
	b.ok(history.Own, "e/b", history.Nothing)
	b.put("/e/a", "0x5")
	got := b.ok(history.Owners, "e", history.Nothing)
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 3, Value: pairs("a", "0x5", "b", firstSession)}, got)

	// Who goes in the meantime is left out; who comes is not missed.
	b.race(zkwire.OpMultiRead, 1, func() { b.change(Remove("/e/a")) })
	got = b.ok(history.Owners, "e", history.Nothing)
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 4, Value: pairs("b", firstSession)}, got)
	b.race(zkwire.OpMultiRead, 1, func() { b.put("/e/c", "0x6") })
	got = b.ok(history.Owners, "e", history.Nothing)
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 5, Value: pairs("b", firstSession, "c", "0x6")}, got)
	b.race(zkwire.OpMultiRead, 1, func() {
		b.change(Remove("/e/b"))
		b.change(Remove("/e/c"))
		b.change(Remove("/e"))
	})
	require.Equal(t, pairs(), b.ok(history.Owners, "e", history.Nothing).Value)
}

// wrongResults has servers answer multis with other results.
func (b *bench) wrongResults(results ...zkwire.Result) {
	b.before(func(s *server, p *peer, q *zkwire.Request) bool {
		if q.Op != zkwire.OpMulti && q.Op != zkwire.OpMultiRead {
			return false
		}
		s.reply(p, q.Op, zkwire.Reply{Xid: q.Xid, Zxid: 9, Results: results})
		return true
	})
}

func TestOwnersBadReplies(t *testing.T) {
	b := started(t, 1)
	b.put("/e", "")
	b.put("/e/a", "0x5")
	listing := zkwire.Result{Op: zkwire.OpGetChildren, Names: []string{"a"}}
	denied := zkwire.Result{Op: zkwire.OpError, Code: zkwire.NoAuth}
	for _, c := range []struct {
		results []zkwire.Result
		want    string
	}{
		{nil, ErrorBadReply},
		{[]zkwire.Result{listing, {Op: zkwire.OpGetData}, {Op: zkwire.OpGetData}}, ErrorBadReply},
		{[]zkwire.Result{listing}, ErrorBadReply},
		{[]zkwire.Result{listing, {Op: zkwire.OpGetChildren}}, ErrorBadReply},
		{[]zkwire.Result{listing, denied}, name(zkwire.NoAuth)},
		{[]zkwire.Result{denied, {Op: zkwire.OpGetData}}, name(zkwire.NoAuth)},
	} {
		b.wrongResults(c.results...)
		require.Equal(t, c.want, b.fails(history.Owners, "e", history.Nothing))
	}
}

// A close ends the session and what it holds; the client comes back with a new one.
func TestClose(t *testing.T) {
	b := started(t, 2)
	b.ok(history.Own, "e/a", history.Nothing)
	b.ok(history.Register, "web/c1#1", history.Nothing)
	b.ok(history.Watch, "x", kind("persistent"))
	got := b.ok(history.Close, "", history.Nothing)
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: b.store.zxid, Value: history.Text(firstSession)}, got)
	b.pass(time.Second)
	require.Equal(t, []string{"disconnected n1", "close ok", "connected n1 session " + secondSession}, b.told[4:])
	require.Len(t, b.store.sessions, 1)
	require.Empty(t, append(b.store.children("/e"), b.store.children("/services/web")...))
	require.Empty(t, b.heard(1, zkwire.OpSetWatches2))
	require.Equal(t, history.Text(secondSession), b.ok(history.Own, "e/a", history.Nothing).Value)
}

// A request right behind a close waits for the new session.
func TestRequestAfterClose(t *testing.T) {
	b := started(t, 1)
	var got history.Completion
	b.world.Invoke("c1", history.Request{Function: history.Close}, func(history.Completion) {
		b.client.Invoke(history.Request{Function: history.Own, Key: "a"}, func(c history.Completion) { got = c })
	})
	b.pass(time.Second)
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 2, Value: history.Text(secondSession)}, got)
}

// A close that is not answered is unknown. The client does not come back to a session that it asked to
// close, as no application could.
func TestUnansweredClose(t *testing.T) {
	for _, lost := range []bool{true, false} {
		b := started(t, 1)
		b.ok(history.Own, "e/a", history.Nothing)
		if b.swallow(zkwire.OpCloseSession); lost {
			b.hangUpAt(zkwire.OpCloseSession, false)
		}
		require.Equal(t, history.Info, b.ask(history.Close, "", history.Nothing).Outcome)
		b.pass(time.Second)
		require.Equal(t, "connected n1 session "+secondSession, b.told[len(b.told)-1])
		require.Equal(t, 1, b.count("disconnected"))
		require.Len(t, b.store.sessions, 2, "the old one is left to expire")
	}
	b := started(t, 1) // one that was never sent changes nothing
	b.world.Kill("n1")
	require.Equal(t, ErrorNotConnected, b.lateClose())
	b.world.Restart("n1")
	b.pass(time.Second)
	require.Equal(t, "connected n1 session "+firstSession, b.told[len(b.told)-1])
}

// lateClose asks for a close once the client knows that it has no connection.
func (b *bench) lateClose() string {
	b.pass(100 * time.Millisecond)
	return b.fails(history.Close, "", history.Nothing)
}

// A client that dies leaves its session to itself, and starts anew.
func TestDie(t *testing.T) {
	b := started(t, 2)
	b.ok(history.Own, "e/a", history.Nothing)
	b.ok(history.Register, "web/c1#1", history.Nothing)
	b.ok(history.Watch, "x", kind("exist"))
	sent := len(b.servers[0].heard)
	got := b.ok(history.Die, "", history.Nothing)
	require.Equal(t, history.Completion{Outcome: history.Ok, Value: history.Text(firstSession)}, got)
	require.Equal(t, history.Completion{Outcome: history.Ok}, b.ok(history.Die, "", history.Nothing), "there is no session yet")
	b.pass(20 * time.Second)
	require.Equal(t, 1, b.count("connected n1 session "+secondSession))
	require.Equal(t, []string{"a"}, b.store.children("/e"))
	require.Equal(t, []string{"c1#1"}, b.store.children("/services/web"))
	for _, h := range b.servers[0].heard[sent:] {
		require.Equal(t, zkwire.OpPing, h.request.Op, "without a word")
	}
}
