package zkclient

import (
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/zkwire"
)

func TestMulti(t *testing.T) {
	b := started(t, 1)
	read := func() history.Value { return b.ok(history.Pair, "p", history.Nothing).Value }
	require.Equal(t, history.List(history.Nothing, history.Nothing), read())
	got := b.ok(history.MultiWrite, "p", history.Integer(7))
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 5}, got, "after three creates and one multi that found nothing")
	require.Equal(t, numbers(7, 7), read())
	require.Equal(t, []string{"log-0000000002", "b", "a"}, b.store.children("/p"))
	require.Equal(t, name(zkwire.BadVersion), b.fails(history.MultiFail, "p", history.Integer(8)))
	require.Equal(t, numbers(7, 7), read())
	b.ok(history.MultiWrite, "p", history.Integer(9))
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 7, Value: numbers(9, 9)}, b.ok(history.Pair, "p", history.Nothing))
	all := b.heard(1, zkwire.OpMulti)
	require.Equal(t, zkwire.Request{Op: zkwire.OpCheck, Path: "/p/a", Version: 2147483647}, all[2].request.Operations[3])
	b.change(Remove("/p/b"))
	require.Equal(t, history.List(history.Integer(9), history.Nothing), read())
	require.Equal(t, name(zkwire.BadVersion), b.fails(history.MultiFail, "p", history.Integer(10)))
	require.Equal(t, numbers(9, 0), read())
	b.change(Set("/p/b", []byte("b"), -1))
	require.Equal(t, ErrorNotInteger, b.fails(history.Pair, "p", history.Nothing))
}

func TestMultiBadReplies(t *testing.T) {
	b := started(t, 1)
	value := zkwire.Result{Op: zkwire.OpGetData, Data: []byte("1")}
	b.wrongResults(zkwire.Result{Op: zkwire.OpSetData})
	require.Equal(t, history.Completion{Outcome: history.Info, Error: ErrorBadReply, Node: "n1"}, b.ask(history.MultiWrite, "p", history.Integer(1)))
	require.Equal(t, ErrorBadReply, b.fails(history.Pair, "p", history.Nothing))
	b.wrongResults(value, zkwire.Result{Op: zkwire.OpGetChildren})
	require.Equal(t, ErrorBadReply, b.fails(history.Pair, "p", history.Nothing))
	b.wrongResults(value, zkwire.Result{Op: zkwire.OpError, Code: zkwire.NoAuth})
	require.Equal(t, name(zkwire.NoAuth), b.fails(history.Pair, "p", history.Nothing))
	four := make([]zkwire.Result, 4)
	for i := range four {
		four[i].Op = zkwire.OpDelete
	}
	b.wrongResults(four...)
	b.ok(history.MultiFail, "p", history.Integer(1)) // a store that does what it must not shows
}

// A check alone is refused with the connection. The client comes back to the same server with its
// session; a store that does what it must not shows.
func TestCheckAlone(t *testing.T) {
	b := started(t, 2)
	b.ok(history.MultiWrite, "p", history.Integer(7))
	hellos := len(b.servers[0].hellos)
	b.servers[0].before = func(p *peer, q *zkwire.Request) bool {
		if q.Op != zkwire.OpCheck {
			return false
		}
		require.Equal(t, zkwire.Request{Xid: q.Xid, Op: zkwire.OpCheck, Path: "/p/a", Version: -1}, *q)
		b.servers[0].reply(p, q.Op, zkwire.Reply{Xid: q.Xid, Code: zkwire.Unimplemented})
		b.servers[0].forget(p.ID())
		p.Close()
		return true
	}
	require.Equal(t, history.Completion{Outcome: history.Fail, Error: "unimplemented", Node: "n1"}, b.ask(history.Check, "p", history.Nothing))
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: 5, Value: numbers(7, 7)}, b.ok(history.Pair, "p", history.Nothing))
	require.Len(t, b.servers[0].hellos, hellos+1)
	require.NotZero(t, b.servers[0].hellos[hellos].SessionID)
	b.servers[0].before = func(p *peer, q *zkwire.Request) bool {
		b.servers[0].reply(p, q.Op, zkwire.Reply{Xid: q.Xid})
		return true
	}
	b.ok(history.Check, "p", history.Nothing)
}
