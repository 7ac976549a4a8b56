package register

import (
	"encoding/json"

	"cleave/world"
)

// Request is what a client asks of a node: to write a value, or to read one.
type Request struct {
	Write bool
	Key   string
	Value int64
}

// Reply is the answer: what was read or written, nil if nobody has written yet.
type Reply struct{ Value *int64 }

// Received serves a client.
func (n *node) Received(client world.Connection, text []byte) {
	var request Request
	if err := json.Unmarshal(text, &request); err != nil {
		client.Close()
		return
	}
	if request.Write {
		n.write(client, request)
	} else {
		n.read(client, request)
	}
}

// write asks a majority for the newest copy, and has a majority keep a newer one.
func (n *node) write(client world.Connection, request Request) {
	n.ask(message{Key: request.Key}, func(newest copied) {
		newer := copied{newest.Number + 1, n.env.Random().Below(1 << 62), &request.Value}
		n.ask(message{Key: request.Key, Copy: &newer}, func(copied) { client.Send(encoded(Reply{newer.Value})) })
	})
}
