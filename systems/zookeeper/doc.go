// Package zookeeper is the adapter to the real ZooKeeper: how its servers run in containers, what is
// learned of them from outside, and clients that use it through go-zookeeper (github.com/go-zookeeper/zk).
//
//	worker ──call──▶ go-zookeeper ──▶ tap ──▶ server      what the library can do
//	       ──ask─────────────────────▶ │ ◀──              what it cannot
//	       ◀──zxid, answered──────────┘
//
// A client does what systems/zkclient does in simulation, function by function: the same znodes, values,
// error names and notes. Its worker asks one request at a time, and the library keeps the session,
// pings, and goes to another server when one is lost. What it hides is taken from the connection, which
// goes through a tap: the zxid of each reply, whether a request went out at all, and the order of events
// and replies, for the next message is held back until all that follows from the last has been done.
//
// Some things go past the library, on its connection and in its session, with numbers of their own:
//
//   - reads of several znodes at one instant (multiRead), watches that stay (addWatch) and a check
//     outside a transaction, for which it has no requests;
//   - reads that arm a watch, for the library sets watches again at a time of its own choosing after a
//     reconnect, perhaps behind a read that then shows a change before its event;
//   - the end of a session, for its Close does not say what came of it.
//
// The tap also gives a new connection the highest zxid that the client has ever seen, which the library
// forgets when a session ends, and leaves a server that takes a connection and opens no session, for
// which the library waits ten times as long as for any other answer.
//
// There is no quorum sync (the CP store's own operation 1009): a quorum read writes first, see
// operation.quorumRead.
//
// A map of the files:
//
//   - system.go (versions, times, System), container.go (how a server starts), monitor.go (what it says
//     of itself)
//   - options.go (a client's times), outcome.go (what each error says of a write), user.go (the client),
//     place.go (which server it is at, and its session), session.go (what go-zookeeper has of it),
//     tap.go (the connection in between), worker.go (one request at a time), watch.go (what is armed)
//   - operation.go (a request from its invocation to its completion), register.go (values of znodes and
//     the kinds of reads), create.go (znodes and what is above them), arm.go (watches), owner.go
//     (ephemeral nodes and the ends of sessions), multi.go (pairs of znodes), instance.go (instances of
//     services)
package zookeeper
