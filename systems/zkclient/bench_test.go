package zkclient

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/zkwire"
	"cleave/world"
	"cleave/world/sim"
)

// bench is a store of a few servers with one client, c1 beside n1, and all that it told, in order.
type bench struct {
	t       testing.TB
	world   *sim.World
	store   *store
	servers []*server
	client  *client
	told    []string // notes, as "kind detail"
	at      []time.Duration
}

func newBench(t testing.TB, seed uint64, size int, options Options) *bench {
	b := &bench{t: t, world: sim.New(sim.DefaultOptions(seed)), store: newStore()}
	var names []string
	for i := range size {
		names = append(names, fmt.Sprintf("n%d", i+1))
	}
	b.world.OnNote(func(n history.Note) {
		require.NotEqual(t, "panic", n.Kind, n.Detail)
		b.tell(n.Kind + " " + n.Detail)
	})
	for _, name := range names {
		s := &server{store: b.store}
		b.servers = append(b.servers, s)
		b.world.AddNode(name, func() world.Process { return s })
	}
	b.client = New(options, "n1", names).(*client)
	b.world.AddClient("c1", "n1", b.client)
	return b
}

// started is a bench whose client is connected.
func started(t testing.TB, size int) *bench {
	b := newBench(t, 1, size, Options{})
	b.pass(10 * time.Millisecond)
	require.Equal(t, attached, b.client.phase)
	return b
}

func (b *bench) tell(what string) {
	b.told = append(b.told, what)
	b.at = append(b.at, b.world.Now().Duration())
}

// pass lets time pass.
func (b *bench) pass(wait time.Duration) {
	require.NoError(b.t, b.world.Run(b.world.Now()+history.Time(wait)))
}

// begin starts a request; its end is told too.
func (b *bench) begin(f history.Function, key string, value history.Value) *[]history.Completion {
	got := new([]history.Completion)
	b.world.Invoke("c1", history.Request{Function: f, Key: key, Value: value}, func(c history.Completion) {
		*got = append(*got, c)
		b.tell(strings.TrimSpace(fmt.Sprintf("%s %s %s", f, c.Outcome, c.Error)))
	})
	return got
}

// ask runs a request to its end, which comes within the time for requests.
func (b *bench) ask(f history.Function, key string, value history.Value) history.Completion {
	got := b.begin(f, key, value)
	for range 2001 {
		if len(*got) > 0 {
			break
		}
		b.pass(time.Millisecond)
	}
	require.Len(b.t, *got, 1, "%s ends once, in time", f)
	return (*got)[0]
}

func (b *bench) ok(f history.Function, key string, value history.Value) history.Completion {
	c := b.ask(f, key, value)
	require.Equal(b.t, history.Ok, c.Outcome, "%s %s: %s", f, key, c.Error)
	return c
}

// fails runs a request that certainly does not happen, and gives its error.
func (b *bench) fails(f history.Function, key string, value history.Value) string {
	c := b.ask(f, key, value)
	require.Equal(b.t, history.Fail, c.Outcome, "%s %s", f, key)
	return c.Error
}

// put makes a znode behind the client's back.
func (b *bench) put(path, data string) {
	code := b.change(Create(path, []byte(data), zkwire.FlagPersistent))
	require.Equal(b.t, zkwire.OK, code)
}

// change does a write of somebody else's.
func (b *bench) change(q zkwire.Request) zkwire.Code {
	p := b.store.apply(99, &q)
	return p.Code
}

// heard are the requests of an operation that a server got.
func (b *bench) heard(number int, op zkwire.Op) (all []heard) {
	for _, h := range b.servers[number-1].heard {
		if h.request.Op == op {
			all = append(all, h)
		}
	}
	return all
}

// swallow makes all servers answer nothing to an operation.
func (b *bench) swallow(op zkwire.Op) {
	b.before(func(_ *server, _ *peer, q *zkwire.Request) bool { return q.Op == op })
}

// before sets what all servers do before they serve a request.
func (b *bench) before(what func(*server, *peer, *zkwire.Request) bool) {
	for _, s := range b.servers {
		s.before = func(p *peer, q *zkwire.Request) bool { return what(s, p, q) }
	}
}

// hangUpAt makes servers end the connection at an operation, once, either before they do it or after.
func (b *bench) hangUpAt(op zkwire.Op, after bool) {
	done := false
	b.before(func(s *server, p *peer, q *zkwire.Request) bool {
		if q.Op != op || done {
			return false
		}
		done = true
		if after {
			b.store.apply(p.session, q)
		}
		s.hangUp()
		return true
	})
}

// count is how often something was told.
func (b *bench) count(what string) (n int) {
	for _, each := range b.told {
		if strings.HasPrefix(each, what) {
			n++
		}
	}
	return n
}
