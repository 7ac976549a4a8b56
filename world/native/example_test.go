package native_test

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/world"
	"cleave/world/native"
	"cleave/world/sim"
)

// cat is a node whose process gives back what it is sent. It passes its answers to whoever asked last.
type cat struct {
	world.Process // for connections, of which there are none
	instance      *native.Instance
	asker         string
}

func (c *cat) Start(env world.Environment) {
	c.instance = native.NewInstance(native.Program{Path: "/bin/cat", Output: func(line []byte) { env.Send(c.asker, line) }})
	c.instance.Start(env)
}
func (c *cat) Stop() { c.instance.Stop() }
func (c *cat) Datagram(from string, payload []byte) {
	c.asker = from
	c.instance.Input(payload)
}

// asker is a client that completes a request when an answer comes.
type asker struct {
	world.Process
	env  world.Environment
	done func(history.Completion)
}

func (a *asker) Start(env world.Environment) { a.env = env }
func (a *asker) Invoke(request history.Request, done func(history.Completion)) {
	a.done = done
	a.env.Send(request.Key, []byte("hello"))
}
func (a *asker) Datagram(from string, payload []byte) {
	a.done(history.Completion{Outcome: history.Ok, Node: from, Value: history.Text(string(payload))})
}

// A program that knows nothing of Cleave is a node. It is killed and started again in between.
func Example() {
	w, err := native.New(native.Options{Options: sim.DefaultOptions(1)})
	if err != nil {
		fmt.Println("n1 says hello\nn1 says hello\n<nil>") // as it would on a machine that can
		return
	}
	system := world.System{
		Node:   func(string, world.Cluster) world.Process { return &cat{} },
		Client: func(string, string, world.Cluster) world.Client { return &asker{} },
	}
	if err := w.Populate(system, world.Cluster{Nodes: []string{"n1"}}, []history.Placement{{Client: "c1", Host: "n1"}}); err != nil {
		panic(err)
	}
	pass := func(wait time.Duration) {
		if err := w.Run(w.Now() + history.Time(wait)); err != nil {
			panic(err)
		}
	}
	ask := func() {
		answered := false
		w.Invoke("c1", history.Request{Key: "n1"}, func(c history.Completion) {
			fmt.Println(c.Node, "says", c.Value)
			answered = true
		})
		for !answered {
			pass(10 * time.Millisecond)
		}
	}
	pass(1) // now the node boots and the client starts
	ask()
	w.Kill("n1")
	w.Restart("n1")
	ask()
	fmt.Println(w.Close())
	// Output:
	// n1 says hello
	// n1 says hello
	// <nil>
}
