// Package cpstore is a strongly consistent store in the manner of ZooKeeper: a tree of znodes with
// versions, ephemeral and sequential nodes and sessions, replicated by raft (go.etcd.io/raft/v3).
//
//	c1 ──request──▶ n2 ──propose──▶ n1 (leader) ──append──▶ n2 n3
//	   ◀──reply───     ◀────────── committed ──────────────
//
// Reads are local to the node a client is connected to, writes go through the leader's log, and a
// session's requests are answered in order. Two kinds of sync bring a node up to date before a read:
// ZooKeeper's, which asks the leader without making sure that it still leads, and one that asks a
// quorum. A node that neither leads nor hears from a leader closes its clients' connections.
//
// Everything runs on the world's event loop, and raft's hidden randomness decides nothing: a node is
// ticked only while it leads, and holds its own election timer, drawn from its own random stream.
//
// A map of the files, from the bottom up:
//
//   - binary.go (varints and byte strings), code.go (the error codes)
//   - tree.go, path.go, stat.go (the znodes), session.go (the sessions), command.go (what a log entry
//     says), state.go (the replicated state machine), snapshot.go (it as bytes)
//   - wal.go (records of the write-ahead log), journal.go (what a node keeps on its disk)
//   - message.go (raft's messages as bytes), frame.go (what nodes send each other), request.go and
//     reply.go (what clients and nodes send each other)
//   - options.go (Options, System), node.go (the node's event loop), consensus.go (raft's Ready),
//     election.go (who leads), peer.go (connections between nodes), serve.go and pending.go (clients'
//     requests), liveness.go (session expiry)
//   - client.go, connect.go, operation.go, register.go, outcome.go (the client)
package cpstore
