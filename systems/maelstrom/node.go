package maelstrom

import (
	"fmt"
	"slices"
	"strings"

	"cleave/world"
)

// node is a program in its place among the others: what comes over the network is a line of its input, what it prints goes there.
type node struct {
	name     string
	cluster  world.Cluster
	options  *Options
	env      world.Environment
	instance Instance
	greeting greeting
	held     [][]byte // what came before it was ready
	lines    int      // of its output, so far
	breaches int      // of the protocol
	ended    bool
}

// The kinds of notes about a program that misbehaves.
const (
	breachNote = "protocol" // it broke the protocol
	exitNote   = "exit"     // it ended by itself
	haltNote   = "halt"     // so it is to be started again
)

// mostBreaches is how many breaches of the protocol are noted in a node's life: the first says it all.
const mostBreaches = 3

func newNode(name string, cluster world.Cluster, options *Options) *node {
	n := &node{name: name, cluster: cluster, options: options}
	n.greeting = greetingFor(n)
	n.instance = options.Program.New(name, Streams{Output: n.printed, Log: n.logged, Ended: n.exited})
	return n
}

// Start begins the program, and greets it.
func (n *node) Start(env world.Environment) {
	n.env = env
	n.instance.Start(env)
	n.greet()
}

// Stop ends the program with the node.
func (n *node) Stop() { n.instance.Stop() }

// Datagram hands a message to the program, when it is ready.
func (n *node) Datagram(_ string, payload []byte) {
	switch {
	case n.ended:
	case n.greeting.over():
		n.hand(payload)
	default:
		n.held = append(n.held, payload)
	}
}

// hand gives the program a line.
func (n *node) hand(line []byte) {
	if n.options.LogReceived {
		n.env.Logf("recv %s", line)
	}
	n.instance.Input(line)
}

// handHeld gives the program what came before it was ready.
func (n *node) handHeld() {
	held := n.held
	n.held = nil
	for _, line := range held {
		if !n.ended {
			n.hand(line)
		}
	}
}

// printed sends what the program has printed.
func (n *node) printed(line []byte) {
	n.lines++
	message, err := ParseMessage(line)
	switch {
	case err != nil:
		n.breach("line %d of its output is no message, %s: %v", n.lines, shown(line), err)
	case message.Source != n.name:
		n.breach("line %d of its output says that it is from %.40q: %s", n.lines, message.Source, shown(line))
	case message.Destination == controller:
		n.greeted(message)
	case !n.knows(message.Destination):
		n.breach("line %d of its output is to %.40q, whom nobody knows: %s", n.lines, message.Destination, shown(line))
	default:
		if n.options.LogSent {
			n.env.Logf("send %s", line)
		}
		n.env.Send(message.Destination, line)
	}
}

// knows tells whether a message can be to somebody of this name.
func (n *node) knows(name string) bool {
	if slices.Contains(n.cluster.Nodes, name) || slices.ContainsFunc(services, func(s world.Service) bool { return s.Name == name }) {
		return true
	}
	digits, is := strings.CutPrefix(name, "c")
	return is && len(digits) > 0 && len(digits) < 6 && strings.Trim(digits, "0123456789") == "" && digits[0] != '0'
}

// breach notes that the program broke the protocol. It runs on.
func (n *node) breach(format string, arguments ...any) {
	n.breaches++
	if n.breaches <= mostBreaches {
		n.env.Note(breachNote, fmt.Sprintf(format, arguments...))
	}
}

func (n *node) logged(line []byte) { n.env.Logf("%s", line) }

// exited notes that the program ended. It is started again as a supervisor would, unless it went beyond a limit.
func (n *node) exited(reason string, limit bool) {
	n.ended = true
	n.env.Note(exitNote, reason)
	if !limit {
		n.env.Note(haltNote, reason)
	}
}

// The rest of world.Process: nobody connects.

// Accepted does nothing.
func (*node) Accepted(world.Connection) {}

// Opened does nothing.
func (*node) Opened(world.Connection) {}

// Received does nothing.
func (*node) Received(world.Connection, []byte) {}

// Closed does nothing.
func (*node) Closed(world.Connection, world.CloseReason) {}
