package engine

import (
	"net"

	"golang.org/x/sys/unix"
)

// visible tells whether the process at the other end of a socket is in our namespace of processes or
// below. See unix(7), SO_PEERCRED.
func visible(socket *net.UnixConn) bool {
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	found := false
	err = raw.Control(func(descriptor uintptr) {
		peer, err := unix.GetsockoptUcred(int(descriptor), unix.SOL_SOCKET, unix.SO_PEERCRED)
		found = err == nil && peer.Pid > 0
	})
	return err == nil && found
}
