package host_test

import (
	"context"
	"fmt"
	"net"

	"cleave/world"
	"cleave/world/host"
)

// greeter answers every message with a greeting.
type greeter struct{ world.Process }

func (g *greeter) Start(world.Environment)                    {}
func (g *greeter) Accepted(world.Connection)                  {}
func (g *greeter) Closed(world.Connection, world.CloseReason) {}
func (g *greeter) Received(c world.Connection, message []byte) {
	c.Send(append([]byte("hello "), message...))
}

// The greeter on a real socket: a message is its length and its bytes.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	talk := func(a host.Addresses) {
		socket, err := net.Dial("tcp", a.Clients[0])
		if err != nil {
			panic("example: " + err.Error())
		}
		fmt.Fprint(socket, "\x00\x00\x00\x05world")
		answer := make([]byte, 15)
		n, _ := socket.Read(answer)
		fmt.Printf("%q\n", answer[:n])
		_ = socket.Close()
		stop()
	}
	err := host.Run(ctx, host.Options{Name: "n1", Process: &greeter{}, ClientListen: []string{"127.0.0.1:0"},
		Ready: func(a host.Addresses) { go talk(a) }})
	fmt.Println(err)
	// Output:
	// "\x00\x00\x00\vhello world"
	// <nil>
}
