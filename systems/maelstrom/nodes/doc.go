// Command nodes is a node for each of Maelstrom's workloads, and for each some that are wrong, so that there is something to
// be found. It is written with package node, and runs natively and as WebAssembly:
//
//	go build -o nodes ./systems/maelstrom/nodes
//	GOOS=wasip1 GOARCH=wasm go build -o nodes.wasm ./systems/maelstrom/nodes
//	cleave maelstrom --bin nodes.wasm --workload broadcast --nemesis partition -- broadcast
//
// The first argument is the workload, the second, if there is one, the variant, most of which are mistakes; without any it
// lists them.
//
// A map of the files: main.go (the table of nodes), echo.go (and ids), wild.go (nodes that do what no node may), gossip.go
// (broadcast and the growing set), counter.go, linkv.go, raft.go, kafka.go, txn.go (transactions, on versions that never change).
package main
