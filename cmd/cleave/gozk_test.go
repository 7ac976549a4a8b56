package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
	"github.com/stretchr/testify/require"

	"cleave/internal/ensemble"
)

// buildOnce makes the binary that tests of real processes run, once for all of them.
var buildOnce = sync.OnceValues(func() (string, error) {
	if given := os.Getenv("CLEAVE_BINARY"); given != "" {
		return given, nil
	}
	folder, err := buildFolder()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(folder, "cleave")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Env = append(build.Environ(), "CGO_ENABLED=0") // a container's image has no libraries
	output, err := build.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, output)
	}
	return binary, nil
})

// servers starts an ensemble and waits until it serves.
func servers(t *testing.T, kind ensemble.Kind, size int, extra ...string) *ensemble.Ensemble {
	t.Helper()
	binary := ""
	if kind == ensemble.Cleave {
		built, err := buildOnce()
		require.NoError(t, err)
		binary = built
	} else if !ensemble.Installed() {
		t.Skip("Debian's package zookeeper is not installed")
	}
	e, err := ensemble.Start(ensemble.Options{Kind: kind, Size: size, Binary: binary, Folder: t.TempDir(), Extra: extra})
	require.NoError(t, err)
	t.Cleanup(e.Close)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, e.Await(ctx))
	for i := range size {
		require.True(t, e.Running(i), e.Output(i))
	}
	return e
}

// silent keeps the client library's log out of the tests' output.
type silent struct{}

func (silent) Printf(string, ...any) {}

func connectZK(t *testing.T, addresses []string, timeout time.Duration) (*zk.Conn, <-chan zk.Event) {
	t.Helper()
	connection, events, err := zk.Connect(addresses, timeout, zk.WithLogger(silent{}))
	require.NoError(t, err)
	t.Cleanup(connection.Close)
	// A request before the first session fails if the server has only just begun to listen.
	require.Eventually(t, func() bool { return connection.State() == zk.StateHasSession }, 20*time.Second, 2*time.Millisecond)
	return connection, events
}

// receive waits for a watch's event.
func receive(t *testing.T, events <-chan zk.Event) zk.Event {
	t.Helper()
	select {
	case event := <-events:
		return event
	case <-time.After(10 * time.Second):
		require.FailNow(t, "no event came")
		return zk.Event{}
	}
}

// Every call that the Go client has works against our node, alone and in an ensemble, as it does
// against the real ZooKeeper, which runs the same test where it is installed.
func TestGoClientEveryCall(t *testing.T) {
	for _, kind := range []ensemble.Kind{ensemble.Cleave, ensemble.ZooKeeper} {
		for _, size := range []int{1, 3} {
			t.Run(fmt.Sprintf("%s/%d", kind, size), func(t *testing.T) {
				e := servers(t, kind, size, "extendedTypesEnabled=true")
				c, _ := connectZK(t, e.Addresses(), 10*time.Second)
				everyCall(t, c)
				sessionCalls(t, e, c)
				if kind == ensemble.Cleave { // Debian prints a version that the client cannot read
					wordCalls(t, e)
				}
			})
		}
	}
}

func everyCall(t *testing.T, c *zk.Conn) {
	open := zk.WorldACL(zk.PermAll)
	path, err := c.Create("/a", []byte("one"), 0, open)
	require.NoError(t, err)
	require.Equal(t, "/a", path)
	_, err = c.Create("/a", nil, 0, open)
	require.ErrorIs(t, err, zk.ErrNodeExists)
	_, err = c.Create("/none/b", nil, 0, open)
	require.ErrorIs(t, err, zk.ErrNoNode)
	_, err = c.Create("/a/noacl", nil, 0, nil)
	require.ErrorIs(t, err, zk.ErrInvalidACL)

	there, stat, err := c.Exists("/a")
	require.NoError(t, err)
	require.True(t, there)
	require.Zero(t, stat.Version)
	data, stat, changed, err := c.GetW("/a")
	require.NoError(t, err)
	require.Equal(t, "one", string(data))
	require.EqualValues(t, 3, stat.DataLength)
	require.InDelta(t, time.Now().UnixMilli(), stat.Ctime, 60_000)
	stat, err = c.Set("/a", []byte("two"), 0)
	require.NoError(t, err)
	require.EqualValues(t, 1, stat.Version)
	require.Equal(t, zk.EventNodeDataChanged, receive(t, changed).Type)
	_, err = c.Set("/a", []byte("three"), 0)
	require.ErrorIs(t, err, zk.ErrBadVersion)
	_, err = c.Sync("/a")
	require.NoError(t, err)
	data, _, err = c.Get("/a")
	require.NoError(t, err)
	require.Equal(t, "two", string(data))

	childCalls(t, c, open)
	kindCalls(t, c, open)
	multiCalls(t, c, open)
	accessCalls(t, c, open)
	_, err = c.IncrementalReconfig([]string{"server.9=127.0.0.1:1:2:participant;3"}, nil, -1)
	require.ErrorIs(t, err, zk.ErrReconfigDisabled)
	_, err = c.Reconfig([]string{"server.9=127.0.0.1:1:2:participant;3"}, -1)
	require.ErrorIs(t, err, zk.ErrReconfigDisabled)
}

