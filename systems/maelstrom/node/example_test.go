package node_test

import (
	"fmt"
	"os"

	"cleave/systems/maelstrom/node"
)

// A node that answers echo. Its input comes from a file here.
func Example() {
	input, _ := os.CreateTemp("", "input")
	defer os.Remove(input.Name())
	fmt.Fprintln(input, `{"src":"c0","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":["n1"]}}`)
	fmt.Fprintln(input, `{"src":"c1","dest":"n1","body":{"type":"echo","msg_id":1,"echo":"hello"}}`)
	input.Seek(0, 0)
	os.Stdin = input

	n := node.New()
	n.Handle("echo", func(call *node.Call) {
		var asked struct{ Echo any }
		if call.Read(&asked) {
			call.Reply("echo_ok", node.Fields{"echo": asked.Echo})
		}
	})
	if err := n.Run(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"src":"n1","dest":"c0","body":{"in_reply_to":1,"type":"init_ok"}}
	// {"src":"n1","dest":"c1","body":{"echo":"hello","in_reply_to":1,"type":"echo_ok"}}
}
