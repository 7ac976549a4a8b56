package zookeeper

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/ensemble"
	"cleave/world"
)

// stage is an ensemble of Debian's ZooKeeper with clients before it, whose addresses are those of a run
// in containers.
type stage struct {
	t        *testing.T
	ensemble *ensemble.Ensemble
	places   world.Places

	mutex       sync.Mutex
	unreachable map[int]bool       // servers, from 0, that nobody gets to any more
	connections map[int][]net.Conn // to a server
}

// newStage starts servers, or skips the test where there are none.
func newStage(t *testing.T, size int) *stage {
	t.Helper()
	if !ensemble.Installed() {
		t.Skip("Debian's packages zookeeper and default-jre-headless are not installed")
	}
	e, err := ensemble.Start(ensemble.Options{Kind: ensemble.ZooKeeper, Size: size, Folder: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(e.Close)
	s := &stage{t: t, ensemble: e, places: placesOf(size), unreachable: map[int]bool{}, connections: map[int][]net.Conn{}}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, e.Await(ctx))
	return s
}

// placesOf are the places of a run with a number of nodes.
func placesOf(size int) world.Places {
	places := world.Places{Addresses: map[string]netip.Addr{}}
	for i := range size {
		name := fmt.Sprintf("n%d", i+1)
		places.Nodes = append(places.Nodes, name)
		places.Addresses[name] = netip.AddrFrom4([4]byte{10, 64, 0, byte(i + 1)})
	}
	return places
}

// dial connects to the server that stands for an address.
func (s *stage) dial(ctx context.Context, network, address string) (net.Conn, error) {
	server := int(netip.MustParseAddrPort(address).Addr().As4()[3]) - 1
	s.mutex.Lock()
	unreachable := s.unreachable[server]
	s.mutex.Unlock()
	if unreachable {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, network, s.ensemble.Address(server))
	if err == nil {
		s.mutex.Lock()
		s.connections[server] = append(s.connections[server], connection)
		s.mutex.Unlock()
	}
	return connection, err
}

// isolate has no client get to a server, or all again.
func (s *stage) isolate(server int, isolated bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.unreachable[server] = isolated
	for _, connection := range s.connections[server] {
		connection.Close()
	}
	s.connections[server] = nil
}

// notes are what a client said of itself.
type notes struct {
	mutex sync.Mutex
	lines []string
}

func (n *notes) add(kind, detail string) {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	n.lines = append(n.lines, strings.TrimSpace(kind+" "+detail))
}

func (n *notes) all() []string {
	n.mutex.Lock()
	defer n.mutex.Unlock()
	return slices.Clone(n.lines)
}

// count is how many begin with a text.
func (n *notes) count(prefix string) (count int) {
	for _, line := range n.all() {
		if strings.HasPrefix(line, prefix) {
			count++
		}
	}
	return count
}

// actor is a client that waits for its answers.
type actor struct {
	t *testing.T
	world.User
	notes *notes
}

// actor makes a client beside a node.
func (s *stage) actor(name, host string, options Options) *actor {
	s.t.Helper()
	a := &actor{t: s.t, notes: &notes{}}
	user, err := NewUser(options, name, host, s.places, world.Edge{Dial: s.dial, Note: a.notes.add, Log: s.t.Output(), Seed: 7})
	require.NoError(s.t, err)
	s.t.Cleanup(func() { user.Close() })
	a.User = user
	return a
}

// begin invokes, and gives where the completion will be. A second completion fails the test.
func (a *actor) begin(function history.Function, key string, value history.Value) <-chan history.Completion {
	result := make(chan history.Completion, 1)
	var count int
	var mutex sync.Mutex
	a.Invoke(history.Request{Function: function, Key: key, Value: value}, func(c history.Completion) {
		mutex.Lock()
		defer mutex.Unlock()
		if count++; count > 1 {
			a.t.Errorf("%s %s completed twice", function, key)
			return
		}
		result <- c
	})
	return result
}

// do invokes and waits.
func (a *actor) do(function history.Function, key string, value history.Value) history.Completion {
	a.t.Helper()
	select {
	case c := <-a.begin(function, key, value):
		return c
	case <-time.After(5 * time.Second):
		a.t.Fatalf("%s %s never completed", function, key)
		return history.Completion{}
	}
}

// ok invokes, and wants success.
func (a *actor) ok(function history.Function, key string, value history.Value) history.Completion {
	a.t.Helper()
	c := a.do(function, key, value)
	require.Equal(a.t, history.Ok, c.Outcome, "%s %s: %s", function, key, c.Error)
	return c
}

func number(n int64) history.Value { return history.Integer(n) }
func text(s string) history.Value  { return history.Text(s) }
