// Package sim is the deterministic world: nodes and clients run on one thread in virtual time, on a
// simulated network, clocks and disks. The same options and the same calls give the same events, in
// the same order, byte for byte, on any machine.
//
//	               earliest first, by (time, order)
//	queue  ──pop──▶ event ──▶ endpoint (a Process) ──▶ Send, After, Sync, ... ──push──▶ queue
//
// Every random decision is a function of the seed and of the decision's own name (the n-th message
// on the link from n1 to n2), so that taking one fault or operation away moves nothing else. A
// rolling hash over all events tells two runs apart at once.
//
// A map of the files: world.go (the event loop), populate.go (the nodes and clients of a run), faults.go
// (what the nemesis can do), harm.go (what it can do to disks and slow nodes), roll.go (who is
// to be a member), options.go (qualities of links, times), queue.go (what happens when), endpoint.go
// (a process and its environment), link.go (asking the fault model of a link; datagrams), connection.go
// (two sides of a connection), passage.go (what becomes of
// messages), pipe.go (one direction of it: order, stalls, retransmission), disk.go
// (files, what a crash and a full disk leave of them), hash.go (the rolling hash), inspect.go
// (what is under way, and what processes say they are at), mailbox.go (what comes from outside, in a world that is paced by the
// machine's clock).
package sim
