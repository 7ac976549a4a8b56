package host

import (
	"encoding/binary"
	"errors"
	"net"
	"syscall"
)

const (
	eager     = 256 << 10 // bytes that go out before the batch ends
	lone      = 16 << 10  // a message from this size on is not copied behind others
	chunkSize = 64 << 10
	mostSpare = 64 // chunks kept
)

// outgoing is what was sent and not yet given to the socket: chunks, the last of which takes more.
type outgoing struct {
	chunks [][]byte
	tail   []byte
	size   int
}

// add takes a message in. A large one is not copied.
func (o *outgoing) add(message []byte, framed bool, spares *spares) {
	if o.tail == nil {
		o.tail = spares.take()
	}
	if framed {
		o.tail = binary.BigEndian.AppendUint32(o.tail, uint32(len(message)))
		o.size += frameHeader
	}
	o.size += len(message)
	if len(message) < lone {
		o.tail = append(o.tail, message...)
		return
	}
	if len(o.tail) > 0 {
		o.chunks = append(o.chunks, o.tail)
		o.tail = nil
	}
	o.chunks = append(o.chunks, message)
}

// spares are chunks for further use, in the hands of the loop.
type spares struct{ chunks [][]byte }

func (s *spares) take() []byte {
	if last := len(s.chunks) - 1; last >= 0 {
		chunk := s.chunks[last]
		s.chunks[last] = nil
		s.chunks = s.chunks[:last]
		return chunk
	}
	return make([]byte, 0, 4<<10)
}

func (s *spares) give(chunk []byte) {
	if cap(chunk) <= chunkSize && len(s.chunks) < mostSpare {
		s.chunks = append(s.chunks, chunk[:0])
	}
}

// flush gives the socket what was sent. What it does not take at once is the writer's, which runs until
// all has gone.
func (c *connection) flush() {
	o := &c.out
	if o.size == 0 {
		return
	}
	c.mutex.Lock()
	writing, queued := c.writing, c.queued // if it does not run, only this goroutine starts it
	c.mutex.Unlock()
	if !writing {
		c.writeNow()
		if o.size == 0 {
			return
		}
	} else if queued > c.most() {
		c.overflow()
		o.reset()
		return
	}
	if len(o.tail) > 0 {
		o.chunks = append(o.chunks, o.tail)
		o.tail = nil
	}
	c.mutex.Lock()
	if !c.gone {
		c.backlog = append(c.backlog, o.chunks...)
		c.queued += o.size
		if !c.writing {
			c.writing = true
			c.host.group.Add(1)
			go c.write()
		}
	}
	c.mutex.Unlock()
	o.reset()
}

func (c *connection) most() int {
	if c.node {
		return c.host.options.PeerQueue
	}
	return c.host.options.ClientQueue
}

// reset forgets what was sent. The chunks are somebody else's now.
func (o *outgoing) reset() { *o = outgoing{} }

// writeNow writes as much as the socket takes without waiting. If it takes nothing any more, that is
// the end of it.
func (c *connection) writeNow() {
	o := &c.out
	for at, chunk := range o.chunks {
		rest, ok := c.try.on(c.raw, chunk)
		o.size -= len(chunk) - len(rest)
		if !ok {
			o.reset()
			c.abort()
			return
		}
		if len(rest) > 0 {
			o.chunks[at] = rest
			o.chunks = o.chunks[at:]
			return
		}
	}
	clear(o.chunks)
	o.chunks = o.chunks[:0]
	rest, ok := c.try.on(c.raw, o.tail)
	switch {
	case !ok:
		o.reset()
		c.abort()
	case len(rest) > 0:
		o.size, o.tail = len(rest), rest
	default:
		c.host.spares.give(o.tail)
		o.size, o.tail = 0, nil
	}
}

// attempt is a write that does not wait. Its memory is the connection's, so that it costs none.
type attempt struct {
	data []byte
	err  error
	call func(uintptr) bool
}

// on writes what it can and gives the rest.
func (a *attempt) on(raw syscall.RawConn, data []byte) (rest []byte, ok bool) {
	if len(data) == 0 {
		return nil, true
	}
	a.data, a.err = data, nil
	err := raw.Write(a.call)
	rest, a.data = a.data, nil
	return rest, err == nil && a.err == nil
}

// write is called with the socket's descriptor. It never asks to be called again.
func (a *attempt) write(descriptor uintptr) bool {
	for len(a.data) > 0 {
		n, err := writeSome(descriptor, a.data)
		if n > 0 {
			a.data = a.data[n:]
		}
		switch {
		case err == nil, errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EAGAIN):
			return true
		default:
			a.err = err
			return true
		}
	}
	return true
}

// write is the writer's goroutine.
func (c *connection) write() {
	defer c.host.group.Done()
	for {
		c.mutex.Lock()
		buffers, size := c.backlog, c.queued
		c.backlog = nil
		if c.gone || len(buffers) == 0 {
			c.writing = false
			c.rest()
			c.mutex.Unlock()
			return
		}
		c.mutex.Unlock()
		_, err := buffers.WriteTo(c.socket)
		c.mutex.Lock()
		c.queued -= size
		c.mutex.Unlock()
		if err != nil && !errors.Is(err, net.ErrClosed) {
			c.abort()
		}
	}
}

// rest is called under the mutex when the writer has nothing left to do.
func (c *connection) rest() {
	switch {
	case c.gone || !c.finishing:
	case c.ended:
		c.close()
	default:
		_ = c.socket.CloseWrite()
	}
}
