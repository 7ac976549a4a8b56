package host

import (
	"errors"
	"fmt"
	"net"
	"time"
)

// ListenError says that an address cannot be listened on: it is taken, or not this machine's.
type ListenError struct {
	Role    string // "clients", "peers", "HTTP" or "admin"
	Address string
	Err     error
}

// Error says all of it.
func (e *ListenError) Error() string {
	return fmt.Sprintf("cannot listen for %s on %s: %v", e.Role, e.Address, reasonIn(e.Err))
}

// Unwrap is the system's error.
func (e *ListenError) Unwrap() error { return e.Err }

// reasonIn takes off what package net says about the address again.
func reasonIn(err error) error {
	var operation *net.OpError
	if errors.As(err, &operation) {
		return operation.Err
	}
	return err
}

// listen opens all listeners, or none.
func (h *host) listen() error {
	open := func(role, address string) (string, error) {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			h.closeListeners()
			return "", &ListenError{role, address, err}
		}
		h.listeners = append(h.listeners, listener)
		return listener.Addr().String(), nil
	}
	var err error
	if h.options.PeerListen != "" {
		if h.addresses.Peers, err = open("peers", h.options.PeerListen); err != nil {
			return err
		}
	}
	for _, address := range h.options.ClientListen {
		chosen, err := open("clients", address)
		if err != nil {
			return err
		}
		h.addresses.Clients = append(h.addresses.Clients, chosen)
	}
	if err := h.listenHTTP(); err != nil {
		return err
	}
	return h.listenAdmin()
}

func (h *host) closeListeners() {
	for _, listener := range h.listeners {
		_ = listener.Close()
	}
	for _, listener := range h.web.listeners {
		_ = listener.Close()
	}
}

// accept starts to take connections.
func (h *host) accept() {
	for i, listener := range h.listeners {
		welcome := h.welcomeClient
		if i == 0 && h.options.PeerListen != "" {
			welcome = h.welcomePeer
		}
		h.accepting.Go(func() { h.acceptOn(listener, welcome) })
	}
	h.acceptHTTP()
}

func (h *host) acceptOn(listener net.Listener, welcome func(*net.TCPConn)) {
	for {
		socket, err := listener.Accept()
		switch {
		case err == nil:
			welcome(socket.(*net.TCPConn))
		case errors.Is(err, net.ErrClosed):
			return
		default: // too many open files, most likely: some will be closed
			h.log.complain("accept", "cannot accept a connection on %s: %v", listener.Addr(), reasonIn(err))
			time.Sleep(acceptPause)
		}
	}
}

func (h *host) welcomeClient(socket *net.TCPConn) {
	from := socket.RemoteAddr().(*net.TCPAddr)
	address := from.IP.String()
	if most := h.options.MaxClientConnections; !h.sockets.reserve(address, most) {
		h.log.complain("crowd", "too many connections from %s, the limit is %d", address, most)
		_ = socket.Close()
		return
	}
	_ = socket.SetReadDeadline(time.Now().Add(h.options.Patience))
	c := h.newConnection(from.String(), false, nil)
	c.slot = address
	c.attach(socket)
	h.queue.post(event{kind: acceptedEvent, connection: c})
	h.group.Go(c.read)
}

func (h *host) welcomePeer(socket *net.TCPConn) {
	h.group.Go(func() {
		name, err := h.meet(socket)
		if err != nil {
			h.log.complain("peer", "%s is not taken as a peer: %v", socket.RemoteAddr(), err)
			_ = socket.Close()
			return
		}
		boundSilence(socket)
		c := h.newConnection(name, true, socket)
		h.queue.post(event{kind: acceptedEvent, connection: c})
		c.read()
	})
}
