//go:build !linux

package fabric

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"time"
)

// errNotLinux is what everything gives that needs Linux.
var errNotLinux = errors.New("network namespaces and TAP devices need Linux: run in a Linux virtual machine, or in simulation")

// Namespace is a network namespace. There are none on this system.
type Namespace struct{}

// NewNamespace fails.
func NewNamespace() (*Namespace, error) { return nil, errNotLinux }

// NamespaceOf fails.
func NamespaceOf(int) (*Namespace, error) { return nil, errNotLinux }

// Close does nothing.
func (n *Namespace) Close() error { return nil }

// Do fails.
func (n *Namespace) Do(func() error) error { return errNotLinux }

// Dial fails.
func (n *Namespace) Dial(context.Context, string, string) (net.Conn, error) { return nil, errNotLinux }

func openTap(*Namespace, netip.Addr) (device, error) { return nil, errNotLinux }

// Able says that a switch needs Linux.
func Able() []Finding {
	return []Finding{{"this is not Linux", "run in a Linux virtual machine, or in simulation"}}
}

// timer is an alarm of Go's own, good enough where there are no devices.
type timer struct {
	timer  *time.Timer
	closed chan struct{}
}

func newAlarm() (alarm, error) {
	t := &timer{time.NewTimer(time.Hour), make(chan struct{})}
	t.timer.Stop()
	return t, nil
}

func (t *timer) set(after time.Duration) error {
	t.timer.Reset(after)
	return nil
}

func (t *timer) wait() error {
	select {
	case <-t.timer.C:
		return nil
	case <-t.closed:
		return os.ErrClosed
	}
}

func (t *timer) close() error {
	close(t.closed)
	return nil
}
