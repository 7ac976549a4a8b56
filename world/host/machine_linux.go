package host

import (
	"net"
	"os"
	"syscall"
)

// tcpUserTimeout is Linux's name for how long sent data may stay unacknowledged.
const tcpUserTimeout = 0x12

// boundSilence has a connection end when what was sent is not acknowledged for too long. Where that
// cannot be set, the system's own bound, minutes, holds.
func boundSilence(socket *net.TCPConn) {
	raw, err := socket.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(descriptor uintptr) {
		_ = syscall.SetsockoptInt(int(descriptor), syscall.IPPROTO_TCP, tcpUserTimeout, int(userTimeout.Milliseconds()))
	})
}

// syncData makes a file's content durable, and of its metadata what is needed to find it.
func syncData(file *os.File) error {
	for {
		err := syscall.Fdatasync(int(file.Fd()))
		if err != syscall.EINTR {
			return err
		}
	}
}

// lockFile locks a file for as long as it is open, and fails if another process has locked it.
func lockFile(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// writeSome writes what a socket takes at once.
func writeSome(descriptor uintptr, data []byte) (int, error) {
	return syscall.Write(int(descriptor), data)
}