func childCalls(t *testing.T, c *zk.Conn, open []zk.ACL) {
	there, _, appeared, err := c.ExistsW("/a/b")
	require.NoError(t, err)
	require.False(t, there)
	names, _, children, err := c.ChildrenW("/a")
	require.NoError(t, err)
	require.Empty(t, names)
	_, err = c.Create("/a/b", nil, zk.FlagEphemeral, open)
	require.NoError(t, err)
	require.Equal(t, zk.EventNodeCreated, receive(t, appeared).Type)
	require.Equal(t, zk.EventNodeChildrenChanged, receive(t, children).Type)
	_, err = c.Create("/a/b/c", nil, 0, open)
	require.ErrorIs(t, err, zk.ErrNoChildrenForEphemerals)
	names, stat, err := c.Children("/a")
	require.NoError(t, err)
	require.Equal(t, []string{"b"}, names)
	require.EqualValues(t, 1, stat.Cversion)
	require.ErrorIs(t, c.Delete("/a", -1), zk.ErrNotEmpty)
	_, _, gone, err := c.GetW("/a/b")
	require.NoError(t, err)
	require.NoError(t, c.Delete("/a/b", 0))
	require.Equal(t, zk.EventNodeDeleted, receive(t, gone).Type)
	require.ErrorIs(t, c.Delete("/a/b", 0), zk.ErrNoNode)
}

func kindCalls(t *testing.T, c *zk.Conn, open []zk.ACL) {
	first, err := c.Create("/a/s-", nil, zk.FlagSequence, open)
	require.NoError(t, err)
	second, err := c.Create("/a/s-", nil, zk.FlagSequence|zk.FlagEphemeral, open)
	require.NoError(t, err)
	require.Equal(t, "/a/s-0000000001", first, "the deleted child counts")
	require.Equal(t, "/a/s-0000000002", second)
	own, err := c.CreateProtectedEphemeralSequential("/a/p-", nil, open)
	require.NoError(t, err)
	require.Regexp(t, `^/a/_c_[0-9a-f]{32}-p-0000000003$`, own)
	_, err = c.CreateContainer("/container", nil, zk.FlagContainer, open)
	require.NoError(t, err)
	_, err = c.CreateTTL("/ttl", []byte("x"), zk.FlagTTL, open, time.Hour)
	require.NoError(t, err)
	_, stat, err := c.Get("/ttl")
	require.NoError(t, err)
	require.Zero(t, stat.EphemeralOwner)
}

func multiCalls(t *testing.T, c *zk.Conn, open []zk.ACL) {
	results, err := c.Multi(&zk.CreateRequest{Path: "/m", Data: []byte("1"), Acl: open},
		&zk.SetDataRequest{Path: "/m", Data: []byte("2"), Version: 0}, &zk.CheckVersionRequest{Path: "/m", Version: 1},
		&zk.CreateRequest{Path: "/m/x", Acl: open}, &zk.DeleteRequest{Path: "/m/x", Version: -1})
	require.NoError(t, err)
	require.Len(t, results, 5)
	require.Equal(t, "/m", results[0].String)
	require.EqualValues(t, 1, results[1].Stat.Version)
	results, err = c.Multi(&zk.SetDataRequest{Path: "/m", Data: []byte("3"), Version: -1}, &zk.CheckVersionRequest{Path: "/m", Version: 7})
	require.ErrorIs(t, err, zk.ErrBadVersion)
	require.Len(t, results, 2)
	data, _, err := c.Get("/m")
	require.NoError(t, err)
	require.Equal(t, "2", string(data), "all or nothing")
}

