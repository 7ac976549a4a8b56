package cpstore_test

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/systems/cpstore"
	"cleave/world"
	"cleave/world/sim"
)

// Three simulated nodes, a client beside the first, one write.
func ExampleSystem() {
	system, cluster := cpstore.System(cpstore.Options{}), world.Cluster{Nodes: []string{"n1", "n2", "n3"}}
	w := sim.New(sim.DefaultOptions(1))
	for _, name := range cluster.Nodes {
		w.AddNode(name, func() world.Process { return system.Node(name, cluster) })
	}
	w.AddClient("c1", "n1", system.Client("c1", "n1", cluster))
	_ = w.Run(history.Time(5 * time.Second)) // elect a leader
	write := history.Request{Function: history.Write, Key: "x", Value: history.Integer(7)}
	w.Invoke("c1", write, func(c history.Completion) { fmt.Println(c.Outcome, "from", c.Node) })
	_ = w.Run(history.Time(7 * time.Second))
	// Output: ok from n1
}
