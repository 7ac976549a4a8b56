// Package zkclient is a ZooKeeper client in the simulated world: a world.Client that speaks zkwire to
// any server that does, by the rules of the real clients (Java's, and go-zookeeper's).
//
//	c1 ──connect: session, password, last zxid──▶ n2
//	   ◀──session, timeout─────────────────────── n2
//	   ──setWatches, then requests 1, 2, 3──────▶ n2
//	   ◀──replies 1, 2, 3; events in between───── n2
//
// A session outlives connections. A connection that ends takes with it whatever was asked on it: reads
// fail, writes are unknown. The client then goes to the next server, offers its session, and sets its
// watches again. It pings when it has asked nothing for a third of the session's time, and leaves a
// server that was silent for two thirds. A reply out of order ends the connection.
//
// Beside the results of operations it notes what happens to it: "connected", "disconnected", "expired"
// (the session is gone, with its ephemeral nodes and watches), and "event" for each notification, the
// moment it arrives, so that a history shows it before the replies behind it.
//
// Unlike an application's client it keeps up what was registered with it, through the end of sessions
// too: it is at once the user that a service's instance would be.
//
// A map of the files:
//
//   - meaning.go (what operations mean on znodes, for clients of every kind), options.go (times), outcome.go (what
//     each error says of a write)
//   - application.go (code that shares a client's session, such as the recipes of systems/recipes)
//   - client.go (the event loop), connect.go (connections and sessions), watch.go (what is armed)
//   - operation.go (a request from its invocation to its completion), request.go (requests and answers)
//   - register.go (values of znodes), create.go (znodes and what is above them), arm.go (watches),
//     session.go (ephemeral nodes and the ends of sessions), multi.go (pairs of znodes),
//     instance.go (instances of services)
package zkclient
