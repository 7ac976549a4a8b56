package apregistry_test

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/systems/apregistry"
	"cleave/world"
	"cleave/world/sim"
)

func Example() {
	registry := apregistry.System(apregistry.DefaultOptions().Scaled(30))
	cluster := world.Cluster{Nodes: []string{"n1", "n2"}}
	w := sim.New(sim.DefaultOptions(1))
	for _, name := range cluster.Nodes {
		w.AddNode(name, func() world.Process { return registry.Node(name, cluster) })
		w.AddClient("client of "+name, name, registry.Client("client of "+name, name, cluster))
	}
	_ = w.Run(history.Time(time.Second)) // all have started
	ask := func(client string, request history.Request) {
		w.Invoke(client, request, func(completion history.Completion) {
			fmt.Println(request.Function, completion.Outcome, completion.Node, completion.Value)
		})
		_ = w.Run(w.Now() + history.Time(time.Second))
	}
	ask("client of n1", history.Request{Function: history.Register, Key: "web/a"})
	ask("client of n2", history.Request{Function: history.Lookup, Key: "web"})
	// Output:
	// register ok n1 nil
	// lookup ok n2 [web/a]
}
