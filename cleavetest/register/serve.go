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

// Received serves a client. A majority is asked for the newest copy; a write makes a newer one of it; and a majority keeps
// what the client is then told. So whoever asks a majority after that, meets it.
func (n *node) Received(client world.Connection, text []byte) {
	var request Request
	if err := json.Unmarshal(text, &request); err != nil {
		client.Close()
		return
	}
	n.ask(message{Key: request.Key}, func(newest copied) {
		if request.Write {
			newest = copied{newest.Number + 1, n.env.Random().Below(1 << 62), &request.Value}
		}
		n.ask(message{Key: request.Key, Copy: &newest}, func(copied) {
			client.Send(encoded(Reply{newest.Value}))
		})
	})
}
