package cachedcp

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// bench is a store of three nodes with caches: c1 beside n1, c2 beside n2, c3 beside n3, c4 beside n1.
type bench struct {
	*testing.T
	*sim.World
	notes []history.Note
}

func newBench(t *testing.T, options Options, bug string) *bench {
	b := &bench{T: t, World: sim.New(sim.DefaultOptions(1))}
	b.OnNote(func(note history.Note) { b.notes = append(b.notes, note) })
	require.NoError(t, b.Populate(System(options), world.Cluster{Nodes: []string{"n1", "n2", "n3"}, Bug: bug}, []history.Placement{
		{Client: "c1", Host: "n1"}, {Client: "c2", Host: "n2"}, {Client: "c3", Host: "n3"}, {Client: "c4", Host: "n1"}}))
	b.pass(5 * time.Second)
	return b
}

func (b *bench) pass(wait time.Duration) { require.NoError(b, b.World.Run(b.Now()+history.Time(wait))) }

// ask runs a request to its end.
func (b *bench) ask(client string, f history.Function, key string) history.Completion {
	return b.request(client, history.Request{Function: f, Key: key})
}

func (b *bench) request(client string, request history.Request) history.Completion {
	var got []history.Completion
	b.Invoke(client, request, func(c history.Completion) { got = append(got, c) })
	for range 3000 {
		if len(got) > 0 {
			break
		}
		b.pass(time.Millisecond)
	}
	require.Len(b, got, 1, "a request completes exactly once, in time")
	return got[0]
}

func (b *bench) ok(client string, f history.Function, key string) []string {
	c := b.ask(client, f, key)
	require.Equal(b, history.Ok, c.Outcome, c.Error)
	return c.Value.AsTexts()
}

// registered has three instances come up, and c4 follow them.
func (b *bench) registered() {
	b.ask("c4", history.CacheLookup, "web")
	for _, client := range []string{"c1", "c2", "c3"} {
		b.ok(client, history.Register, "web/"+client+"#1")
	}
	b.pass(time.Second)
	require.Equal(b, []string{"web/c1#1", "web/c2#1", "web/c3#1"}, b.cached())
}

func (b *bench) cached() []string { return b.ok("c4", history.CacheLookup, "web") }

// cutOff cuts n1, c1 and c4 off from everybody else.
func (b *bench) cutOff(cut func(from, to string)) {
	for _, here := range []string{"n1", "c1", "c4"} {
		for _, there := range []string{"n2", "n3", "c2", "c3"} {
			if here == "n1" || there == "n2" || there == "n3" {
				cut(here, there)
				cut(there, here)
			}
		}
	}
}
