package zkclient

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
	"cleave/systems/zkwire"
)

// asks are a request of each function, with the operation that decides it: the last that is sent.
var asks = []struct {
	function history.Function
	key      string
	value    history.Value
	decides  zkwire.Op
}{
	{history.Read, "x", history.Nothing, zkwire.OpGetData},
	{history.SyncRead, "x", history.Nothing, zkwire.OpSync},
	{history.QuorumRead, "x", history.Nothing, zkwire.OpQuorumSync},
	{history.Stat, "x", history.Nothing, zkwire.OpGetData},
	{history.Watch, "x", history.Text("exist"), zkwire.OpExists},
	{history.Watch, "x", history.Text("recursive"), zkwire.OpAddWatch},
	{history.Owners, "x", history.Nothing, zkwire.OpGetChildren2},
	{history.Pair, "x", history.Nothing, zkwire.OpMultiRead},
	{history.Lookup, "x", history.Nothing, zkwire.OpGetChildren},
	{history.Write, "x", history.Integer(1), zkwire.OpSetData},
	{history.CAS, "x", history.List(history.Integer(0), history.Integer(1)), zkwire.OpSetData},
	{history.Remove, "x", history.Nothing, zkwire.OpDelete},
	{history.CreateSequential, "x", history.Nothing, zkwire.OpCreate},
	{history.Own, "e", history.Nothing, zkwire.OpCreate},
	{history.MultiWrite, "x", history.Integer(1), zkwire.OpMulti},
	{history.MultiFail, "x", history.Integer(1), zkwire.OpMulti},
	{history.Close, "", history.Nothing, zkwire.OpCloseSession},
	{history.Register, "web/1", history.Nothing, zkwire.OpCreate},
	{history.Deregister, "web/1", history.Nothing, zkwire.OpDelete},
}

// A read that is not answered fails, a write is unknown: whether the connection ends or nothing comes.
func TestUnanswered(t *testing.T) {
	for _, a := range asks {
		for _, reason := range []string{ErrorConnectionLoss, ErrorTimeout} {
			b := started(t, 1)
			b.put("/x", "0")
			if b.swallow(a.decides); reason == ErrorConnectionLoss {
				b.hangUpAt(a.decides, false)
			}
			want := history.Fail
			if mutates(a.function) {
				want = history.Info
			}
			got := b.ask(a.function, a.key, a.value)
			require.Equal(t, history.Completion{Outcome: want, Error: reason}, got, "%s", a.function)
			require.NotEmpty(t, b.heard(1, a.decides))
		}
	}
}

// mutates says it apart from history, which the client asks.
func mutates(f history.Function) bool {
	switch f {
	case history.Read, history.SyncRead, history.QuorumRead, history.Stat, history.Watch, history.Owners, history.Pair, history.Lookup:
		return false
	}
	return true
}

// Without a connection nothing is sent, so nothing happens; but what is pursued may happen later.
func TestNotConnected(t *testing.T) {
	for _, a := range asks {
		b := newBench(t, 1, 2, Options{})
		b.world.Kill("n1")
		b.pass(time.Millisecond)
		b.world.Kill("n2")
		got := b.ask(a.function, a.key, a.value)
		want := history.Fail
		if a.function == history.Register || a.function == history.Deregister {
			want = history.Info
		}
		require.Equal(t, history.Completion{Outcome: want, Error: ErrorNotConnected}, got, "%s", a.function)
		require.Equal(t, 2*time.Second, b.at[len(b.at)-1]-time.Millisecond)
	}
}

// What a server refuses certainly did not happen, and the history has ZooKeeper's name for why. Of
// an error that says the server itself does not know, a write is unknown.
func TestRefused(t *testing.T) {
	for _, a := range asks {
		for _, code := range []zkwire.Code{zkwire.NoAuth, zkwire.SystemError, zkwire.Code(-9999)} {
			b := started(t, 1)
			b.put("/x", "0")
			b.before(func(s *server, p *peer, q *zkwire.Request) bool {
				if q.Op == a.decides {
					s.reply(p, q.Op, zkwire.Reply{Xid: q.Xid, Zxid: 5, Code: code})
				}
				return q.Op == a.decides
			})
			want := history.Fail
			if code != zkwire.NoAuth && mutates(a.function) {
				want = history.Info
			}
			got := b.ask(a.function, a.key, a.value)
			require.Equal(t, want, got.Outcome, "%s %s", a.function, code)
			require.Equal(t, code.String(), got.Error)
		}
	}
}

