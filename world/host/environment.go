package host

import (
	"fmt"
	"time"

	"cleave/internal/rng"
	"cleave/world"
)

// The methods here are world.Environment. The process calls them on the loop.

// Name is the process's name.
func (h *host) Name() string { return h.options.Name }

// Now is the wall clock: the machine's, moved by what was asked for from outside.
func (h *host) Now() time.Duration { return h.clock.now() }

// Elapsed is the time since the start, on the monotonic clock.
func (h *host) Elapsed() time.Duration { return time.Since(h.started) }

// Random is the stream of this life.
func (h *host) Random() *rng.Stream { return h.random }

// After sets a timer.
func (h *host) After(wait time.Duration, action func()) world.Timer {
	return h.timers.add(h.Elapsed()+max(wait, 0), action)
}

// Dial connects to a node. A name that nobody has is a broken invariant of the caller.
func (h *host) Dial(to string) world.Connection { return h.dial(to) }

// Send loses a datagram.
func (h *host) Send(string, []byte) {}

// Disk is the process's disk. A process without one must not ask.
func (h *host) Disk() world.Disk {
	if h.disk == nil {
		panic("host: " + h.options.Name + " was given no folder for its files")
	}
	return h.disk
}

// Note tells the listener, whoever watches, and the log.
func (h *host) Note(kind, detail string) {
	h.tell(kind, detail)
	h.Logf("%s %s", kind, detail)
}

func (h *host) tell(kind, detail string) {
	if h.options.Notes != nil {
		h.options.Notes(kind, detail)
	}
	h.admin.note(kind, detail)
}

// Logf writes a line to the log, if it is kept.
func (h *host) Logf(format string, arguments ...any) {
	if h.log != nil {
		h.log.write(fmt.Sprintf(format, arguments...))
	}
}
