package zookeeper

import (
	"context"
	"net"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

// quick are the shortest times that the servers allow.
var quick = Options{
	SessionTimeout: 1200 * time.Millisecond,
	RequestTimeout: 800 * time.Millisecond,
	ConnectLimit:   300 * time.Millisecond,
	Settle:         time.Millisecond,
}

// When no server answers, a read fails and a write is unknown, each once; what was never sent failed.
func TestServersThatStop(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1)
	hasty := quick
	hasty.RequestTimeout = 300 * time.Millisecond // before it leaves the server
	a, b := s.actor("c1", "n1", hasty), s.actor("c2", "n1", hasty)
	a.ok(history.Write, "x", number(1))
	b.ok(history.Read, "x", nothing)
	server := s.ensemble.Process(0)
	require.NoError(t, syscall.Kill(server, syscall.SIGSTOP))
	wrote, read := a.begin(history.Write, "x", number(2)), b.begin(history.Read, "x", nothing)
	lost := history.Completion{Outcome: history.Info, Error: "timeout"}
	require.Equal(t, lost, <-wrote)
	require.Equal(t, history.Completion{Outcome: history.Fail, Error: "timeout"}, <-read)

	require.Eventually(t, func() bool { return a.notes.count("disconnected") == 1 }, 2*time.Second, 10*time.Millisecond, "it leaves a silent server")
	unsent := history.Completion{Outcome: history.Fail, Error: "notConnected"}
	require.Equal(t, unsent, a.do(history.Write, "x", number(3)))
	require.Equal(t, history.Info, a.do(history.Register, "web/1", nothing).Outcome, "it is pursued")
	require.NoError(t, syscall.Kill(server, syscall.SIGCONT))
	require.Eventually(t, func() bool { return a.do(history.Read, "x", nothing).Outcome == history.Ok }, 5*time.Second, 10*time.Millisecond)
	require.Equal(t, "[web/1]", b.ok(history.Lookup, "web", nothing).Value.String())
}

// A server that is killed takes with it what was asked of it. The client goes to another one with its
// session, its watches and what it has registered, and home again when it is told to.
func TestServerThatIsKilled(t *testing.T) {
	t.Parallel()
	s := newStage(t, 3)
	a, b := s.actor("c1", "n1", Options{Settle: time.Millisecond}), s.actor("c2", "n2", Options{Settle: time.Millisecond})
	a.ok(history.Register, "web/1", nothing)
	a.ok(history.Write, "w/0", number(1))
	a.ok(history.Watch, "w/0", text("data"))
	a.ok(history.Watch, "w/0", text("recursive"))
	session := a.do(history.Own, "e/1", nothing).Value
	stopped := s.ensemble.Process(0)
	require.NoError(t, syscall.Kill(stopped, syscall.SIGSTOP)) // so that the requests are under way when it dies
	wrote := a.begin(history.Write, "w/0", number(2))
	time.Sleep(50 * time.Millisecond)
	s.ensemble.Kill(0)
	require.Equal(t, history.Completion{Outcome: history.Info, Error: "connectionLoss"}, <-wrote)
	require.Eventually(t, func() bool { return b.do(history.Write, "w/0", number(3)).Outcome == history.Ok }, 5*time.Second, 10*time.Millisecond)
	require.Eventually(t, func() bool { return a.notes.count("connected") == 2 }, 5*time.Second, 10*time.Millisecond)
	read := a.ok(history.QuorumRead, "w/0", nothing)
	require.Equal(t, number(3), read.Value)
	require.NotEqual(t, "n1", read.Node)
	require.Zero(t, a.notes.count("expired"))
	require.Positive(t, a.notes.count("event changed /w/0"), "the watch was set again")
	require.Equal(t, session, a.ok(history.Own, "e/2", nothing).Value)
	require.Equal(t, "[web/1]", a.ok(history.Lookup, "web", nothing).Value.String())

	require.Equal(t, "notConnected", a.do(history.Home, "", nothing).Error)
	require.NoError(t, s.ensemble.Boot(0))
	require.Eventually(t, func() bool { return a.do(history.Home, "", nothing).Outcome == history.Ok }, 10*time.Second, 10*time.Millisecond)
	require.Equal(t, "n1", a.ok(history.Read, "w/0", nothing).Node)
}

// A session that expires is noted; what was registered in it is registered again in the next one, and
// nothing that is read goes back.
func TestExpiry(t *testing.T) {
	t.Parallel()
	s := newStage(t, 1)
	a, b := s.actor("c1", "n1", quick), s.actor("c2", "n1", Options{Settle: time.Millisecond, ConnectLimit: 300 * time.Millisecond})
	a.ok(history.Register, "web/1", nothing)
	before := a.ok(history.Own, "e/1", nothing)
	s.isolate(0, true)
	time.Sleep(2500 * time.Millisecond)
	s.isolate(0, false)
	require.Eventually(t, func() bool { return a.notes.count("connected") == 2 }, 5*time.Second, 10*time.Millisecond)
	session, _ := before.Value.AsText()
	require.Equal(t, 1, a.notes.count("expired "+session), a.notes.all())
	owners := a.ok(history.Owners, "e", nothing)
	require.Equal(t, "[]", owners.Value.String())
	require.Greater(t, owners.Version, before.Version)
	require.Equal(t, "[web/1]", a.ok(history.Lookup, "web", nothing).Value.String(), "it registers again before anything else")
	require.NotEqual(t, before.Value, a.ok(history.Own, "e/1", nothing).Value)
	require.Zero(t, b.notes.count("expired"), "whose session is longer")
}

// A server that takes connections and opens no session is left for the next one, in a time that
// go-zookeeper alone would spend ten times over.
func TestServerThatSaysNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t, 2)
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer mute.Close()
	var said notes
	user, err := NewUser(quick, "c1", "n1", s.places, world.Edge{Note: said.add, Log: t.Output(),
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == "10.64.0.1:2181" {
				var dialer net.Dialer
				return dialer.DialContext(ctx, network, mute.Addr().String())
			}
			return s.dial(ctx, network, address)
		}})
	require.NoError(t, err)
	defer user.Close()
	require.Eventually(t, func() bool { return said.count("connected n2") == 1 }, 2*time.Second, 10*time.Millisecond)
}

// A client may be closed at any time: every request completes, once, and nothing is left behind.
func TestCloseAtAnyTime(t *testing.T) {
	s := newStage(t, 1)
	s.actor("c0", "n1", Options{}).ok(history.Write, "x", number(0))
	before := runtime.NumGoroutine()
	for i := range 60 {
		a := s.actor("c1", "n1", quick)
		if i%3 == 0 {
			a.ok(history.Read, "x", nothing)
		}
		functions := []history.Function{history.Write, history.QuorumRead, history.Pair, history.Close, history.Home, history.Register}
		result := a.begin(functions[i%len(functions)], "x/1", number(1))
		time.Sleep(time.Duration(i*i) * time.Microsecond)
		require.NoError(t, a.Close())
		require.NoError(t, a.Close())
		select {
		case <-result:
		case <-time.After(time.Second):
			t.Fatal("it never completed")
		}
		require.Equal(t, "notConnected", a.do(history.Read, "x", nothing).Error)
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<16)
			t.Fatalf("goroutines are left:\n%s", stacks[:runtime.Stack(stacks, true)])
		}
	}
}
