// Package maelstrom puts any program under test that speaks the protocol for nodes of Maelstrom (doc/protocol.md of
// jepsen-io/maelstrom): lines of JSON on standard input and output, in any language.
//
//	client ──datagram──▶ node ──line──▶ program        {"src":"c1","dest":"n1","body":{"type":"read","msg_id":7,"key":3}}
//	client ◀─datagram─── node ◀─line─── program        {"src":"n1","dest":"c1","body":{"type":"read_ok","in_reply_to":7,"value":4}}
//
// Messages are datagrams of the world: what a fault does to the network, it does to them. A node's program is an Instance: a
// WebAssembly module in simulation, a process of the operating system in real time, or Go code in a test; at each boot it is sent
// "init", and its disk outlives it.
//
// A map of the files: message.go (a message as a line), errors.go (the protocol's errors, definite or not), client.go
// (clients), dialect.go (how a workload's requests are put), calls.go (the table of them),
// program.go (what runs a program), wasm.go (WebAssembly), node.go (a node around a program), greeting.go (init and topology), topology.go (who is whose
// neighbour), service.go (the services that nodes may ask), kv.go (their stores), system.go (all together).
package maelstrom
