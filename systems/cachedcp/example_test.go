package cachedcp_test

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/systems/cachedcp"
	"cleave/world"
	"cleave/world/sim"
)

// An instance registers, a consumer's cache hears of it, all nodes are killed, and the cache still answers.
func ExampleSystem() {
	w := sim.New(sim.DefaultOptions(1))
	nodes := world.Cluster{Nodes: []string{"n1", "n2", "n3"}}
	_ = w.Populate(cachedcp.System(cachedcp.DefaultOptions()), nodes, []history.Placement{{Client: "c1", Host: "n1"}, {Client: "c2", Host: "n2"}})
	ask := func(client string, f history.Function, key string, wait time.Duration) {
		w.Invoke(client, history.Request{Function: f, Key: key}, func(c history.Completion) { fmt.Println(f, c.Outcome, c.Value) })
		_ = w.Run(w.Now() + history.Time(wait))
	}
	_ = w.Run(history.Time(5 * time.Second)) // elect a leader
	ask("c2", history.CacheLookup, "web", time.Second)
	ask("c1", history.Register, "web/c1#1", time.Second)
	for _, node := range nodes.Nodes {
		w.Kill(node)
	}
	ask("c2", history.Lookup, "web", 5*time.Second)
	ask("c2", history.CacheLookup, "web", time.Second)
	// Output:
	// cache-lookup fail nil
	// register ok nil
	// lookup fail nil
	// cache-lookup ok [web/c1#1]
}
