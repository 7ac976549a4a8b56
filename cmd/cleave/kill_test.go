package main

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
	"github.com/stretchr/testify/require"

	"cleave/internal/ensemble"
	"cleave/internal/rng"
)

var kills = flag.Int("kills", 8, "how many times TestKilledUnderLoad kills servers")

// writer writes growing numbers to one znode and remembers the last that was acknowledged, and the
// last that was tried.
type writer struct {
	path         string
	connection   *zk.Conn
	acknowledged atomic.Int64
	tried        int64
}

// write goes on until the context ends. Errors are the servers' deaths: it tries again.
func (w *writer) write(ctx context.Context) {
	for ctx.Err() == nil {
		w.tried++
		if _, err := w.connection.Set(w.path, []byte(strconv.FormatInt(w.tried, 10)), -1); err == nil {
			w.acknowledged.Store(w.tried)
		} else {
			time.Sleep(5 * time.Millisecond)
		}
	}
}

// value reads a number after a sync.
func value(t *testing.T, c *zk.Conn, path string) int64 {
	t.Helper()
	_, err := c.Sync(path)
	require.NoError(t, err)
	data, _, err := c.Get(path)
	require.NoError(t, err)
	number, err := strconv.ParseInt(string(data), 10, 64)
	require.NoError(t, err)
	return number
}

// load is writers at work.
type load struct {
	writers []*writer
	stop    context.CancelFunc
	group   sync.WaitGroup
}

func startLoad(t *testing.T, e *ensemble.Ensemble, writers int) *load {
	ctx, stop := context.WithCancel(t.Context())
	l := &load{stop: stop}
	for i := range writers {
		c, _ := connectZK(t, e.Addresses(), 10*time.Second)
		w := &writer{path: fmt.Sprintf("/load-%d", i), connection: c}
		_, err := c.Create(w.path, []byte("0"), 0, zk.WorldACL(zk.PermAll))
		require.NoError(t, err)
		l.writers = append(l.writers, w)
		l.group.Go(func() { w.write(ctx) })
	}
	t.Cleanup(l.end)
	return l
}

func (l *load) end() {
	l.stop()
	l.group.Wait()
}

// progress waits until every writer has had something acknowledged since the call.
func (l *load) progress(t *testing.T, e *ensemble.Ensemble) {
	t.Helper()
	for _, w := range l.writers {
		since := w.acknowledged.Load()
		require.Eventually(t, func() bool { return w.acknowledged.Load() > since }, 30*time.Second, 5*time.Millisecond,
			"%s is stuck at %d; leader %d\n%s", w.path, since, e.Leader(), tailOf(e))
	}
}

func tailOf(e *ensemble.Ensemble) (text string) {
	for i := range e.Size() {
		output := e.Output(i)
		text += fmt.Sprintf("---- server %d, running %v\n%s", i+1, e.Running(i), output[max(0, len(output)-1500):])
	}
	return text
}

// check is that nothing acknowledged is lost, and nothing is there that nobody wrote.
func (l *load) check(t *testing.T, e *ensemble.Ensemble) {
	t.Helper()
	c, _ := connectZK(t, e.Addresses(), 10*time.Second)
	for _, w := range l.writers {
		least := w.acknowledged.Load()
		require.GreaterOrEqual(t, value(t, c, w.path), least, "%s lost what was acknowledged", w.path)
	}
}

// The leader is killed under load: nothing acknowledged is lost, sessions and what they own stay, and
// watches are set again on another server.
func TestLeaderKilledUnderLoad(t *testing.T) {
	e := servers(t, ensemble.Cleave, 3)
	l := startLoad(t, e, 6)
	c, _ := connectZK(t, e.Addresses(), 10*time.Second)
	_, err := c.Create("/mine", []byte("0"), zk.FlagEphemeral, zk.WorldACL(zk.PermAll))
	require.NoError(t, err)
	session := c.SessionID()
	for round := range 4 {
		_, _, changed, err := c.GetW("/mine")
		require.NoError(t, err)
		leader := e.Leader()
		require.GreaterOrEqual(t, leader, 0)
		e.Kill(leader)
		l.progress(t, e)
		l.check(t, e)
		other, _ := connectZK(t, e.Addresses(), 10*time.Second)
		_, err = other.Set("/mine", []byte(strconv.Itoa(round)), -1)
		require.NoError(t, err, "the ephemeral node is still there")
		require.Equal(t, zk.EventNodeDataChanged, receive(t, changed).Type)
		require.Equal(t, session, c.SessionID())
		other.Close()
		require.NoError(t, e.Boot(leader))
		awaitServing(t, e)
	}
	l.end()
	for _, w := range l.writers {
		require.LessOrEqual(t, value(t, c, w.path), w.tried, "%s has what nobody wrote", w.path)
	}
}

func awaitServing(t *testing.T, e *ensemble.Ensemble) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	require.NoError(t, e.Await(ctx), tailOf(e))
}

// Servers are killed at any moment under load, one, two or all at a time, and start again by
// themselves on what their disks hold.
func TestKilledUnderLoad(t *testing.T) {
	e := servers(t, ensemble.Cleave, 3, "snapCount=2000", "autopurge.snapRetainCount=3", "autopurge.purgeInterval=1")
	l := startLoad(t, e, 6)
	stream := rng.New(uint64(*kills), 7)
	for killed := 0; killed < *kills; {
		time.Sleep(time.Duration(stream.Below(int64(400 * time.Millisecond))))
		order := []int{0, 1, 2}
		stream.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		victims := order[:1+stream.Below(3)]
		for _, i := range victims {
			e.Kill(i)
		}
		killed += len(victims)
		time.Sleep(time.Duration(stream.Below(int64(100 * time.Millisecond))))
		for _, i := range victims {
			require.NoError(t, e.Boot(i))
		}
		if stream.Chance(1, 3) { // else the next kill may come while they start
			awaitServing(t, e)
			l.progress(t, e)
			l.check(t, e)
		}
	}
	awaitServing(t, e)
	l.progress(t, e)
	l.end()
	l.check(t, e)
	t.Logf("%d kills; acknowledged writes of the first client: %d", *kills, l.writers[0].acknowledged.Load())
}
