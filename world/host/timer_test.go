package host

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/world"
)

func TestTimersFireInOrder(t *testing.T) {
	a := newActor()
	start(t, a, nil)
	a.do(t, func() {
		began := a.env.Elapsed()
		after := func(wait time.Duration, name string) world.Timer {
			return a.env.After(wait, func() {
				require.GreaterOrEqual(t, a.env.Elapsed()-began, wait)
				a.tell("%s", name)
			})
		}
		after(60*time.Millisecond, "fourth")
		after(20*time.Millisecond, "second")
		stopped := after(30*time.Millisecond, "stopped")
		after(40*time.Millisecond, "third")
		fired := after(-time.Second, "first")
		stopped.Stop()
		stopped.Stop()
		after(50*time.Millisecond, "between").Stop()
		a.env.After(45*time.Millisecond, fired.Stop)
		require.Empty(t, a.heard, "never before After has returned")
	})
	a.hears(t, "first", "second", "third", "fourth")
	require.Empty(t, a.heard)
}

// Those due at one time fire as they were set, also when they set others.
func TestTimersOfOneTime(t *testing.T) {
	var all timers
	var fired []int
	for i := range 100 {
		all.add(time.Duration(i%3), func() {
			fired = append(fired, i%3*1000+i)
			all.add(2, func() { fired = append(fired, 10_000+len(fired)) })
		})
	}
	all.fire(1)
	require.Len(t, fired, 67)
	require.IsIncreasing(t, fired)
	require.Equal(t, time.Duration(1), all.wait(1))
	all.fire(2)
	require.Len(t, fired, 200)
	require.IsIncreasing(t, fired)
	require.Equal(t, time.Duration(-1), all.wait(2))
}

// Random timers against a plain list.
func TestTimersStopAnywhere(t *testing.T) {
	var all timers
	set := map[int]*timer{}
	var fired []int
	for i := range 1000 {
		set[i] = all.add(time.Duration(i*7919%1000), func() { fired = append(fired, i*7919%1000) })
	}
	for i := 0; i < 1000; i += 3 {
		set[i].Stop()
	}
	all.fire(1000)
	require.Len(t, fired, 666)
	require.IsIncreasing(t, fired)
	require.Equal(t, time.Duration(-1), all.wait(1000))
}

// A batcher's Turn comes after each batch, also one of timers or of the disk alone, and what is sent in
// it goes out.
func TestTurn(t *testing.T) {
	b := &batcher{actor: newActor()}
	b.on = func(c world.Connection, message []byte) { b.due = append(b.due, answer{c, message}) }
	r := start(t, b, func(o *Options) { o.DataDir = t.TempDir() })
	socket := r.dial(t)
	put(t, socket, framed("one", "two"))
	require.Equal(t, "one", get(t, socket))
	require.Equal(t, "two", get(t, socket))
	c := b.link(t)
	b.do(t, func() {
		b.env.After(time.Millisecond, func() { b.due = append(b.due, answer{c, []byte("timer")}) })
	})
	require.Equal(t, "timer", get(t, socket))
	b.do(t, func() {
		b.env.Disk().Sync("wal", func(error) { b.due = append(b.due, answer{c, []byte("disk")}) })
	})
	require.Equal(t, "disk", get(t, socket))
}

type answer struct {
	to      world.Connection
	message []byte
}

// batcher answers at the end of each batch.
type batcher struct {
	*actor
	due []answer
}

func (b *batcher) Turn() {
	for _, each := range b.due {
		each.to.Send(each.message)
	}
	b.due = nil
}
