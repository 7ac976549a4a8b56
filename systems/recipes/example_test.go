package recipes_test

import (
	"fmt"
	"strings"
	"time"

	"cleave/history"
	"cleave/systems/cpstore"
	"cleave/systems/recipes"
	"cleave/world"
	"cleave/world/sim"
)

// Three clients elect a leader. When it leaves, the next in the queue leads.
func ExampleOn() {
	options := cpstore.DefaultOptions()
	system := recipes.On(cpstore.System(options), cpstore.ClientOptions(options), nil)
	w := sim.New(sim.DefaultOptions(1))
	w.OnNote(func(note history.Note) {
		if strings.HasPrefix(note.Node, "c") && (note.Kind == "holds" || note.Kind == "yields" || note.Kind == "woken") {
			fmt.Println(note.Node, note.Kind, note.Detail)
		}
	})
	cluster := world.Cluster{Nodes: []string{"n1", "n2", "n3"}, Workload: "election"}
	clients := []history.Placement{{Client: "c1", Host: "n1"}, {Client: "c2", Host: "n2"}, {Client: "c3", Host: "n3"}}
	if err := w.Populate(system, cluster, clients); err != nil {
		fmt.Println(err)
		return
	}
	ask := func(client string, function history.Function) {
		w.Invoke(client, history.Request{Function: function, Key: "election"}, func(c history.Completion) {
			fmt.Println(client, function, c.Outcome, c.Value)
		})
		_ = w.Run(w.Now() + history.Time(5*time.Second))
	}
	_ = w.Run(history.Time(5 * time.Second))
	for _, place := range clients {
		ask(place.Client, history.Join)
	}
	ask("c3", history.Children)
	ask("c1", history.Leave)
	ask("c3", history.Children)
	// Output:
	// c1 join ok nil
	// c1 holds election
	// c2 join ok nil
	// c3 join ok nil
	// c3 children ok [c1.1-w-0000000000 c2.1-w-0000000001 c3.1-w-0000000002]
	// c1 yields election
	// c1 leave ok nil
	// c2 woken /election/c1.1-w-0000000000
	// c2 holds election
	// c3 children ok [c2.1-w-0000000001 c3.1-w-0000000002]
}
