package host

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"

	"cleave/world"
)

// freshness is how long a socket may wait for its first request: a server closes one that says
// nothing.
const freshness = time.Second

// exchanger is a connection to a peer over HTTP: each message is a request there, and what answers it
// comes back as a message. It implements world.Connection. Close gives up what is under way: whether
// the peer has acted on it is then not known.
type exchanger struct {
	host   *host
	id     uint64
	peer   string
	base   string
	ctx    context.Context
	cancel context.CancelFunc
	state  state // the loop's

	mutex   sync.Mutex
	waiting [][]byte
	queued  int           // bytes that wait
	wake    chan struct{} // something waits
}

// dialHTTP connects to a peer.
func (h *host) dialHTTP(to, base string) world.Connection {
	e := &exchanger{host: h, id: h.lastID.Add(1), peer: to, base: base, wake: make(chan struct{}, 1)}
	e.ctx, e.cancel = context.WithCancel(context.Background())
	h.exchangers[e.id] = e
	h.group.Go(e.run)
	return e
}

// ID is unique in this host.
func (e *exchanger) ID() uint64 { return e.id }

// Peer is the name of the node.
func (e *exchanger) Peer() string { return e.peer }

// Send queues a message, if the connection is open.
func (e *exchanger) Send(message []byte) {
	if e.state != open {
		return
	}
	e.mutex.Lock()
	e.waiting = append(e.waiting, message)
	e.queued += len(message)
	full := e.queued > e.host.options.PeerQueue
	e.mutex.Unlock()
	if full {
		e.host.log.complain("overflow", "%s does not take what it is sent: its connection is ended", e.peer)
		e.cancel()
	}
	select {
	case e.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// Close ends the connection.
func (e *exchanger) Close() {
	e.state = closed
	e.cancel()
	delete(e.host.exchangers, e.id)
}

// post has something done on the loop, unless the process has closed the connection before.
func (e *exchanger) post(action func()) {
	e.host.queue.post(event{kind: actionEvent, action: func() {
		if e.state != closed {
			action()
		}
	}})
}

// end tells the process that it is over.
func (e *exchanger) end(reason world.CloseReason) {
	e.post(func() {
		e.Close()
		e.host.process.Closed(e, reason)
	})
}

// run connects, and then carries one message after the other.
func (e *exchanger) run() {
	defer e.cancel()
	socket, err := e.connect(e.ctx)
	if err != nil {
		e.fail("cannot connect to", err)
		return
	}
	client := e.client(socket)
	defer client.CloseIdleConnections()
	e.post(func() {
		e.state = open
		e.host.process.Opened(e)
	})
	for {
		message, some := e.next()
		if !some {
			e.end(world.Reset)
			return
		}
		ctx, cancel := context.WithTimeout(e.ctx, e.host.options.HTTP.Timeout)
		answer, err := e.host.options.HTTP.Exchange(ctx, client, e.base, message)
		cancel()
		if err != nil {
			e.fail("no answer from", err)
			return
		}
		e.post(func() { e.host.process.Received(e, answer) })
	}
}

// next waits for a message, until the connection is given up.
func (e *exchanger) next() ([]byte, bool) {
	for {
		e.mutex.Lock()
		if len(e.waiting) > 0 {
			message := e.waiting[0]
			e.waiting[0] = nil
			e.waiting = e.waiting[1:]
			e.queued -= len(message)
			e.mutex.Unlock()
			return message, e.ctx.Err() == nil
		}
		e.mutex.Unlock()
		select {
		case <-e.wake:
		case <-e.ctx.Done():
			return nil, false
		}
	}
}

// connect opens a socket.
func (e *exchanger) connect(ctx context.Context) (net.Conn, error) {
	address, err := hostOf(e.base)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, dialLimit)
	defer cancel()
	return e.host.options.Dial(ctx, "tcp", address)
}

// client makes an HTTP client with one socket, at first the one that is open already.
func (e *exchanger) client(socket net.Conn) *http.Client {
	opened := time.Now()
	context.AfterFunc(e.ctx, func() { _ = socket.Close() })
	first := make(chan net.Conn, 1)
	first <- socket
	transport := &http.Transport{
		MaxConnsPerHost: 1,
		IdleConnTimeout: keepAlive,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			select {
			case socket := <-first:
				if time.Since(opened) < freshness {
					return socket, nil
				}
				_ = socket.Close()
			default:
			}
			return e.connect(ctx)
		},
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// fail ends the connection for a reason that the network gave.
func (e *exchanger) fail(what string, err error) {
	if e.ctx.Err() == nil && !errors.Is(err, syscall.ECONNREFUSED) {
		e.host.log.complain("exchange "+e.peer, "%s %s at %s: %v", what, e.peer, e.base, err)
	}
	reason := world.Reset
	var timeout interface{ Timeout() bool }
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		reason = world.Refused
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		reason = world.TimedOut
	}
	e.end(reason)
}
