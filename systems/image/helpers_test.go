package image

import (
	"context"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

// etcd is the example of the documentation.
func etcd(t *testing.T) File {
	t.Helper()
	f, err := Load(filepath.Join("..", "..", "docs", "image", "etcd.yaml"))
	require.NoError(t, err)
	return f
}

// small is a file with a client of some kind, of which a test changes a part.
func small(client string, changes ...string) string {
	text := `name: theirs
guarantee: linearizable
image: theirs:1
node: {port: 80}
times: {boot: 5s, grace: 5s, recovery: 5s}
client:
  ` + client + "\n"
	return strings.NewReplacer(changes...).Replace(text)
}

const plainHTTP = `{nodes: any, timeout: 300ms, connect: 200ms, http: {functions: {read: {path: "/{{.Key}}", value: {}}}}}`

func parsed(t *testing.T, text string) File {
	t.Helper()
	f, err := Parse([]byte(text))
	require.NoError(t, err)
	return f
}

// town has nodes at addresses on this machine.
type town struct {
	places world.Places
	doors  map[string]string // what is dialled -> what is reached; nobody for ""
}

// newTown puts servers in the place of nodes n1, n2 and so on.
func newTown(doors ...string) *town {
	t := &town{places: SamplePlaces(len(doors)), doors: map[string]string{}}
	for i, door := range doors {
		t.doors[t.places.Addresses[t.places.Nodes[i]].String()] = door
	}
	return t
}

func (t *town) dial(ctx context.Context, network, address string) (net.Conn, error) {
	there, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, err
	}
	switch door := t.doors[there.Addr().String()]; door {
	case "":
		return nil, &net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}
	case "hangs":
		<-ctx.Done()
		return nil, ctx.Err()
	default:
		return new(net.Dialer).DialContext(ctx, network, door)
	}
}

// client makes one of a file's beside n1.
func (t *town) client(test *testing.T, f File) world.User {
	test.Helper()
	u, err := f.Deployment(test.TempDir(), nil).User("c1", "n1", t.places, world.Edge{Dial: t.dial})
	require.NoError(test, err)
	test.Cleanup(func() { require.NoError(test, u.Close()) })
	return u
}

// asked asks, and waits for what becomes of it.
func asked(t *testing.T, u world.User, function history.Function, key string, value history.Value) history.Completion {
	t.Helper()
	done := make(chan history.Completion, 1)
	u.Invoke(history.Request{Function: function, Key: key, Value: value}, func(c history.Completion) { done <- c })
	select {
	case c := <-done:
		return c
	case <-time.After(10 * time.Second):
		t.Fatal("it does not end")
		return history.Completion{}
	}
}
