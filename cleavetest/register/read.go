package register

import "cleave/world"

// read asks a majority for the newest copy, and has a majority keep it before anybody is told of it.
func (n *node) read(client world.Connection, request Request) {
	n.ask(message{Key: request.Key}, func(newest copied) {
		n.ask(message{Key: request.Key, Copy: &newest}, func(copied) { client.Send(encoded(Reply{newest.Value})) })
	})
}
