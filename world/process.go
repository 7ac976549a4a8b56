package world

import (
	"time"

	"cleave/history"
	"cleave/internal/rng"
)

// Process is a node or a client: an event-driven state machine on one thread. It uses no
// goroutines, channels, wall clock, global randomness or map order; everything it does to the
// outside goes through its Environment. Methods are never called concurrently. A crash drops the
// Process; a restart makes a new one, which knows only what is on its disk.
type Process interface {
	// Start is called once, first.
	Start(env Environment)
	// Accepted says that somebody connected to this process.
	Accepted(connection Connection)
	// Opened says that a connection this process dialled is established.
	Opened(connection Connection)
	// Received hands over one message, whole and in order. The bytes belong to the receiver for
	// reading only; it must not change them.
	Received(connection Connection, message []byte)
	// Closed says that a connection ended, for one of the reasons below, and not by this side's own
	// Close. A dialled connection that never opened is Closed too.
	Closed(connection Connection, reason CloseReason)
	// Datagram hands over a datagram, which may be lost, doubled or out of order.
	Datagram(from string, payload []byte)
}

// Ignore is a Process that does nothing. One that embeds it writes only those methods that it has a use for.
type Ignore struct{}

// Start does nothing.
func (Ignore) Start(Environment) {}

// Accepted does nothing.
func (Ignore) Accepted(Connection) {}

// Opened does nothing.
func (Ignore) Opened(Connection) {}

// Received does nothing.
func (Ignore) Received(Connection, []byte) {}

// Closed does nothing.
func (Ignore) Closed(Connection, CloseReason) {}

// Datagram does nothing.
func (Ignore) Datagram(string, []byte) {}

// Leader is a Process that can say whether it leads. Terms order leaders: the highest is the latest.
type Leader interface {
	Leading() (term uint64, leading bool)
}

// Client is a Process that takes requests from a workload.
type Client interface {
	Process
	// Invoke starts a request. It never blocks and calls done exactly once, perhaps before it
	// returns. One request is under way at a time. Every request ends by itself within the
	// client's timeout, whatever the network does.
	Invoke(request history.Request, done func(history.Completion))
}

// Stopper is a Process that holds more than memory, such as a program that runs: it is told when it is dropped, in
// a crash or at the end of the world. It does nothing through its Environment any more then.
type Stopper interface {
	Process
	// Stop is called last, once. The process may be in the midst of something, if it panicked.
	Stop()
}

// CloseReason says why a connection ended.
type CloseReason string

// The reasons for the end of a connection.
const (
	Refused  CloseReason = "refused"   // nobody listens there: the process is down
	TimedOut CloseReason = "timed out" // no answer for too long: a cut, or a paused peer at connect time
	Reset    CloseReason = "reset"     // the other side crashed or forgot the connection
	Ended    CloseReason = "ended"     // the other side called Close
)

// Environment is all that a Process can do and know.
type Environment interface {
	// Name is the process's own name, e.g. "n1".
	Name() string
	// Now is the process's wall clock: it may be wrong, jump and go back.
	Now() time.Duration
	// Elapsed is the process's monotonic clock: it never goes back, but may run fast or slow.
	Elapsed() time.Duration
	// Random is the process's own random stream. It starts anew, with other numbers, at a restart.
	Random() *Random
	// After calls action once, after a duration on the monotonic clock, unless stopped.
	After(wait time.Duration, action func()) Timer
	// Dial starts connecting to another process, by name. Opened or Closed follows, never before
	// Dial has returned.
	Dial(to string) Connection
	// Send sends a datagram. Between two clients, who can do so in simulation alone, it passes while one would in that
	// direction between their hosts.
	Send(to string, payload []byte)
	// Disk is the process's own disk.
	Disk() Disk
	// Note records something worth seeing in the history, such as an election won.
	Note(kind, detail string)
	// Logf writes a line to the node's log. Cheap when nobody keeps the log.
	Logf(format string, arguments ...any)
}

// Random is a stream of random numbers that is a function of the run's seed and of whose it is. Uint64, Below, Between, Chance and
// Shuffle draw from it.
type Random = rng.Stream

// Batching is an Environment that may hand over many events one after the other and then call Turn,
// which its Process has besides: work that many events share need be done only once.
type Batching interface {
	Environment
	// Batches tells whether it does.
	Batches() bool
}

// Turner is a Process that puts off work until Turn, in an Environment that is Batching.
type Turner interface {
	Process
	// Turn is called after each batch of events, those of Start, timers and the disk included.
	Turn()
}

// Timer is a pending call of After.
type Timer interface {
	// Stop cancels the call. Stopping twice, or after it fired, does nothing.
	Stop()
}

// Connection is one side of a connection that behaves as TCP does: messages arrive whole, once and
// in order, or the connection ends. Loss and short cuts only delay; a long cut ends it.
type Connection interface {
	// ID is unique among the connections of this process's world.
	ID() uint64
	// Peer is the name of the process on the other side.
	Peer() string
	// Send queues a message. The bytes are handed over: the sender must not change them afterwards.
	// After the end of the connection it does nothing.
	Send(message []byte)
	// Close ends the connection in good order: what was sent before is still delivered, then the
	// other side is told. This side hears nothing more of it.
	Close()
}

// Holder is a Connection that can stop taking in, and knows what it has not got rid of yet. Worlds whose
// connections hold little need not have it.
type Holder interface {
	Connection
	// Hold stops reading, or goes on: what the peer sends meanwhile waits on the way. What was read before
	// is still handed over.
	Hold(hold bool)
	// Backlog is how many bytes were sent and still wait for the network.
	Backlog() int
}

// Damage is what a Process panics with that finds its disk in a state that no crash explains: it cannot
// go on from there, and somebody has to look.
type Damage string

// Disk holds named files of bytes. What was not synced is lost in a crash, wholly or torn at any
// byte; what was synced, and what Replace put there, stays.
type Disk interface {
	// Files gives the names of all files, sorted; those made by writes that are not yet durable too.
	Files() []string
	// Read gives a file's content, nil if there is none. Reading sees unsynced writes. The bytes must
	// not be changed.
	Read(file string) []byte
	// Append adds to the end of a file, making it if need be. Not durable until synced. The bytes may
	// be reused when Append returns.
	Append(file string, data []byte)
	// Sync makes what was appended to a file before this call durable, then calls done, with an
	// error if the disk failed.
	Sync(file string, done func(error))
	// Replace writes a whole file: after a crash there is the old content or the new, never a
	// mixture. done is called when the new content is durable, which may be after a later Sync of
	// another file is. The bytes are handed over: they must not be changed afterwards.
	Replace(file string, data []byte, done func(error))
	// Remove deletes a file, durably and at once.
	Remove(file string)
}
