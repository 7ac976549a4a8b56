package fabric

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// ownNamespace is the network namespace of the thread that opens it.
const ownNamespace = "/proc/thread-self/ns/net"

// Namespace is a network namespace, held by a file descriptor: it has no name, and one that nothing
// else holds vanishes with this process, however that ends. Its methods may be called from any
// goroutine.
type Namespace struct{ file *os.File }

// NewNamespace makes a network namespace that has nothing but its loopback device, up, and no IPv6. It
// needs CAP_SYS_ADMIN and CAP_NET_ADMIN.
func NewNamespace() (*Namespace, error) {
	made := make(chan error, 1)
	n := &Namespace{}
	go func() {
		runtime.LockOSThread() // for good: the thread ends with the goroutine, since it is in the wrong place
		err := unix.Unshare(unix.CLONE_NEWNET)
		if err == nil {
			n.file, err = os.Open(ownNamespace)
		}
		if err == nil {
			err = furnish()
		}
		made <- err
	}()
	if err := <-made; err != nil {
		return nil, errors.Join(fmt.Errorf("making a network namespace: %w", err), n.Close())
	}
	return n, nil
}

// furnish readies the namespace of this thread.
func furnish() error {
	for _, part := range []string{"all", "default"} {
		if err := refuseIPv6(part); err != nil {
			return err
		}
	}
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	defer unix.Close(socket)
	request, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	request.SetUint16(unix.IFF_UP)
	return os.NewSyscallError("bringing up lo", unix.IoctlIfreq(socket, unix.SIOCSIFFLAGS, request))
}

// refuseIPv6 takes IPv6 away from a device, or "all" or "default", of this thread's namespace: nothing
// but what is asked for is to be on the network. A system without IPv6 does not need it.
func refuseIPv6(device string) error {
	err := os.WriteFile("/proc/sys/net/ipv6/conf/"+device+"/disable_ipv6", []byte("1"), 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// NamespaceOf is the network namespace that a process is in now. It stays that one whatever becomes of
// the process.
func NamespaceOf(pid int) (*Namespace, error) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", pid))
	if err != nil {
		return nil, fmt.Errorf("the network namespace of process %d: %w", pid, err)
	}
	return &Namespace{file}, nil
}

// Close lets go of the namespace. Sockets that were made in it live on.
func (n *Namespace) Close() error {
	if n.file == nil {
		return nil
	}
	return n.file.Close()
}

// Do runs an action in the namespace, on a thread of its own: sockets that it opens itself, not by other
// goroutines, are in the namespace and stay there. It gives the action's error, or why the namespace
// cannot be entered.
func (n *Namespace) Do(action func() error) error {
	done := make(chan error, 1)
	go func() {
		err := errors.New("what was to be done in a network namespace ended its goroutine")
		defer func() { done <- err }()
		err = n.here(action)
	}()
	return <-done
}

// here runs an action in the namespace, on this goroutine.
func (n *Namespace) here(action func() error) error {
	runtime.LockOSThread()
	home, err := os.Open(ownNamespace)
	if err != nil {
		return fmt.Errorf("the network namespace to come back to: %w", err)
	}
	defer home.Close()
	if err := enter(n.file); err != nil {
		runtime.UnlockOSThread()
		return fmt.Errorf("entering a network namespace: %w", err)
	}
	defer func() {
		if enter(home) == nil {
			runtime.UnlockOSThread()
		} // else the thread stays locked, and ends with this goroutine
	}()
	return action()
}

// enter puts this thread into a network namespace.
func enter(namespace *os.File) error {
	raw, err := namespace.SyscallConn()
	if err != nil {
		return err
	}
	var refused error
	if raw.Control(func(descriptor uintptr) { refused = unix.Setns(int(descriptor), unix.CLONE_NEWNET) }) != nil {
		return os.ErrClosed
	}
	return os.NewSyscallError("setns", refused)
}
