package host

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"

	"cleave/world"
)

func (h *host) dial(to string) world.Connection {
	if web := h.options.HTTP; web != nil {
		if base, known := web.Peers[to]; known {
			return h.dialHTTP(to, base)
		}
	}
	address, known := h.options.Peers[to]
	if !known {
		panic("host: nobody is named " + to)
	}
	c := h.newConnection(to, true, nil)
	ctx, cancel := context.WithTimeout(context.Background(), dialLimit)
	c.cancel = cancel
	h.connections[c.id] = c
	h.group.Add(1)
	go func() {
		defer h.group.Done()
		defer cancel()
		if reason := c.connect(ctx, address); reason != "" {
			h.queue.post(event{kind: endedEvent, connection: c, reason: reason})
			return
		}
		c.read()
	}()
	return c
}

// connect opens the socket and says hello, or gives the reason why not.
func (c *connection) connect(ctx context.Context, address string) world.CloseReason {
	socket, err := c.host.options.Dial(ctx, "tcp", address)
	if err != nil {
		if ctx.Err() == nil && !errors.Is(err, syscall.ECONNREFUSED) {
			c.host.log.complain("dial "+c.peer, "cannot connect to %s at %s: %v", c.peer, address, err)
		}
		return dialReason(err)
	}
	tcp := socket.(*net.TCPConn)
	end := context.AfterFunc(ctx, func() { _ = tcp.Close() }) // the process closes it meanwhile
	if !c.host.options.Bare {
		err = c.host.introduce(tcp, c.peer)
	}
	if !end() || err != nil {
		_ = tcp.Close()
		if ctx.Err() == nil {
			c.host.log.complain("hello "+c.peer, "%s at %s is not taken as a peer: %v", c.peer, address, err)
		}
		return dialReason(err)
	}
	boundSilence(tcp)
	c.attach(tcp)
	c.host.queue.post(event{kind: openedEvent, connection: c})
	return ""
}

// dialReason says why a connection never opened.
func dialReason(err error) world.CloseReason {
	var timeout interface{ Timeout() bool }
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return world.TimedOut
	}
	return world.Refused
}
