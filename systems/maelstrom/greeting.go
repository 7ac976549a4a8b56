package maelstrom

import "time"

// controller is who greets a program. What it says to a node, no fault disturbs.
const controller = "c0"

// patience is how long a program may take to answer a greeting.
const patience = 10 * time.Second

// greeting is what a program is told, and must answer, before anything else: "init", and "topology" where there is one.
type greeting struct {
	words []word
	next  int // the one that is not answered yet
}

type word struct {
	body   any
	answer string // the type of its answer
}

type initBody struct {
	Type    string   `json:"type"`
	MsgID   uint64   `json:"msg_id"`
	NodeID  string   `json:"node_id"`
	NodeIDs []string `json:"node_ids"`
}

type topologyBody struct {
	Type     string              `json:"type"`
	MsgID    uint64              `json:"msg_id"`
	Topology map[string][]string `json:"topology"`
}

// broadcast is the workload that has a topology.
const broadcast = "broadcast"

func greetingFor(n *node) greeting {
	words := []word{{initBody{"init", 1, n.name, n.cluster.Nodes}, "init_ok"}}
	if n.options.Workload == broadcast {
		words = append(words, word{topologyBody{"topology", 2, n.options.Topology.Neighbours(n.cluster.Nodes)}, "topology_ok"})
	}
	return greeting{words: words}
}

// over tells whether the program has answered all of it.
func (g *greeting) over() bool { return g.next == len(g.words) }

// greet tells the program the next word.
func (n *node) greet() {
	if n.ended {
		return
	}
	if n.greeting.over() {
		n.handHeld()
		return
	}
	said := n.greeting.next
	n.hand(messageOf(controller, n.name, n.greeting.words[said].body).Line())
	n.env.After(patience, func() {
		if n.greeting.next == said && !n.ended {
			n.breach("it has not said %q within %s", n.greeting.words[said].answer, patience)
		}
	})
}

// greeted takes what the program has said to the controller.
func (n *node) greeted(message Message) {
	h, err := headerOf(message.Body)
	if n.greeting.over() || err == nil && !h.replies(uint64(n.greeting.next+1)) {
		return // to what it was not asked
	}
	if expected := n.greeting.words[n.greeting.next].answer; err != nil || h.Type != expected {
		n.breach("it was to answer %q and said %s", expected, shown(message.Body))
		return
	}
	n.greeting.next++
	n.env.After(0, n.greet) // the program is still in the midst of it
}
