// Package cpstore is a strongly consistent store that speaks ZooKeeper's client protocol: znodes with
// versions, access lists, ephemeral and sequential nodes, sessions and watches, replicated by raft
// (go.etcd.io/raft/v3).
//
//	c1 ──request──▶ n2 ──propose──▶ n1 (leader) ──append──▶ n2 n3
//	   ◀──reply───     ◀────────── committed ──────────────
//
// Reads are local to the node a client is connected to, writes go through the leader's log, and a
// session's requests are answered in order. A sync brings a node up to date before a read in one of two
// ways: ZooKeeper's, which asks the leader without making sure that it still leads, or by asking a
// quorum. A node that neither leads nor hears from a leader closes its clients' connections, unless it
// may let them read.
//
// What the log says and does is in systems/znodes, the client's protocol in systems/zkwire, the client
// in systems/zkclient. A node is one state machine for world/sim and world/host. Everything runs on the
// world's event loop, and raft's hidden randomness decides nothing: a node is ticked only while it
// leads, and holds its own election timer, drawn from its own random stream.
//
// A map of the files, from the bottom up:
//
//   - binary.go (varints and byte strings), wal.go (segments of the write-ahead log), seal.go (a
//     snapshot's file), journal.go (what a node keeps on its disk), recovery.go (how it reads it)
//   - message.go (raft's messages as bytes), frame.go (what nodes send each other)
//   - properties.go (Java's properties syntax), config.go and configkey.go (zoo.cfg and myid)
//   - options.go (Options, System), bugs.go, flaws.go, sparing.go and rumours.go (what can be planted), config.go,
//     configkey.go, configown.go (what ZooKeeper has no key for) and settings.go (zoo.cfg), node.go (the node's event loop), consensus.go (raft's Ready),
//     apply.go (what committed entries do), election.go (who leads), peer.go (connections between
//     nodes), liveness.go (session expiry), members.go (who belongs, and how that changes)
//   - link.go (clients' connections), greet.go (how a session begins), serve.go (their requests, in
//     order), read.go (reads and watches), pending.go (what waits for the log or the leader),
//     word.go and traffic.go (four-letter words, and the figures they show), describe.go
//     (the phases of a node and the names of messages, for the coverage of many runs)
package cpstore
