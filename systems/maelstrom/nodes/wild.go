package main

import (
	"fmt"
	"os"
	"strings"

	"cleave/systems/maelstrom/node"
)

// wild is a node that answers a few times before it does what no node may.
func wild(at func()) func(*node.Node) {
	return func(n *node.Node) {
		times := 0
		echo(n, func(said string) string {
			if times++; times == 5 {
				at()
			}
			return said
		})
	}
}

// idle is what a node that spins thinks of.
var idle uint64

func spin() {
	for {
		idle++
	}
}

func flood() {
	line := strings.Repeat("no message ", 1000)
	for {
		fmt.Println(line)
	}
}

func hoard() {
	var all [][]byte
	for {
		all = append(all, make([]byte, 1<<20))
		all[len(all)-1][0] = 1
	}
}

func exit() { os.Exit(3) }

func fault() { panic("nobody has thought of this") }

func babble() { fmt.Println("five times asked!") }

func forge() { fmt.Println(`{"src":"n99","dest":"n1","body":{"type":"hello"}}`) }

func astray() { fmt.Println(`{"src":"n1","dest":"n99","body":{"type":"hello"}}`) }
