// Package node is a small library for nodes that speak Maelstrom's protocol: lines of JSON on standard input and output. It
// needs the standard library alone, and runs as a native program and, built with GOOS=wasip1 GOARCH=wasm, as WebAssembly.
//
//	n := node.New()
//	n.Handle("echo", func(call *node.Call) {
//		var asked struct{ Echo any }
//		if call.Read(&asked) {
//			call.Reply("echo_ok", node.Fields{"echo": asked.Echo})
//		}
//	})
//	n.Run()
//
// Everything a node does it does in handlers, of calls (Handle), of answers (Ask), and of time (After, Every). They run one
// after the other, in Run's own goroutine: nothing needs a lock, and what was said in a handler is printed when it is over.
// A handler that waits keeps all others waiting.
//
// A call that comes a second time, as networks have it, is dropped. What answers a call of an earlier life is, too.
//
// A map of the files: node.go (Node, and what it does with a line), call.go (calls to this node, and answers), ask.go
// (calls of this node, and time), errors.go (the protocol's errors), kv.go (key-value services), journal.go (what survives
// a crash).
package node
