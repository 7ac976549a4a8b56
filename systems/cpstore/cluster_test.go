package cpstore

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// bench is a simulated cluster for tests: nodes n1.., a client c1.. beside each.
type bench struct {
	t       testing.TB
	world   *sim.World
	cluster world.Cluster
	notes   []noted
}

type noted struct {
	at   history.Time
	note history.Note
}

func newBench(t testing.TB, seed uint64, size int, options Options, bug string) *bench {
	b := &bench{t: t, world: sim.New(sim.DefaultOptions(seed)), cluster: world.Cluster{Bug: bug}}
	for i := range size {
		b.cluster.Nodes = append(b.cluster.Nodes, fmt.Sprintf("n%d", i+1))
	}
	system := System(options)
	b.world.OnNote(func(note history.Note) { b.notes = append(b.notes, noted{b.world.Now(), note}) })
	var clients []history.Placement
	for i, host := range b.cluster.Nodes {
		clients = append(clients, history.Placement{Client: fmt.Sprintf("c%d", i+1), Host: host})
	}
	require.NoError(t, b.world.Populate(system, b.cluster, clients))
	return b
}

// pass lets time pass.
func (b *bench) pass(wait time.Duration) {
	require.NoError(b.t, b.world.Run(b.world.Now()+history.Time(wait)))
	for _, n := range b.notes {
		require.NotEqual(b.t, "panic", n.note.Kind, n.note.Detail)
	}
}

// ask runs a request to its end.
func (b *bench) ask(client string, f history.Function, key string, value history.Value) history.Completion {
	var got []history.Completion
	b.world.Invoke(client, history.Request{Function: f, Key: key, Value: value}, func(c history.Completion) { got = append(got, c) })
	for range 2100 {
		if len(got) > 0 {
			break
		}
		b.pass(time.Millisecond)
	}
	require.Len(b.t, got, 1, "a request completes exactly once, in time")
	return got[0]
}

func (b *bench) ok(client string, f history.Function, key string, value history.Value) history.Completion {
	c := b.ask(client, f, key, value)
	require.Equal(b.t, history.Ok, c.Outcome, c.Error)
	return c
}

// isolate cuts nodes, with their clients, from all others, or joins them again.
func (b *bench) isolate(act func(from, to string), nodes ...string) {
	inside := map[string]bool{}
	for _, n := range nodes {
		inside[n], inside["c"+n[1:]] = true, true
	}
	var all []string
	for _, n := range b.cluster.Nodes {
		all = append(all, n, "c"+n[1:])
	}
	for _, from := range all {
		for _, to := range all {
			if inside[from] != inside[to] {
				act(from, to)
			}
		}
	}
}

func TestWritesCommit(t *testing.T) {
	b := newBench(t, 1, 5, Options{}, "")
	b.pass(4 * time.Second)
	require.NotEmpty(t, b.world.Leader())
	for i := range 5 {
		client := fmt.Sprintf("c%d", i+1)
		b.ok(client, history.Write, "x", history.Integer(int64(i)))
		got := b.ok(client, history.Read, "x", history.Nothing)
		require.Equal(t, history.Integer(int64(i)), got.Value, "a client reads its own write")
		require.Equal(t, b.cluster.Nodes[i], got.Node)
	}
	for i := range 5 {
		got := b.ok(fmt.Sprintf("c%d", i+1), history.QuorumRead, "x", history.Nothing)
		require.Equal(t, history.Integer(4), got.Value)
	}
}
