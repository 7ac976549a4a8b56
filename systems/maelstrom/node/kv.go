package node

import "encoding/json"

// KV is a key-value service that nodes can use: "lin-kv", "seq-kv" or "lww-kv".
type KV struct {
	node *Node
	name string
}

// KV is a service by its name.
func (n *Node) KV(name string) KV { return KV{n, name} }

// Read reads the value of a key, as JSON. The error is KeyDoesNotExist if it has none.
func (s KV) Read(key string, done func(value json.RawMessage, failed *Error)) {
	s.node.Ask(s.name, "read", Fields{"key": key}, func(answer Answer, failed *Error) {
		var read struct{ Value json.RawMessage }
		if failed == nil {
			answer.Read(&read)
		}
		done(read.Value, failed)
	})
}

// Write gives a key a value.
func (s KV) Write(key string, value any, done func(failed *Error)) {
	s.node.Ask(s.name, "write", Fields{"key": key, "value": value}, func(_ Answer, failed *Error) { done(failed) })
}

// CAS gives a key a value if it has another one, or, if create says so, none at all. The error is PreconditionFailed if it has
// a third one, and KeyDoesNotExist if it has none.
func (s KV) CAS(key string, from, to any, create bool, done func(failed *Error)) {
	fields := Fields{"key": key, "from": from, "to": to}
	if create {
		fields["create_if_not_exists"] = true
	}
	s.node.Ask(s.name, "cas", fields, func(_ Answer, failed *Error) { done(failed) })
}
