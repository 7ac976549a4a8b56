package fabric

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// Dial connects from inside the namespace, as net.Dialer.DialContext does: to a numeric IPv4 address and
// port, over "tcp" or "tcp4", which gives a *net.TCPConn, or "udp" or "udp4". Only making the socket
// needs the namespace; after that it works from anywhere. Errors are *net.OpError, and a deadline of the
// context is a timeout.
func (n *Namespace) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	failed := func(remote net.Addr, err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Addr: remote, Err: err}
	}
	remote, err := netip.ParseAddrPort(address)
	if err != nil || !remote.Addr().Is4() {
		return failed(nil, &net.AddrError{Err: "not a numeric IPv4 address with a port", Addr: address})
	}
	var kind int
	var named net.Addr
	switch network {
	case "tcp", "tcp4":
		kind, named = unix.SOCK_STREAM, net.TCPAddrFromAddrPort(remote)
	case "udp", "udp4":
		kind, named = unix.SOCK_DGRAM, net.UDPAddrFromAddrPort(remote)
	default:
		return failed(nil, net.UnknownNetworkError(network))
	}
	if err := ctx.Err(); err != nil {
		return failed(named, err)
	}
	socket := -1
	err = n.Do(func() (err error) {
		socket, err = unix.Socket(unix.AF_INET, kind|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
		return os.NewSyscallError("socket", err)
	})
	if err != nil {
		return failed(named, err)
	}
	connection, err := connect(ctx, socket, remote)
	if err != nil {
		return failed(named, err)
	}
	return connection, nil
}

// connect connects a socket that does not block, and owns it from then on.
func connect(ctx context.Context, socket int, remote netip.AddrPort) (net.Conn, error) {
	refused := unix.Connect(socket, &unix.SockaddrInet4{Addr: remote.Addr().As4(), Port: int(remote.Port())})
	file := os.NewFile(uintptr(socket), "socket") // after connect: an idle socket would be ready at once
	defer file.Close()
	if errors.Is(refused, unix.EINPROGRESS) {
		refused = await(ctx, file)
	} else {
		refused = os.NewSyscallError("connect", refused)
	}
	if refused != nil {
		return nil, refused
	}
	connection, err := net.FileConn(file) // of a copy
	if err != nil {
		return nil, err
	}
	if connection.RemoteAddr() == nil { // reset since
		return nil, errors.Join(os.NewSyscallError("connect", unix.ECONNRESET), connection.Close())
	}
	return connection, nil
}

// await waits until a socket is connected, or cannot be, or the context ends.
func await(ctx context.Context, socket *os.File) error {
	stop := context.AfterFunc(ctx, func() { _ = socket.SetWriteDeadline(time.Unix(1, 0)) })
	defer stop()
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	var outcome error
	err = raw.Write(func(descriptor uintptr) (decided bool) {
		decided, outcome = connected(int(descriptor))
		return decided
	})
	if err == nil {
		return outcome
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("waiting for the connection: %w", err)
}

// connected tells whether it is decided if a socket is connected, and why it is not.
func connected(socket int) (decided bool, err error) {
	code, err := unix.GetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return true, os.NewSyscallError("getsockopt", err)
	}
	switch failure := unix.Errno(code); failure {
	case unix.EINPROGRESS, unix.EALREADY, unix.EINTR:
		return false, nil
	case 0, unix.EISCONN:
		_, err := unix.Getpeername(socket)
		return err == nil, nil
	default:
		return true, os.NewSyscallError("connect", failure)
	}
}
