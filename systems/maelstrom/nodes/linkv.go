package main

import (
	"encoding/json"

	"cleave/systems/maelstrom/node"
)

// operation is a call of the workload lin-kv. Keys and values are JSON, of whatever kind.
type operation struct {
	Key, Value, From, To json.RawMessage
}

// serve has the calls of the workload go to a handler, which answers them or passes on an error.
func serve(n *node.Node, handle func(call *node.Call, asked operation)) {
	for _, kind := range []string{"read", "write", "cas"} {
		n.Handle(kind, func(call *node.Call) {
			var asked operation
			if call.Read(&asked) {
				handle(call, asked)
			}
		})
	}
}

// proxies asks the service.
func proxies(n *node.Node) {
	serve(n, func(call *node.Call, asked operation) { forward(n, "lin-kv", call, asked, func(json.RawMessage) {}) })
}

// forward puts a call to somebody else, and answers what is answered. What was read is seen first.
func forward(n *node.Node, to string, call *node.Call, asked operation, seen func(value json.RawMessage)) {
	fields := node.Fields{"key": asked.Key}
	switch call.Type {
	case "write":
		fields["value"] = asked.Value
	case "cas":
		fields["from"], fields["to"] = asked.From, asked.To
	}
	n.Ask(to, call.Type, fields, func(answer node.Answer, failed *node.Error) {
		if failed != nil {
			call.Pass(failed)
			return
		}
		var read struct{ Value json.RawMessage }
		if call.Type != "read" || !answer.Read(&read) {
			call.Reply(answer.Type, nil)
			return
		}
		seen(read.Value)
		call.Reply(answer.Type, node.Fields{"value": read.Value})
	})
}

// readsStale keeps what it has read, or written, and answers from there the next two times.
func readsStale(n *node.Node) {
	type copy struct {
		value json.RawMessage
		left  int
	}
	copies := map[string]copy{}
	serve(n, func(call *node.Call, asked operation) {
		key := string(asked.Key)
		if kept := copies[key]; call.Type == "read" && kept.left > 0 {
			copies[key] = copy{kept.value, kept.left - 1}
			call.Reply("read_ok", node.Fields{"value": kept.value})
			return
		}
		delete(copies, key)
		forward(n, "lin-kv", call, asked, func(value json.RawMessage) { copies[key] = copy{value, 2} })
	})
}

// losesWrites has each key on one node, whom the others ask, and which keeps it in memory.
func losesWrites(n *node.Node) {
	values := map[string]json.RawMessage{}
	serve(n, func(call *node.Call, asked operation) {
		key := string(asked.Key)
		if owner := n.Nodes()[int(key[len(key)-1])%len(n.Nodes())]; owner != n.ID() {
			forward(n, owner, call, asked, func(json.RawMessage) {})
			return
		}
		value, exists := values[key]
		switch {
		case call.Type == "write":
			values[key] = asked.Value
			call.Reply("write_ok", nil)
		case !exists:
			call.Refuse(node.KeyDoesNotExist, "there is no such key")
		case call.Type == "read":
			call.Reply("read_ok", node.Fields{"value": value})
		case string(value) != string(asked.From):
			call.Refuse(node.PreconditionFailed, "it has another value")
		default:
			values[key] = asked.To
			call.Reply("cas_ok", nil)
		}
	})
}
