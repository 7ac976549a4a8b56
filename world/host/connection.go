package host

import (
	"context"
	"net"
	"sync"
	"syscall"
	"time"

	"cleave/world"
)

type state uint8

const (
	dialling state = iota // nothing can be sent
	open
	broken // the host gave it up; the process has not heard yet
	closed // the process has closed it, or has heard
)

// connection is one side of a connection. It implements world.Connection. What is not said to be
// under the mutex belongs to the loop.
type connection struct {
	host   *host
	id     uint64
	peer   string
	node   bool // at the other side is a node
	socket *net.TCPConn
	raw    syscall.RawConn
	slot   string // of its address, in the count of clients' connections
	cancel context.CancelFunc
	state  state
	word   bool // what is sent has no lengths: the answer to a four-letter word
	out    outgoing
	try    attempt

	mutex     sync.Mutex
	ready     sync.Cond // the reader waits for it
	unhandled int       // bytes that the reader has posted and the loop not handled
	held      bool      // the process wants no more for now
	finishing bool      // closed in good order: nothing more is read, what was sent still goes out
	gone      bool      // the socket is closed, or about to be
	ended     bool      // the reader has ended
	backlog   net.Buffers
	queued    int  // bytes of backlog, and of what the writer is at
	writing   bool // the writer runs
}

func (h *host) newConnection(peer string, node bool, socket *net.TCPConn) *connection {
	c := &connection{host: h, id: h.lastID.Add(1), peer: peer, node: node}
	c.ready.L = &c.mutex
	if socket != nil {
		c.attach(socket)
	}
	return c
}

// attach gives the connection its socket, before the loop first hears of it.
func (c *connection) attach(socket *net.TCPConn) {
	c.socket = socket
	c.raw, _ = socket.SyscallConn() // an error only for the nil connection
	c.try.call = c.try.write
	c.host.sockets.add(c)
}

// ID is unique in this host.
func (c *connection) ID() uint64 { return c.id }

// Peer is the name of the node at the other side, or a client's address.
func (c *connection) Peer() string { return c.peer }

// Send queues a message. It goes out when the loop has handled its batch.
func (c *connection) Send(message []byte) {
	if c.state != open {
		return
	}
	if c.out.size == 0 {
		c.host.unflushed = append(c.host.unflushed, c)
	}
	c.out.add(message, !c.word, &c.host.spares)
	if c.out.size >= eager {
		c.flush()
	}
}

// Close ends the connection in good order.
func (c *connection) Close() {
	was := c.state
	c.state = closed
	switch was {
	case dialling:
		c.cancel()
	case open:
		c.flush()
		c.finish()
	}
	c.host.forget(c)
}

// Hold stops reading, or goes on. What was read before is still handed over.
func (c *connection) Hold(hold bool) {
	c.mutex.Lock()
	c.held = hold
	c.mutex.Unlock()
	c.ready.Signal()
}

// finish lets what was sent go out, tells the other side that nothing more comes, and waits a while
// for its end. Closing at once, with bytes unread, would have the other side's system throw away what
// it has not read yet.
func (c *connection) finish() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.finishing = true
	_ = c.socket.SetDeadline(time.Now().Add(linger))
	if !c.writing {
		_ = c.socket.CloseWrite()
	}
	c.ready.Signal()
}

// abort ends the socket at once. The reader finds out, and posts the end.
func (c *connection) abort() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.gone {
		return
	}
	_ = c.socket.SetLinger(0)
	c.close()
}

// close closes the socket, under the mutex.
func (c *connection) close() {
	c.gone = true
	c.backlog, c.queued = nil, 0
	_ = c.socket.Close()
	c.host.sockets.remove(c)
	c.ready.Signal()
}

// drained is called when the reader has ended: that is all there is to wait for, if the process has
// closed the connection and all has gone out.
func (c *connection) drained() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.ended = true
	if c.finishing && !c.writing && !c.gone {
		c.close()
	}
}

// over is called when the process has heard of the end. If it had closed the connection in good order,
// what the writer is still at goes out first.
func (c *connection) over() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.socket != nil && !c.gone && !(c.finishing && c.writing) {
		c.close()
	}
}

// overflow gives up a connection whose other side does not read.
func (c *connection) overflow() {
	c.host.log.complain("overflow", "%s does not read what it is sent: its connection is ended", c.peer)
	c.state = broken
	c.abort()
}

// handled makes room for the reader.
func (c *connection) handled(bytes int) {
	c.mutex.Lock()
	waits := c.unhandled > inFlight
	c.unhandled -= bytes
	c.mutex.Unlock()
	if waits {
		c.ready.Signal()
	}
}

// deliver posts what was read, and waits while the loop has enough of this connection. It tells
// whether anybody wants more.
func (c *connection) deliver(kind eventKind, data []byte) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.finishing || c.gone {
		return false
	}
	c.unhandled += len(data)
	c.host.queue.post(event{kind: kind, connection: c, data: data})
	for (c.unhandled > inFlight || c.held) && !c.finishing && !c.gone {
		c.ready.Wait()
	}
	return !c.finishing && !c.gone
}

// sockets are all that are open, whatever the process knows of them, so that none outlives the host.
type sockets struct {
	mutex sync.Mutex
	all   map[*connection]struct{}
	count map[string]int // clients' connections by address
}

func (s *sockets) add(c *connection) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.all[c] = struct{}{}
}

func (s *sockets) remove(c *connection) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.all, c)
	if c.slot != "" {
		s.free(c.slot)
	}
}

// free takes one from the count of an address, under the mutex.
func (s *sockets) free(address string) {
	if s.count[address]--; s.count[address] == 0 {
		delete(s.count, address)
	}
}

// release takes one from the count of an address.
func (s *sockets) release(address string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.free(address)
}

// reserve counts a client's connection, unless its address has as many as it may.
func (s *sockets) reserve(address string, most int) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if most > 0 && s.count[address] >= most {
		return false
	}
	s.count[address]++
	return true
}

// abort ends all that are left.
func (s *sockets) abort() {
	s.mutex.Lock()
	var left []*connection
	for c := range s.all {
		left = append(left, c)
	}
	s.mutex.Unlock()
	for _, c := range left {
		c.abort()
	}
}

// finished is the end of a process's life with a connection.
func (h *host) finished(c *connection, reason world.CloseReason) {
	if c.state != closed {
		c.state = closed
		h.forget(c)
		h.process.Closed(c, reason)
	}
	c.over()
}
