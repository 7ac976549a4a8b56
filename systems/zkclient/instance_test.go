package zkclient

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/zkwire"
)

// listed looks a service up.
func (b *bench) listed() history.Value { return b.ok(history.Lookup, "web", history.Nothing).Value }

func TestRegister(t *testing.T) {
	b := started(t, 1)
	require.Equal(t, history.Texts([]string{}), b.listed())
	got := b.ok(history.Register, "web/b", history.Nothing)
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 4}, got, "after one create in vain and two of parents")
	b.ok(history.Register, "web/a", history.Nothing)
	require.Equal(t, got.Version+1, b.ok(history.Register, "web/a", history.Nothing).Version, "it is registered")
	require.Equal(t, history.Texts([]string{"web/a", "web/b"}), b.listed())
	require.Equal(t, b.client.session, b.store.nodes["/services/web/a"].stat.EphemeralOwner)
	b.ok(history.Deregister, "web/a", history.Nothing)
	b.ok(history.Deregister, "web/a", history.Nothing)
	require.Equal(t, history.Texts([]string{"web/b"}), b.listed())
	b.put("/services/web/c", "")
	require.Equal(t, name(zkwire.NodeExists), b.fails(history.Register, "web/c", history.Nothing), "a stranger's")
}

// A register whose answer was lost is unknown, and goes on: it finds its own node, or makes it.
func TestRegisterIsPursued(t *testing.T) {
	for _, after := range []bool{false, true} {
		b := started(t, 2)
		b.ok(history.Register, "web/a", history.Nothing)
		b.hangUpAt(zkwire.OpCreate, after)
		got := b.ask(history.Register, "web/b", history.Nothing)
		require.Equal(t, history.Completion{Outcome: history.Info, Error: ErrorConnectionLoss}, got)
		b.pass(time.Second)
		require.Equal(t, history.Texts([]string{"web/a", "web/b"}), b.listed())
		require.Len(t, append(b.heard(1, zkwire.OpExists), b.heard(2, zkwire.OpExists)...), map[bool]int{false: 0, true: 1}[after])
		b.ok(history.Register, "web/b", history.Nothing)
	}
}

// After the end of its session the client registers again what it had, even over the remains of the
// earlier session; what was withdrawn stays away.
func TestRegisteredAgainAfterExpiry(t *testing.T) {
	b := started(t, 1)
	b.ok(history.Register, "web/a", history.Nothing)
	b.ok(history.Register, "web/b", history.Nothing)
	b.ok(history.Deregister, "web/b", history.Nothing)
	delete(b.store.sessions, b.client.session) // but its node is still there
	b.servers[0].hangUp()
	b.pass(time.Second)
	require.Equal(t, 1, b.count("expired "+firstSession))
	require.Equal(t, history.Texts([]string{"web/a"}), b.listed())
	require.Equal(t, b.client.session, b.store.nodes["/services/web/a"].stat.EphemeralOwner)
	b.store.end(b.client.session)
	b.servers[0].hangUp()
	b.pass(time.Second)
	require.Equal(t, history.Texts([]string{"web/a"}), b.listed())
}

// A deregister that was lost with its connection is carried out on the next.
func TestDeregisterIsPursued(t *testing.T) {
	for _, again := range []bool{false, true} {
		b := started(t, 1)
		b.ok(history.Register, "web/a", history.Nothing)
		b.hangUpAt(zkwire.OpDelete, false)
		require.Equal(t, history.Info, b.ask(history.Deregister, "web/a", history.Nothing).Outcome)
		if again { // and wanted once more, before that
			b.begin(history.Register, "web/a", history.Nothing)
		}
		b.pass(time.Second)
		want := map[bool][]string{false: {}, true: {"web/a"}}[again]
		require.Equal(t, history.Texts(want), b.listed())
		require.Empty(t, b.client.unwanted)
	}
}

// What a dead client was to remove goes with its session, and may be another's by then.
func TestDeadDoNotDeregister(t *testing.T) {
	b := started(t, 1)
	b.ok(history.Register, "web/a", history.Nothing)
	b.hangUpAt(zkwire.OpDelete, false)
	b.ask(history.Deregister, "web/a", history.Nothing)
	b.ok(history.Die, "", history.Nothing)
	b.pass(time.Second)
	require.Len(t, b.heard(1, zkwire.OpDelete), 1)
	require.Equal(t, history.Texts([]string{"web/a"}), b.listed(), "until the session expires")
}

// A register that the store refuses is not wanted any more.
func TestRefusedRegister(t *testing.T) {
	b := started(t, 1)
	b.before(func(s *server, p *peer, q *zkwire.Request) bool {
		if q.Op == zkwire.OpCreate {
			s.reply(p, q.Op, zkwire.Reply{Xid: q.Xid, Code: zkwire.NoAuth})
		}
		return q.Op == zkwire.OpCreate
	})
	b.ask(history.Register, "web/a", history.Nothing)
	require.Empty(t, b.client.desired)
	var second []history.Completion // asked for in the completion of the first
	b.world.Invoke("c1", history.Request{Function: history.Register, Key: "web/a"}, func(history.Completion) {
		b.client.Invoke(history.Request{Function: history.Register, Key: "web/a"}, func(c history.Completion) { second = append(second, c) })
	})
	b.pass(10 * time.Millisecond)
	require.Equal(t, []history.Completion{{Outcome: history.Fail, Error: name(zkwire.NoAuth), Node: "n1"}}, second)
}

// What may stand in the way of a register, and what becomes of it.
func TestObstaclesOfRegister(t *testing.T) {
	answer := func(b *bench, op zkwire.Op, path string, code zkwire.Code) {
		b.before(func(s *server, p *peer, q *zkwire.Request) bool {
			if q.Op != op || q.Path != path {
				return false
			}
			s.reply(p, q.Op, zkwire.Reply{Xid: q.Xid, Code: code})
			return true
		})
	}
	b := started(t, 1)
	answer(b, zkwire.OpCreate, "/services/web", zkwire.QuotaExceeded)
	require.Equal(t, name(zkwire.QuotaExceeded), b.fails(history.Register, "web/a", history.Nothing))
	require.Empty(t, b.client.desired)

	b = started(t, 1)
	b.put("/services", "")
	b.put("/services/web", "")
	b.put("/services/web/a", "")
	answer(b, zkwire.OpExists, "/services/web/a", zkwire.NoAuth)
	require.Equal(t, name(zkwire.NoAuth), b.fails(history.Register, "web/a", history.Nothing))
	b.race(zkwire.OpExists, 1, func() { b.change(Remove("/services/web/a")) })
	b.ok(history.Register, "web/a", history.Nothing)

	// A session that is found gone by a write is not the end of a registration: the next will have it.
	answer(b, zkwire.OpCreate, "/services/web/b", zkwire.SessionExpired)
	require.Equal(t, history.Info, b.ask(history.Register, "web/b", history.Nothing).Outcome)
	b.race(zkwire.OpCreate, 0, func() {})
	b.store.end(b.client.session)
	b.servers[0].hangUp()
	b.pass(time.Second)
	require.Equal(t, history.Texts([]string{"web/a", "web/b"}), b.listed())
}
