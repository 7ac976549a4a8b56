package wasi_test

import (
	"context"
	"fmt"
	"time"

	"cleave/history"
	"cleave/internal/wasi"
	"cleave/world"
	"cleave/world/sim"
)

// hello is a module that writes a line and exits: what GOOS=wasip1 go build makes, but smaller.
const hello = "\x00asm\x01\x00\x00\x00" +
	"\x01\x0c\x02\x60\x04\x7f\x7f\x7f\x7f\x01\x7f\x60\x00\x00" + // types
	"\x02\x23\x01\x16wasi_snapshot_preview1\x08fd_write\x00\x00" + // imports
	"\x03\x02\x01\x01" + "\x05\x03\x01\x00\x01" + // a function, a memory of a page
	"\x07\x13\x02\x06_start\x00\x01\x06memory\x02\x00" + // exports
	"\x0a\x0f\x01\x0d\x00\x41\x01\x41\x00\x41\x01\x41\x3c\x10\x00\x1a\x0b" + // fd_write(1, 0, 1, 60)
	"\x0b\x14\x01\x00\x41\x00\x0b\x0e\x08\x00\x00\x00\x06\x00\x00\x00hello\n" // data

// node is a process of the simulation that is a program.
type node struct {
	world.Process
	program *wasi.Program
}

func (n node) Start(env world.Environment) {
	n.program.New(wasi.Options{
		Output: func(line []byte) { fmt.Printf("%s says %s\n", env.Name(), line) },
		Ended:  func(end wasi.End) { fmt.Printf("%s %s\n", env.Name(), end.Reason) },
	}).Start(env)
}

// A program as a node of a simulated world.
func Example() {
	program, err := wasi.Compile(context.Background(), []byte(hello), "")
	if err != nil {
		fmt.Println(err)
		return
	}
	w := sim.New(sim.DefaultOptions(1))
	w.AddNode("n1", func() world.Process { return node{program: program} })
	fmt.Println(w.Run(history.Time(time.Second)))
	// Output:
	// n1 says hello
	// n1 exited with status 0
	// <nil>
}
