package main

import (
	"encoding/json"
	"strconv"

	"cleave/systems/maelstrom/node"
)

// count is how much was added and taken away at one node.
type count struct {
	Up   int64 `json:"up"`
	Down int64 `json:"down"`
}

// counter knows the counts of all nodes: its own, and of the others the highest that it has heard.
type counter struct {
	*node.Node
	own     count
	others  map[string]count
	journal *node.Journal
}

func newCounter(n *node.Node) *counter {
	c := &counter{Node: n, others: map[string]count{}}
	journal, err := node.OpenJournal("counter", func(record json.RawMessage) {
		var delta int64
		must(json.Unmarshal(record, &delta))
		c.add(delta)
	})
	must(err)
	c.journal = journal
	return c
}

func (c *counter) add(delta int64) {
	c.own.Up += max(delta, 0)
	c.own.Down -= min(delta, 0)
}

// counts tells the others both of its counts, now and then.
func counts(n *node.Node) {
	c := newCounter(n)
	n.Handle("count", func(call *node.Call) {
		var said count
		if call.Read(&said) {
			known := c.others[call.From]
			c.others[call.From] = count{max(known.Up, said.Up), max(known.Down, said.Down)}
		}
	})
	c.serve(func() node.Fields { return node.Fields{"up": c.own.Up, "down": c.own.Down} })
}

// onlyUp tells the others the difference alone, and of what it is told keeps the highest.
func onlyUp(n *node.Node) {
	c := newCounter(n)
	n.Handle("count", func(call *node.Call) {
		var said count
		if call.Read(&said) {
			c.others[call.From] = count{Up: max(c.others[call.From].Up, said.Up)}
		}
	})
	c.serve(func() node.Fields { return node.Fields{"up": c.own.Up - c.own.Down} })
}

func (c *counter) serve(told func() node.Fields) {
	c.Every(again, func() {
		for _, name := range c.Others() {
			c.Tell(name, "count", told())
		}
	})
	c.Handle("add", func(call *node.Call) {
		var said struct{ Delta int64 }
		if call.Read(&said) {
			c.add(said.Delta)
			must(c.journal.Add(said.Delta))
			call.Reply("add_ok", nil)
		}
	})
	c.Handle("read", func(call *node.Call) {
		sum := c.own.Up - c.own.Down
		// order does not matter: it is a sum
		for _, other := range c.others {
			sum += other.Up - other.Down
		}
		call.Reply("read_ok", node.Fields{"value": sum})
	})
}

// overwrites reads the counter, and writes a higher one, whatever has come in between.
func overwrites(n *node.Node) {
	kv := n.KV("lin-kv")
	read := func(call *node.Call, then func(value int64)) {
		kv.Read("counter", func(value json.RawMessage, failed *node.Error) {
			if failed != nil && !failed.Has(node.KeyDoesNotExist) {
				call.Pass(failed)
				return
			}
			number, _ := strconv.ParseInt(string(value), 10, 64) // nothing is 0
			then(number)
		})
	}
	n.Handle("read", func(call *node.Call) {
		read(call, func(value int64) { call.Reply("read_ok", node.Fields{"value": value}) })
	})
	n.Handle("add", func(call *node.Call) {
		var said struct{ Delta int64 }
		if !call.Read(&said) {
			return
		}
		read(call, func(value int64) {
			kv.Write("counter", value+said.Delta, func(failed *node.Error) {
				if failed != nil {
					call.Pass(failed)
					return
				}
				call.Reply("add_ok", nil)
			})
		})
	})
}
