// Package raftkv is a replicated key-value store on go.etcd.io/raft/v3, driven as raft's own documentation says, and put to
// the test by cleavetest: what is on trial is raft, and one's own handling of it.
//
//	cleavetest.Run(t, raftkv.System(raftkv.Options{}), cleavetest.Plan{Faults: "partitions"})
//
// Three things differ from a store with goroutines and channels. A Ready is worked off when the disk says so, by a callback. Raft's
// election timer, which draws from crypto/rand, never runs: a node is ticked only while it leads, and has a timer of its own
// otherwise; without that a run would not be a function of its seed, and cleavetest says so. And messages are datagrams, which raft
// does not mind to lose.
//
// Options has mistakes that are easily made. LocalReads shows in the first seeds; SendFirst takes crashes at the right moment. The log has no
// checksums, so what a disk damages (the suite "disk") brings a node down.
//
// A map of the files: options.go (Options, System), node.go (a node, and its log on disk), ready.go (working off a Ready),
// election.go (who leads), serve.go (clients), client.go (the clients' side), logger.go (raft's words).
package raftkv
