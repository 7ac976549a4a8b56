package host

import (
	"errors"
	"io"
	"os"
	"slices"
	"syscall"
	"time"

	"cleave/world"
)

// Sizes of a reader's memory. It begins small, for there may be many connections that are idle, and
// grows as long as reads fill it.
const (
	firstBuffer = 2 << 10
	mostBuffer  = 64 << 10
	handOver    = 16 << 10 // frames of this size together are given away with the memory they are in
)

// read is the reader's goroutine.
func (c *connection) read() {
	reason := c.readFrames()
	c.drained()
	c.host.queue.post(event{kind: endedEvent, connection: c, reason: reason})
}

// readFrames posts frames until the socket has no more, and says why.
func (c *connection) readFrames() world.CloseReason {
	limit := maxPeerFrame
	if !c.node {
		limit = c.host.options.MaxFrame
	}
	buffer := make([]byte, 0, firstBuffer)
	for first := !c.node; ; {
		n, err := c.socket.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		if first && c.host.options.Words && isWord(buffer) {
			c.deliver(wordEvent, slices.Clone(buffer[:frameHeader]))
			return c.drain() // whatever comes behind it
		}
		size, next, bad := whole(buffer, limit)
		if size > 0 {
			if first {
				first = false
				c.settled()
			}
			var frames []byte
			if frames, buffer = split(buffer, size); !c.deliver(receivedEvent, frames) {
				return c.drain()
			}
		}
		switch {
		case bad != nil:
			c.host.log.complain("frame", "%s sent %v: its connection is ended", c.peer, bad)
			return world.Reset
		case err != nil:
			return reasonOf(err, len(buffer) > 0)
		}
		if len(buffer) == cap(buffer) {
			buffer = grow(buffer, next)
		} else if size+len(buffer) >= cap(buffer) && cap(buffer) < mostBuffer {
			buffer = slices.Grow(buffer, 2*cap(buffer)-len(buffer)) // the read filled it: there may be more
		}
	}
}

// split gives the whole frames at the beginning in memory that is theirs alone, and memory to go on
// reading behind the rest.
func split(buffer []byte, size int) (frames, rest []byte) {
	if size < handOver {
		frames = slices.Clone(buffer[:size])
		return frames, buffer[:copy(buffer, buffer[size:])]
	}
	rest = make([]byte, len(buffer)-size, max(firstBuffer, min(cap(buffer), mostBuffer), len(buffer)-size))
	copy(rest, buffer[size:])
	return buffer[:size:size], rest
}

// grow makes room for the rest of a frame, but only as bytes come: a length alone costs nothing.
func grow(buffer []byte, next int) []byte {
	grown := make([]byte, len(buffer), max(min(2*cap(buffer), next), len(buffer)+1, firstBuffer))
	copy(grown, buffer)
	return grown
}

// settled is called when a client has sent its first message: from now on it may be silent.
func (c *connection) settled() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !c.finishing {
		_ = c.socket.SetReadDeadline(time.Time{})
	}
}

// drain reads and drops what comes until there is no more, or a deadline.
func (c *connection) drain() world.CloseReason {
	_, err := io.Copy(io.Discard, struct{ io.Reader }{c.socket})
	return reasonOf(err, false)
}

// reasonOf says what the end of a socket means. torn is an end in the middle of a message.
func reasonOf(err error, torn bool) world.CloseReason {
	switch {
	case err == nil, errors.Is(err, io.EOF):
		if torn {
			return world.Reset
		}
		return world.Ended
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, syscall.ETIMEDOUT), errors.Is(err, syscall.EHOSTUNREACH):
		return world.TimedOut
	}
	return world.Reset
}
