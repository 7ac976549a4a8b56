package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"cleave/systems/maelstrom/node"
)

// echoes says again what it is told.
func echoes(n *node.Node) { echo(n, func(said string) string { return said }) }

// garbles swallows a 7 at the end of what it is told.
func garbles(n *node.Node) {
	echo(n, func(said string) string { return strings.TrimSuffix(said, "7") })
}

func echo(n *node.Node, say func(string) string) {
	n.Handle("echo", func(call *node.Call) {
		var asked struct{ Echo string }
		if call.Read(&asked) {
			call.Reply("echo_ok", node.Fields{"echo": say(asked.Echo)})
		}
	})
}

// ids makes ids of the node's name, how often it has begun, and a number that grows. That it begins is written down first.
func ids(n *node.Node) {
	begun := 0
	journal, err := node.OpenJournal("begun", func(json.RawMessage) { begun++ })
	must(err)
	must(journal.Add(begun))
	generate(n, func(number int) string { return fmt.Sprintf("%s-%d-%d", n.ID(), begun, number) })
}

// idsAgain leaves out how often it has begun.
func idsAgain(n *node.Node) {
	generate(n, func(number int) string { return fmt.Sprintf("%s-%d", n.ID(), number) })
}

func generate(n *node.Node, id func(number int) string) {
	number := 0
	n.Handle("generate", func(call *node.Call) {
		number++
		call.Reply("generate_ok", node.Fields{"id": id(number)})
	})
}
