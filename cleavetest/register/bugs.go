package register

import (
	"encoding/json"

	"cleave/world"
)

// NewLocal makes a node that answers reads from its own copy, as the first version of the tutorial does.
func NewLocal(name string, nodes []string) world.Process {
	return &local{node: node{name: name, nodes: nodes}}
}

// local is a node with that bug.
type local struct{ node }

// Received serves a client, too quickly.
func (n *local) Received(client world.Connection, text []byte) {
	var request Request
	if err := json.Unmarshal(text, &request); err == nil && !request.Write {
		client.Send(encoded(Reply{n.copies[request.Key].Value}))
		return
	}
	n.node.Received(client, text)
}

// NewHasty makes a node that asks a majority before it answers a read, but does not see to it that a majority has what it
// answers, as the second version does.
func NewHasty(name string, nodes []string) world.Process {
	return &hasty{node: node{name: name, nodes: nodes}}
}

// hasty is a node with that bug.
type hasty struct{ node }

// Received serves a client, a little too quickly.
func (n *hasty) Received(client world.Connection, text []byte) {
	var request Request
	if err := json.Unmarshal(text, &request); err == nil && !request.Write {
		n.ask(message{Key: request.Key}, func(newest copied) { client.Send(encoded(Reply{newest.Value})) })
		return
	}
	n.node.Received(client, text)
}