func TestBadRequests(t *testing.T) {
	b := started(t, 1)
	one := history.Integer(1)
	for _, c := range []struct {
		function history.Function
		key      string
		value    history.Value
		want     string
	}{
		{"append", "x", one, ErrorUnsupported},
		{history.CacheLookup, "x", history.Nothing, ErrorUnsupported},
		{history.Write, "x", history.Text("1"), ErrorNotInteger},
		{history.MultiWrite, "p", history.Nothing, ErrorNotInteger},
		{history.MultiFail, "p", history.Nothing, ErrorNotInteger},
		{history.CAS, "x", one, ErrorBadRequest},
		{history.CAS, "x", history.List(one), ErrorBadRequest},
		{history.CAS, "x", history.List(one, history.Nothing), ErrorBadRequest},
		{history.CAS, "x", history.List(history.Text("1"), one), ErrorBadRequest},
		{history.Register, "web", history.Nothing, ErrorBadRequest},
		{history.Register, "web/a/b", history.Nothing, ErrorBadRequest},
		{history.Deregister, "/a", history.Nothing, ErrorBadRequest},
	} {
		got := b.ask(c.function, c.key, c.value)
		require.Equal(t, history.Completion{Outcome: history.Fail, Error: c.want}, got, "%s", c.function)
	}
	require.Empty(t, b.servers[0].heard)
}

func TestRegisterFunctions(t *testing.T) {
	b := started(t, 1)
	swap := func(from history.Value, to int64) history.Completion {
		return b.ask(history.CAS, "x", history.List(from, history.Integer(to)))
	}
	require.Equal(t, ErrorValueDiffers, swap(history.Integer(0), 1).Error)
	for _, f := range []history.Function{history.Read, history.SyncRead, history.QuorumRead} {
		require.Equal(t, history.Nothing, b.ok(f, "x", history.Nothing).Value)
	}
	require.Equal(t, without(0), b.ok(history.Stat, "x", history.Nothing).Value)

	done := history.Completion{Outcome: history.Ok, Node: "n1", Version: 1}
	require.Equal(t, done, swap(history.Nothing, 1), "from nothing, it creates")
	require.Equal(t, ErrorValueDiffers, swap(history.Nothing, 2).Error)
	done.Version = 2
	require.Equal(t, done, b.ok(history.Write, "x", history.Integer(5)))
	done.Version = 3
	require.Equal(t, done, swap(history.Integer(5), 6))
	for _, f := range []history.Function{history.Read, history.SyncRead, history.QuorumRead} {
		require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 3, Value: history.Integer(6)}, b.ok(f, "x", history.Nothing))
	}
	require.Equal(t, "/x", b.heard(1, zkwire.OpSync)[0].request.Path)
	require.Equal(t, "/x", b.heard(1, zkwire.OpQuorumSync)[0].request.Path)
	b.put("/other", "1")
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 4, Value: numbers(3, 6)}, b.ok(history.Stat, "x", history.Nothing))

	b.put("/text", "one")
	for _, f := range []history.Function{history.Read, history.SyncRead, history.QuorumRead, history.Stat} {
		require.Equal(t, ErrorNotInteger, b.fails(f, "text", history.Nothing))
	}
	b.ok(history.Write, "deep/down/x", history.Integer(1))
	require.Equal(t, history.Integer(1), b.ok(history.Read, "deep/down/x", history.Nothing).Value)
	require.Equal(t, name(zkwire.NotEmpty), b.fails(history.Remove, "deep", history.Nothing))
	done.Version = b.store.zxid + 1
	require.Equal(t, done, b.ok(history.Remove, "x", history.Nothing))
	done.Version++ // of the reply
	require.Equal(t, done, b.ok(history.Remove, "x", history.Nothing), "it is gone")
}

// race lets somebody else do something just before a server serves the client's n-th operation of a
// kind.
func (b *bench) race(op zkwire.Op, n int, what func()) {
	b.before(func(_ *server, _ *peer, q *zkwire.Request) bool {
		if q.Op == op {
			if n--; n == 0 {
				what()
			}
		}
		return false
	})
}

// Somebody else is faster.
func TestRaces(t *testing.T) {
	b := started(t, 1)
	b.race(zkwire.OpCreate, 1, func() { b.put("/x", "7") })
	b.ok(history.Write, "x", history.Integer(1))
	require.Equal(t, "1", string(b.store.nodes["/x"].data))

	b.race(zkwire.OpSetData, 1, func() { b.change(Set("/x", []byte("8"), -1)) })
	require.Equal(t, name(zkwire.BadVersion), b.fails(history.CAS, "x", history.List(history.Integer(1), history.Integer(2))))
	require.Equal(t, "8", string(b.store.nodes["/x"].data))

	b.race(zkwire.OpCreate, 1, func() { b.put("/y", "7") })
	require.Equal(t, name(zkwire.NodeExists), b.fails(history.CAS, "y", history.List(history.Nothing, history.Integer(2))))

	b.race(zkwire.OpCreate, 2, func() { b.put("/w", "") })
	b.ok(history.Write, "w/x", history.Integer(3))

	b.put("/s", "")
	b.race(zkwire.OpSetData, 1, func() { b.change(Remove("/s")) })
	b.ok(history.Write, "s", history.Integer(4))
}

