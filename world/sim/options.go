package sim

import (
	"io"
	"time"

	"cleave/history"
	"cleave/internal/link"
	"cleave/world"
)

// Options fix everything about a simulated world. Two worlds with equal options, given the same
// calls, do the same.
type Options struct {
	Seed uint64
	// Network is the quality of every link between different hosts, Local that of the links between
	// a node and the clients beside it. On connections, loss and damage show as delay (a retransmission),
	// and duplication and reordering do not show, as in TCP; on datagrams all do.
	Network link.Quality
	Local   link.Quality
	// Sync is how long a disk takes to make writes durable.
	Sync link.Spread
	// MaxRate bounds the events of a simulated second; 0 is no bound. Run gives up beyond it.
	MaxRate uint64
	// Log gives each process's log a writer; nil keeps no logs.
	Log func(process string) io.Writer
	// Trace hears of every event; nil does not. For golden tests and message diagrams.
	Trace func(Trace)
	// Overtaking lets datagrams arrive in another order than they were sent in, as their latencies have it; else they only do where
	// a link reorders.
	Overtaking bool
	// Passed hears what becomes of every message on a connection, and of every datagram; nil does not.
	Passed func(world.Passage)
	// Lost hears of everything that is lost on its way, messages and attempts to connect, each time it is; nil does not.
	Lost func(from, to string, at history.Time)
	// Mailbox is that of the World's processes, which have to do with the machine. nil: they have not, and the World does the same
	// every time.
	Mailbox Mailbox
}

// DefaultOptions is a quiet data centre: 0.3 to 0.7 ms between hosts, 30 to 50 microseconds inside
// one, 0.4 to 1 ms for a disk sync, no loss.
func DefaultOptions(seed uint64) Options {
	return Options{
		Seed:    seed,
		Network: link.Quality{Latency: link.Spread{Least: 300 * time.Microsecond, Jitter: 400 * time.Microsecond}},
		Local:   link.Quality{Latency: link.Spread{Least: 30 * time.Microsecond, Jitter: 20 * time.Microsecond}},
		Sync:    link.Spread{Least: 400 * time.Microsecond, Jitter: 600 * time.Microsecond},
	}
}

// How connections treat trouble. The first wait before a retransmission is Linux's smallest; it
// doubles up to the longest. A connection whose data has met no answer for resetAfter is given up,
// as with TCP_USER_TIMEOUT, and so is a dial.
const (
	firstRetransmit   = 200 * time.Millisecond
	longestRetransmit = 3200 * time.Millisecond
	resetAfter        = 15 * time.Second
	firstDialRetry    = time.Second
	dialTimeout       = 7 * time.Second
	packetSize        = 1448 // bytes of payload on an Ethernet: what waits to be sent again is put together
)

// rebootAfter is how long after its disk has room again a node that ended of it is started, as a
// supervisor would.
const rebootAfter = time.Second

// Trace is one event, for people and pictures.
type Trace struct {
	At       time.Duration // true time since the start
	Kind     string        // "deliver", "drop", "datagram", "timer", "open", "close", "sync", "action", ...
	From, To string        // From is empty for what a process does with itself
	Size     int           // bytes of payload
}

// epoch is the wall clock's reading at the start of every simulation: 2026-01-01 00:00 UTC in
// nanoseconds since 1970.
const epoch = 1_767_225_600 * time.Second
