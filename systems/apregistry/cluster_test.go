package apregistry

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// scaled is the registry at a thirtieth of Eureka's times: a renewal each second.
var scaled = DefaultOptions().Scaled(30)

// cluster is a simulated registry: nodes n1, n2, ... and clients c1, c2, ... beside them in turn.
type cluster struct {
	*sim.World
	t       *testing.T
	nodes   map[string]*node // the present life of each
	names   []string
	clients []string
	notes   []string
}

func newCluster(t *testing.T, seed uint64, nodes, clients int, options Options, bug string) *cluster {
	c := &cluster{World: sim.New(sim.DefaultOptions(seed)), t: t, nodes: map[string]*node{}}
	shared := world.Cluster{Bug: bug}
	for number := 1; number <= nodes; number++ {
		shared.Nodes = append(shared.Nodes, fmt.Sprintf("n%d", number))
	}
	c.names = shared.Nodes
	c.OnNote(func(note history.Note) {
		c.notes = append(c.notes, fmt.Sprintf("%.1fs %s %s %s", c.Now().Seconds(), note.Node, note.Kind, note.Detail))
	})
	for _, name := range shared.Nodes {
		c.AddNode(name, func() world.Process {
			c.nodes[name] = newNode(name, shared, options)
			return c.nodes[name]
		})
	}
	for number := 1; number <= clients; number++ {
		name, host := fmt.Sprintf("c%d", number), shared.Nodes[(number-1)%nodes]
		c.clients = append(c.clients, name)
		c.AddClient(name, host, newClient(name, host, shared, options))
	}
	c.run(10 * time.Millisecond)
	return c
}

// run lets some time pass.
func (c *cluster) run(more time.Duration) {
	require.NoError(c.t, c.Run(c.Now()+history.Time(more)))
}

// do asks a client and waits for the completion.
func (c *cluster) do(client string, function history.Function, key string, value history.Value) history.Completion {
	var got *history.Completion
	c.Invoke(client, history.Request{Function: function, Key: key, Value: value}, func(completion history.Completion) {
		require.Nil(c.t, got, "completed twice")
		got = &completion
	})
	for end := c.Now() + history.Time(2100*time.Millisecond); got == nil && c.Now() < end; {
		c.run(time.Millisecond)
	}
	require.NotNil(c.t, got, "%s %s never completed", function, key)
	return *got
}

func (c *cluster) ok(client string, function history.Function, key string, value history.Value) history.Completion {
	got := c.do(client, function, key, value)
	require.Equal(c.t, history.Ok, got.Outcome, "%s %s by %s: %s", function, key, client, got.Error)
	return got
}

// lists is what the readers of a node's lists are told, from the client beside it.
func (c *cluster) lists(client, service string) string {
	return c.ok(client, history.Lookup, service, history.Nothing).Value.String()
}

// holds is the ids in a node's registry.
func (c *cluster) holds(name string) []string {
	ids := []string{}
	for _, held := range c.nodes[name].registry.leases {
		ids = append(ids, held.instance.id)
	}
	return ids
}

// split cuts all links between two groups of nodes and the clients beside them; heal mends them.
func (c *cluster) split(group ...string) (heal func()) {
	inside := map[string]bool{}
	for _, name := range group {
		inside[name] = true
	}
	ends := append([]string{}, c.names...)
	for i, client := range c.clients {
		ends = append(ends, client)
		inside[client] = inside[c.names[i%len(c.names)]]
	}
	each := func(act func(from, to string)) {
		for _, from := range ends {
			for _, to := range ends {
				if inside[from] != inside[to] {
					act(from, to)
				}
			}
		}
	}
	each(c.Cut)
	return func() { each(c.Mend) }
}
