// Package probe is a system made for looking at worlds: its nodes do one small thing for every promise
// of world.World, and its clients say plainly what came of it.
//
//	c1 ──ask──▶ n1 ──ping ping ping──▶ n2     each numbered, of known bytes
//	   ◀──ok──     ◀──pong pong pong──        each to come back whole, once, in turn
//
// It carries no workload of the harness's. Its requests borrow functions of package history:
//
//	write     keep a value, answer when it is durable       own       lead in a term from now on
//	register  keep a value, answer at once, sync nothing    stat      the node's clock, its life, pings heard
//	read      the value                                     lookup    ping a peer and tell how long it took
//	home      the client's own clock, asked of nobody
//
// The key of a request is the node that is asked, "" for the one beside the client. The version of a
// completion is the number of the client's connection to that node, from 1, over which it came.
//
// A map of the files: request.go (requests and what their completions say), system.go (the System),
// client.go, node.go (requests), peer.go (pings), store.go (the value on the disk), message.go (the bytes).
package probe
