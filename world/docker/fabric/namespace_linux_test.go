package fabric

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// wantAble skips a test on a machine that lacks something, and says what.
func wantAble(t testing.TB) {
	if lacking := Able(); len(lacking) > 0 {
		t.Skipf("this machine lacks something: %v", lacking)
	}
}

func newNamespace(t testing.TB) *Namespace {
	n, err := NewNamespace()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, n.Close()) })
	return n
}

// listenIn answers every connection with what came on it.
func listenIn(t testing.TB, n *Namespace, address string) {
	var listener net.Listener
	require.NoError(t, n.Do(func() (err error) {
		listener, err = net.Listen("tcp4", address)
		return err
	}))
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			socket, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(socket, socket)
				_ = socket.Close()
			}()
		}
	}()
}

func echo(t testing.TB, socket net.Conn, text string) {
	_, err := socket.Write([]byte(text))
	require.NoError(t, err)
	answer := make([]byte, len(text))
	_, err = io.ReadFull(socket, answer)
	require.NoError(t, err)
	require.Equal(t, text, string(answer))
}

func interfaces(t *testing.T, n *Namespace) (names []string) {
	require.NoError(t, n.Do(func() error {
		all, err := net.Interfaces()
		for _, each := range all {
			if each.Flags&net.FlagUp != 0 {
				names = append(names, each.Name)
			}
		}
		return err
	}))
	return names
}

func TestNamespace(t *testing.T) {
	wantAble(t)
	n := newNamespace(t)
	require.Equal(t, []string{"lo"}, interfaces(t, n))
	require.NoError(t, n.Do(func() error {
		addresses, err := net.InterfaceAddrs()
		require.Len(t, addresses, 1, "no IPv6")
		return err
	}))
	listenIn(t, n, "127.0.0.1:7001")
	socket, err := n.Dial(t.Context(), "tcp", "127.0.0.1:7001")
	require.NoError(t, err)
	require.IsType(t, &net.TCPConn{}, socket)
	require.Equal(t, "127.0.0.1:7001", socket.RemoteAddr().String())
	echo(t, socket, "hello")
	require.NoError(t, socket.SetReadDeadline(time.Now().Add(time.Millisecond)))
	_, err = socket.Read(make([]byte, 1))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.NoError(t, socket.Close())
	_, err = net.Dial("tcp", "127.0.0.1:7001")
	require.ErrorIs(t, err, unix.ECONNREFUSED, "not out here")
}

func TestNamespaceOf(t *testing.T) {
	wantAble(t)
	n, err := NamespaceOf(os.Getpid())
	require.NoError(t, err)
	require.Contains(t, interfaces(t, n), "lo")
	require.NoError(t, n.Close())
	require.ErrorIs(t, n.Do(func() error { return nil }), os.ErrClosed)
	_, err = NamespaceOf(1 << 30)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.ErrorContains(t, err, "the network namespace of process 1073741824")
}

func TestDoComesBack(t *testing.T) {
	wantAble(t)
	home, err := os.Readlink(ownNamespace)
	require.NoError(t, err)
	n := newNamespace(t)
	seen := errors.New("seen")
	for range 100 {
		require.ErrorIs(t, n.Do(func() error {
			there, err := os.Readlink(ownNamespace)
			require.NoError(t, err)
			require.NotEqual(t, home, there)
			return seen
		}), seen)
	}
	require.Error(t, n.Do(func() error { runtime.Goexit(); return nil }))
	here, err := os.Readlink(ownNamespace)
	require.NoError(t, err)
	require.Equal(t, home, here)
}

func TestDialFails(t *testing.T) {
	wantAble(t)
	n := newNamespace(t)
	_, err := n.Dial(t.Context(), "tcp", "127.0.0.1:7001")
	require.ErrorIs(t, err, unix.ECONNREFUSED)
	require.EqualError(t, err, "dial tcp 127.0.0.1:7001: connect: connection refused")
	_, err = n.Dial(t.Context(), "tcp", "10.64.0.9:7001")
	require.ErrorIs(t, err, unix.ENETUNREACH)
	_, err = n.Dial(t.Context(), "tcp", "localhost:7001")
	require.EqualError(t, err, "dial tcp: address localhost:7001: not a numeric IPv4 address with a port")
	_, err = n.Dial(t.Context(), "unix", "127.0.0.1:7001")
	require.EqualError(t, err, "dial unix: unknown network unix")
	ended, end := context.WithCancel(t.Context())
	end()
	_, err = n.Dial(ended, "tcp", "127.0.0.1:7001")
	require.ErrorIs(t, err, context.Canceled)
}

func TestDialWaits(t *testing.T) {
	s := onKernel(t, Options{})
	s.Cut("n1", "n2")
	for name, end := range map[string]error{"deadline": context.DeadlineExceeded, "cancel": context.Canceled} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			if name == "deadline" {
				ctx, cancel = context.WithTimeout(t.Context(), 30*time.Millisecond)
			} else {
				time.AfterFunc(30*time.Millisecond, cancel)
			}
			defer cancel()
			began := time.Now()
			_, err := s.inside[0].Dial(ctx, "tcp", "10.64.0.2:7001")
			require.ErrorIs(t, err, end)
			require.Less(t, time.Since(began), 5*time.Second)
			var failure net.Error
			require.ErrorAs(t, err, &failure)
			require.Equal(t, name == "deadline", failure.Timeout())
		})
	}
	time.AfterFunc(30*time.Millisecond, func() { s.Mend("n1", "n2") })
	listenIn(t, s.inside[1], "10.64.0.2:7002")
	socket, err := s.inside[0].Dial(t.Context(), "tcp", "10.64.0.2:7002")
	require.NoError(t, err, "the system tries again after a second")
	require.NoError(t, socket.Close())
}

// On a thread of its own without the capabilities.
func TestAbleSaysWhatIsMissing(t *testing.T) {
	wantAble(t)
	found := make(chan []Finding)
	go func() {
		runtime.LockOSThread() // ends with it
		header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var none [2]unix.CapUserData
		if err := unix.Capset(&header, &none[0]); err != nil {
			t.Errorf("giving up capabilities: %v", err)
		}
		found <- capabilities()
	}()
	var lines []string
	for _, finding := range <-found {
		lines = append(lines, finding.String())
	}
	require.Equal(t, "CAP_NET_ADMIN is missing, to set up network devices: run as root, or in a container with --cap-add NET_ADMIN\n"+
		"CAP_SYS_ADMIN is missing, to enter network namespaces: run as root, or in a container with --cap-add SYS_ADMIN", strings.Join(lines, "\n"))
}