func accessCalls(t *testing.T, c *zk.Conn, open []zk.ACL) {
	require.NoError(t, c.AddAuth("digest", []byte("user:secret")))
	_, err := c.Create("/secret", []byte("s"), 0, zk.DigestACL(zk.PermAll, "user", "secret"))
	require.NoError(t, err)
	acl, stat, err := c.GetACL("/secret")
	require.NoError(t, err)
	require.Equal(t, zk.DigestACL(zk.PermAll, "user", "secret"), acl)
	require.Zero(t, stat.Aversion)
	stat, err = c.SetACL("/secret", append(zk.DigestACL(zk.PermAll, "user", "secret"), zk.WorldACL(zk.PermAdmin)...), 0)
	require.NoError(t, err)
	require.EqualValues(t, 1, stat.Aversion)
	_, err = c.SetACL("/secret", open, 7)
	require.ErrorIs(t, err, zk.ErrBadVersion)
}

// sessionCalls looks at what a second client sees of the first.
func sessionCalls(t *testing.T, e *ensemble.Ensemble, c *zk.Conn) {
	other, _ := connectZK(t, e.Addresses(), 10*time.Second)
	_, err := other.Sync("/secret")
	require.NoError(t, err)
	_, _, err = other.Get("/secret")
	require.ErrorIs(t, err, zk.ErrNoAuth)
	_, err = other.Create("/a/gone", nil, zk.FlagEphemeral, zk.WorldACL(zk.PermAll))
	require.NoError(t, err)
	require.NotEqual(t, c.SessionID(), other.SessionID())
	require.NotZero(t, other.SessionID())
	require.Contains(t, e.Addresses(), other.Server())
	require.Equal(t, zk.StateHasSession, other.State())
	lock := zk.NewLock(other, "/lock", zk.WorldACL(zk.PermAll))
	require.NoError(t, lock.Lock())
	taken := make(chan error, 1)
	next := zk.NewLock(c, "/lock", zk.WorldACL(zk.PermAll))
	go func() { taken <- next.Lock() }()
	select {
	case err := <-taken:
		require.Fail(t, "two hold the lock", "%v", err)
	case <-time.After(200 * time.Millisecond):
	}
	require.NoError(t, lock.Unlock())
	require.NoError(t, <-taken)
	require.NoError(t, next.Unlock())
	_, err = c.Sync("/a")
	require.NoError(t, err)
	_, _, gone, err := c.ExistsW("/a/gone")
	require.NoError(t, err)
	other.Close()
	require.Equal(t, zk.EventNodeDeleted, receive(t, gone).Type)
}

func wordCalls(t *testing.T, e *ensemble.Ensemble) {
	for _, fine := range zk.FLWRuok(e.Addresses(), time.Second) {
		require.True(t, fine)
	}
	stats, fine := zk.FLWSrvr(e.Addresses(), time.Second)
	require.True(t, fine, "%+v", stats)
	leaders := 0
	for _, one := range stats {
		require.NoError(t, one.Error)
		if one.Mode == zk.ModeLeader || one.Mode == zk.ModeStandalone {
			leaders++
		}
	}
	require.Equal(t, 1, leaders)
	clients, fine := zk.FLWCons(e.Addresses(), time.Second)
	require.True(t, fine)
	require.Len(t, clients, e.Size())
}

// A client that asks for much at once gets it all, as fast as it can read.
func TestManyLargeAnswers(t *testing.T) {
	e := servers(t, ensemble.Cleave, 1)
	c, _ := connectZK(t, e.Addresses(), 10*time.Second)
	_, err := c.Create("/large", make([]byte, 1_000_000), 0, zk.WorldACL(zk.PermAll))
	require.NoError(t, err)
	var group sync.WaitGroup
	failures := make([]error, 200)
	for i := range failures {
		group.Go(func() {
			data, _, err := c.Get("/large")
			if err == nil && len(data) != 1_000_000 {
				err = fmt.Errorf("%d bytes", len(data))
			}
			failures[i] = err
		})
	}
	group.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
}
