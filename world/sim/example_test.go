package sim_test

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"
)

// greeter says hello to everybody who connects, and prints what it hears.
type greeter struct {
	world.Process
	env  world.Environment
	dial string
}

func (g *greeter) Start(env world.Environment) {
	g.env = env
	if g.dial != "" {
		env.Dial(g.dial)
	}
}
func (g *greeter) Accepted(connection world.Connection) { connection.Send([]byte("hello")) }
func (g *greeter) Opened(world.Connection)              {}
func (g *greeter) Received(connection world.Connection, message []byte) {
	fmt.Printf("%s heard %s from %s after the cut: %t\n", g.env.Name(), message, connection.Peer(), g.env.Elapsed() > time.Second)
}

// A cut of a second stalls a connection; what was said during it arrives after it.
func Example() {
	w := sim.New(sim.DefaultOptions(7))
	w.AddNode("n1", func() world.Process { return &greeter{dial: "n2"} })
	w.AddNode("n2", func() world.Process { return &greeter{} })
	w.Cut("n2", "n1")
	w.At(history.Time(time.Second), func() { w.Mend("n2", "n1") })
	fmt.Println(w.Run(history.Time(10 * time.Second)))
	// Output:
	// n1 heard hello from n2 after the cut: true
	// <nil>
}