// Only the part that an operation is judged by makes its outcome unknown.
func TestLostBesideThePoint(t *testing.T) {
	for _, f := range []history.Function{history.Write, history.CreateSequential, history.Own, history.MultiWrite} {
		b := started(t, 1)
		lost := false
		b.before(func(s *server, _ *peer, q *zkwire.Request) bool {
			if q.Op != zkwire.OpCreate || q.Path != "/s" || lost {
				return false
			}
			lost = true
			s.hangUp()
			return true
		})
		require.Equal(t, ErrorConnectionLoss, b.fails(f, "s/q", history.Integer(1)), "%s: only its parent was asked for", f)
		b.pass(time.Second)
		require.Len(t, b.store.nodes, 1, "and it is not tried again")
	}
}

// What is missing above a znode may be refused, or, if a server says strange things, not be there to make.
func TestParentsRefused(t *testing.T) {
	for path, code := range map[string]zkwire.Code{"/w": zkwire.NoAuth, "/x": zkwire.NoNode} {
		b := started(t, 1)
		b.before(func(s *server, p *peer, q *zkwire.Request) bool {
			if q.Op != zkwire.OpCreate || q.Path != path {
				return false
			}
			s.reply(p, q.Op, zkwire.Reply{Xid: q.Xid, Code: code})
			return true
		})
		key := map[string]string{"/w": "w/x", "/x": "x"}[path]
		require.Equal(t, name(code), b.fails(history.Write, key, history.Integer(1)))
	}
}

// A request that the time ran out for leaves its place in the order of replies to its reply.
func TestLateReply(t *testing.T) {
	b := started(t, 1)
	b.put("/x", "1")
	var late *zkwire.Request
	b.before(func(_ *server, _ *peer, q *zkwire.Request) bool {
		if q.Op == zkwire.OpGetData && late == nil {
			late = q
			return true
		}
		if late != nil && q.Op == zkwire.OpSetData {
			s := b.servers[0]
			s.serve(s.peers[0], late)
		}
		return false
	})
	require.Equal(t, ErrorTimeout, b.fails(history.Read, "x", history.Nothing))
	b.ok(history.Write, "x", history.Integer(2))
	require.Equal(t, history.Integer(2), b.ok(history.Read, "x", history.Nothing).Value)
	require.Equal(t, 0, b.count("disconnected"))
}

// An operation that has ended is not carried on by what comes after.
func TestLateRefusal(t *testing.T) {
	for _, f := range []history.Function{history.Write, history.Own, history.CreateSequential, history.MultiWrite} {
		b := started(t, 1)
		b.before(func(*server, *peer, *zkwire.Request) bool { return true })
		require.Equal(t, history.Info, b.ask(f, "x/y", history.Integer(1)).Outcome)
		b.servers[0].before = nil
		first := b.servers[0].heard[0].request
		b.servers[0].serve(b.servers[0].peers[0], &first)
		b.pass(time.Second)
		for _, h := range b.servers[0].heard[1:] {
			require.Equal(t, zkwire.OpPing, h.request.Op)
		}
		require.Len(t, b.store.nodes, 1)
	}
}

// disturbed is a client at work for a while, over servers that hang up, stall and forget sessions.
func disturbed(t *testing.T, seed uint64) *bench {
	b := newBench(t, seed, 3, Options{RequestTimeout: 500 * time.Millisecond, SessionTimeout: time.Second})
	b.pass(10 * time.Millisecond)
	random := rng.New(seed, 1)
	b.before(func(s *server, p *peer, q *zkwire.Request) bool {
		switch random.Below(40) {
		case 0:
			s.hangUp()
			return true
		case 1:
			s.serve(p, q)
			s.hangUp()
			return true
		case 2:
			b.store.end(p.session)
			s.hangUp()
			return true
		case 3:
			return true
		}
		return false
	})
	for i := range 300 {
		a := asks[random.Below(int64(len(asks)))]
		got := b.ask(a.function, a.key, a.value)
		b.tell(fmt.Sprintf("%d %s %v %d %s", i, a.function, got.Value, got.Version, got.Node))
		if random.Chance(1, 10) {
			b.ask(history.Die, "", history.Nothing)
		}
		if random.Chance(1, 10) {
			b.ask(history.Home, "", history.Nothing)
		}
	}
	return b
}

// Every request ends in its time, whatever happens; afterwards all is well again; and the same seed
// makes the same run.
func TestDisturbed(t *testing.T) {
	told := map[string]int{}
	for seed := range uint64(10) {
		b, again := disturbed(t, seed), disturbed(t, seed)
		require.Equal(t, b.told, again.told)
		require.Equal(t, b.at, again.at)
		require.Equal(t, b.world.Hash(), again.world.Hash())
		for _, what := range []string{"disconnected", "expired", "write ok", "write info", "own ok", "read fail", "close ok", "close info", "event"} {
			told[what] += b.count(what)
		}
		b.before(func(*server, *peer, *zkwire.Request) bool { return false })
		b.pass(3 * time.Second)
		b.ok(history.Write, "x", history.Integer(1))
	}
	for what, count := range told {
		require.Greater(t, count, 10, what)
	}
}
