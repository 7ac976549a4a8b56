package main

import (
	"encoding/json"
	"slices"
	"time"

	"cleave/systems/maelstrom/node"
)

// again is how long after it told somebody something a node tells it again, if that was not confirmed.
const again = 300 * time.Millisecond

// gossip is a set of numbers that all nodes come to have. A node keeps a list of what each neighbour has not confirmed yet.
type gossip struct {
	*node.Node
	neighbours []string
	journal    *node.Journal // nil: nothing is written down
	known      map[int64]bool
	all        []int64
	owed       map[string][]int64 // by neighbour
	mistaken   mistake
}

// mistake is what is done wrong.
type mistake struct{ tellsOnce, replaces bool }

// newGossip makes one of what is in the journal.
func newGossip(n *node.Node, durable bool, mistaken mistake) *gossip {
	g := &gossip{Node: n, known: map[int64]bool{}, owed: map[string][]int64{}, mistaken: mistaken}
	if durable {
		journal, err := node.OpenJournal("set", func(record json.RawMessage) {
			var number int64
			must(json.Unmarshal(record, &number))
			g.learn(number, "")
		})
		must(err)
		g.journal = journal
	}
	n.Handle("gossip", g.heard)
	if !mistaken.tellsOnce {
		n.Every(again, g.tellAll)
	}
	return g
}

// with has the node gossip with some others, who are told all it has. That they have it already costs one message each.
func (g *gossip) with(neighbours []string) {
	g.neighbours = neighbours
	for _, name := range neighbours {
		g.owed[name] = slices.Clone(g.all)
	}
}

// learn takes a number, and tells whether it was new. Whoever said it need not be told.
func (g *gossip) learn(number int64, from string) bool {
	if g.known[number] {
		return false
	}
	g.known[number] = true
	g.all = append(g.all, number)
	for _, name := range g.neighbours {
		if name != from {
			g.owed[name] = append(g.owed[name], number)
		}
	}
	return true
}

// add takes a number from a client, or from a neighbour, and has it written down before anybody is told that it was.
func (g *gossip) add(number int64, from string) {
	if g.learn(number, from) && g.journal != nil {
		must(g.journal.Add(number))
	}
}

// tellAll tells every neighbour what it has not confirmed.
func (g *gossip) tellAll() {
	for _, name := range g.neighbours {
		g.tell(name)
	}
}

func (g *gossip) tell(name string) {
	told := slices.Clone(g.owed[name])
	if g.mistaken.replaces {
		told = slices.Clone(g.all)
	}
	if len(told) == 0 {
		return
	}
	if g.mistaken.tellsOnce {
		g.owed[name] = nil
		g.Tell(name, "gossip", node.Fields{"numbers": told})
		return
	}
	g.Ask(name, "gossip", node.Fields{"numbers": told}, func(_ node.Answer, failed *node.Error) {
		if failed == nil {
			g.owed[name] = slices.DeleteFunc(g.owed[name], func(number int64) bool { return slices.Contains(told, number) })
		}
	})
}

// heard takes what a neighbour says.
func (g *gossip) heard(call *node.Call) {
	var said struct{ Numbers []int64 }
	if !call.Read(&said) {
		return
	}
	if g.mistaken.replaces {
		if len(said.Numbers) > len(g.all) {
			g.all = said.Numbers
		}
		call.Reply("gossip_ok", nil)
		return
	}
	for _, number := range said.Numbers {
		g.add(number, call.From)
	}
	call.Reply("gossip_ok", nil)
	if g.mistaken.tellsOnce {
		g.tellAll()
	}
}

// broadcasts tells its neighbours in the topology.
func broadcasts(n *node.Node) { broadcast(newGossip(n, true, mistake{})) }

// tellsOnce does not ask whether it was heard.
func tellsOnce(n *node.Node) { broadcast(newGossip(n, true, mistake{tellsOnce: true})) }

func broadcast(g *gossip) {
	g.Handle("topology", func(call *node.Call) {
		var said struct{ Topology map[string][]string }
		if call.Read(&said) {
			g.with(said.Topology[g.ID()])
			call.Reply("topology_ok", nil)
		}
	})
	g.Handle("broadcast", func(call *node.Call) {
		var said struct{ Message int64 }
		if call.Read(&said) {
			g.add(said.Message, "")
			call.Reply("broadcast_ok", nil)
			g.tellAll()
		}
	})
	g.Handle("read", func(call *node.Call) { call.Reply("read_ok", node.Fields{"messages": g.elements()}) })
}

// grows is a set that tells everybody.
func grows(n *node.Node) { growingSet(newGossip(n, true, mistake{})) }

// replaces takes a longer set for its own and more.
func replaces(n *node.Node) { growingSet(newGossip(n, false, mistake{replaces: true})) }

// forgets has nothing left after a crash, and was confirmed to have it.
func forgets(n *node.Node) { growingSet(newGossip(n, false, mistake{})) }

func growingSet(g *gossip) {
	g.Ready(func() { g.with(g.Others()) })
	g.Handle("add", func(call *node.Call) {
		var said struct{ Element int64 }
		if call.Read(&said) {
			g.add(said.Element, "")
			call.Reply("add_ok", nil)
		}
	})
	g.Handle("read", func(call *node.Call) { call.Reply("read_ok", node.Fields{"value": g.elements()}) })
}

// elements are all, never null.
func (g *gossip) elements() []int64 { return append([]int64{}, g.all...) }
