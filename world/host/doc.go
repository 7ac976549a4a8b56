// Package host is the real world of one process: sockets, files and the machine's clock. The same
// code that world/sim runs in virtual time runs here as a server.
//
//	socket ──▶ reader ──▶ queue ──▶ loop: the Process ──▶ Send ──▶ socket
//	                        ▲                        └──▶ Append, Sync ──▶ disk
//	                        └──────── done ◀──────────────────────────────┘
//
// The process's methods are called by one goroutine, the loop. Everything else that can block has a
// goroutine of its own, and reaches the loop through one queue, which is taken whole: what has
// gathered while a batch was at work is the next batch. A process that would rather act once a batch
// than once a message implements Batcher.
//
// On every connection a message is its length, four bytes big-endian, and its bytes. A connection of
// a client is what ZooKeeper's clients speak; see Options.Words for the one exception. Nodes meet on
// a port of their own and say first who they are, so that Peer is a node's name on both sides; a
// client's Peer is its address, such as "127.0.0.1:40404", and never a node's name. Nobody checks
// that a node is who it says it is: the port for peers belongs on a network that only peers reach.
//
// A process may be met over HTTP instead, see Options.HTTP: each request that comes is a connection of
// its own, on which one message goes in and one comes out, and each message to a peer is a request
// there.
//
// A client runs here too: NewUser makes a world.User of a world.Client, with a dial and a wall clock of its
// own. One of ZooKeeper's kind has Options.Bare, one of Eureka's Options.HTTP.
//
//	NewUser ──▶ Invoke ──▶ queue ──▶ loop: the Client's Invoke ──▶ frames or requests ──▶ nodes
//	   done ◀────────────────────────────┘ exactly once, even if the client ends
//
// Options.Admin opens a socket for who runs the process as a test: Follow hears through it when the process
// serves, what it notes and whether it leads, SetClock moves its wall clock, Enlist says who is a member. Lines
// of JSON go over it, see adminwire.go. Elapsed, and with it timers, is moved by nothing.
//
// There are no datagrams: every one is lost, as the contract allows.
//
// A connection can do two things more than the contract says, which a process may ask for with a type
// assertion. Hold(true) stops reading from it until Hold(false): what its peer sends then waits in the
// sockets' buffers and, when those are full, at the peer.
//
// A map of the files: options.go (Options, what they default to), host.go (Run: start, stop, panics),
// loop.go (the event loop, Batcher), queue.go (events on their way to the loop), calls.go (what other
// goroutines want done there), timer.go (pending calls), environment.go (world.Environment), clock.go (a
// wall clock that may be off), listen.go (accepting, limits on clients), dial.go (connecting to a node),
// hello.go (what nodes say first), connection.go (world.Connection and its end), backlog.go (what is not
// out yet), reader.go (frames out of a socket), writer.go (messages into it), frame.go (lengths),
// machine_linux.go and machine_other.go (what is particular to an operating system), http.go (HTTP: the
// server), ask.go (a request before the process), exchange.go (connections to peers over HTTP), calls.go
// (Options.Calls), disk.go (world.Disk), flusher.go (the goroutine that writes and syncs), folder.go
// (folders, their lock and whose they are), log.go (the log); user.go (NewUser), admin.go (the admin
// socket), adminwire.go (its lines), roll.go (who is a member, in them and in files), follow.go (its other side).
package host
