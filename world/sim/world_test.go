package sim

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/link"
	"cleave/internal/rng"
	"cleave/world"
)

// echo answers every message with the same bytes, and dials its target if it has one.
type echo struct {
	env      world.Environment
	target   string
	heard    []string
	conn     world.Connection
	onStart  func(*echo)
	onClosed func(*echo)
}

func (e *echo) Start(env world.Environment) {
	e.env = env
	if e.target != "" {
		e.conn = env.Dial(e.target)
	}
	if e.onStart != nil {
		e.onStart(e)
	}
}
func (e *echo) say(format string, arguments ...any) {
	e.heard = append(e.heard, fmt.Sprintf("%.1fms ", float64(e.env.Elapsed())/1e6)+fmt.Sprintf(format, arguments...))
}
func (e *echo) Accepted(world.Connection)             { e.say("accepted") }
func (e *echo) Opened(world.Connection)               { e.say("opened") }
func (e *echo) Received(_ world.Connection, m []byte) { e.say("got %s", m) }
func (e *echo) Datagram(from string, payload []byte)  { e.say("datagram %s from %s", payload, from) }
func (e *echo) Closed(_ world.Connection, r world.CloseReason) {
	e.say("closed: %s", r)
	if e.onClosed != nil {
		e.onClosed(e)
	}
}

// steady is a network of exactly 1 ms.
func steady() Options {
	options := DefaultOptions(1)
	options.Network = link.Quality{Latency: link.Spread{Least: time.Millisecond}}
	options.Sync = link.Spread{Least: time.Millisecond}
	return options
}

func pair(options Options) (*World, *echo, *echo) {
	w := New(options)
	a, b := &echo{target: "b"}, &echo{}
	w.AddNode("a", func() world.Process { return a })
	w.AddNode("b", func() world.Process { return b })
	return w, a, b
}

func milliseconds(n int) history.Time { return history.Time(time.Duration(n) * time.Millisecond) }

func TestMessagesArriveInOrder(t *testing.T) {
	w, a, b := pair(steady())
	w.At(milliseconds(10), func() { a.conn.Send([]byte("one")); a.conn.Send([]byte("two")); a.conn.Close() })
	require.NoError(t, w.Run(milliseconds(20)))
	require.Equal(t, []string{"2.0ms opened"}, a.heard)
	require.Equal(t, []string{"1.0ms accepted", "11.0ms got one", "11.0ms got two", "11.0ms closed: ended"}, b.heard)
}

// A message under way when a cut begins, and those sent during it, arrive in order after it.
func TestCutStallsAConnection(t *testing.T) {
	w, a, b := pair(steady())
	w.At(milliseconds(10), func() { a.conn.Send([]byte("one")) })
	w.At(milliseconds(10)+1, func() { w.Cut("a", "b") })
	w.At(milliseconds(50), func() { a.conn.Send([]byte("two")) })
	w.At(milliseconds(300), func() { w.Mend("a", "b") })
	require.NoError(t, w.Run(milliseconds(2000)))
	require.Equal(t, []string{"1.0ms accepted", "612.0ms got one", "612.0ms got two"}, b.heard)
	require.EqualValues(t, 2, w.Dropped("a", "b"), "the first try at 11 ms, the second at 211 ms")
}

func TestLongCutEndsAConnection(t *testing.T) {
	w, a, b := pair(steady())
	w.At(milliseconds(10), func() { w.Cut("a", "b"); a.conn.Send([]byte("one")) })
	w.At(milliseconds(30000), func() { w.Mend("a", "b"); b.say("mended") })
	require.NoError(t, w.Run(milliseconds(40000)))
	require.Len(t, a.heard, 2)
	require.Contains(t, a.heard[1], "closed: timed out")
	require.Len(t, b.heard, 2, "b has nothing to send and so never learns of it")
}

// The data of a one-way cut arrives, but no answer comes back: the sender gives up.
func TestOneWayCutDeliversAndThenEnds(t *testing.T) {
	w, a, b := pair(steady())
	w.At(milliseconds(10), func() { w.Cut("b", "a"); a.conn.Send([]byte("one")) })
	require.NoError(t, w.Run(milliseconds(20000)))
	require.Contains(t, b.heard, "11.0ms got one")
	require.Equal(t, "15010.0ms closed: timed out", a.heard[1])
}

func TestDialToADeadNodeIsRefusedAndACutDialTimesOut(t *testing.T) {
	w, a, _ := pair(steady())
	w.Kill("b")
	require.NoError(t, w.Run(milliseconds(10)))
	require.Equal(t, []string{"2.0ms closed: refused"}, a.heard)

	w, a, _ = pair(steady())
	w.Cut("a", "b")
	require.NoError(t, w.Run(milliseconds(20000)))
	require.Equal(t, []string{"7000.0ms closed: timed out"}, a.heard)
}

func TestKillResetsConnectionsAndRestartBootsAnew(t *testing.T) {
	w := New(steady())
	a, boots := &echo{target: "b"}, 0
	w.AddNode("a", func() world.Process { return a })
	w.AddNode("b", func() world.Process { boots++; return &echo{} })
	w.At(milliseconds(10), func() { w.Kill("b"); w.Kill("b") })
	w.At(milliseconds(20), func() { w.Restart("b") })
	w.At(milliseconds(30), func() { require.Equal(t, 1, boots, "killed twice, restarted once"); w.Restart("b") })
	require.NoError(t, w.Run(milliseconds(40)))
	require.Equal(t, 2, boots)
	require.Equal(t, []string{"2.0ms opened", "11.0ms closed: reset"}, a.heard)
}

// A paused process's connections stay open and fill up; dialling it succeeds, as with SIGSTOP.
func TestPauseHoldsEverythingBack(t *testing.T) {
	w, a, b := pair(steady())
	b.onStart = func(b *echo) { b.env.After(15*time.Millisecond, func() { b.say("timer") }) }
	w.Pause("b")
	w.At(milliseconds(10), func() { a.conn.Send([]byte("one")) })
	w.At(milliseconds(100), func() { w.Resume("b") })
	require.NoError(t, w.Run(milliseconds(200)))
	require.Equal(t, []string{"2.0ms opened"}, a.heard)
	require.Equal(t, []string{"100.0ms accepted", "100.0ms got one"}, b.heard[:2])
}

func TestSkewMovesTheNodeAndItsClients(t *testing.T) {
	w, a, b := pair(steady())
	require.NoError(t, w.Run(milliseconds(10)))
	w.Skew("a", time.Minute)
	require.Equal(t, time.Minute, a.env.Now()-b.env.Now())
	require.Equal(t, a.env.Elapsed(), b.env.Elapsed(), "the monotonic clock does not jump")
	w.Skew("a", -time.Minute)
	require.Equal(t, a.env.Now(), b.env.Now())
}

func TestDatagramsAreLostDoubledAndHeldBack(t *testing.T) {
	options := steady()
	options.Network.Loss = link.Chance{Of: 20, In: 100}
	options.Network.Duplicate = link.Chance{Of: 10, In: 100}
	options.Network.Reorder = link.Chance{Of: 10, In: 100}
	w, a, b := pair(options)
	const sent = 10_000
	for i := range sent {
		w.At(milliseconds(10+i*20), func() { a.env.Send("b", []byte("x")) })
	}
	require.NoError(t, w.Run(milliseconds(10+sent*20+100)))
	got := len(b.heard) - 1
	require.InDelta(t, sent*0.8*1.1, got, sent*0.02)
}

// What was synced survives, what was appended after it is gone or torn, and Replace is all or
// nothing.
func TestDiskKeepsWhatWasSynced(t *testing.T) {
	torn := map[string]bool{}
	for seed := range uint64(200) {
		options := steady()
		options.Seed = seed
		w := New(options)
		var disk world.Disk
		w.AddNode("a", func() world.Process { return &echo{onStart: func(e *echo) { disk = e.env.Disk() }} })
		w.At(milliseconds(1), func() {
			disk.Append("log", []byte("synced."))
			disk.Sync("log", func(err error) { require.NoError(t, err); disk.Append("log", []byte("late")) })
			disk.Replace("snapshot", []byte("old"), func(error) {})
		})
		w.At(milliseconds(10), func() { disk.Replace("snapshot", []byte("new"), func(error) { t.Fatal("it crashed") }) })
		w.At(milliseconds(10)+1, func() { w.Kill("a") })
		w.At(milliseconds(11), func() { w.Restart("a") })
		require.NoError(t, w.Run(milliseconds(50)))
		require.Equal(t, "old", string(disk.Read("snapshot")))
		torn[string(disk.Read("log"))] = true
	}
	require.Equal(t, map[string]bool{"synced.": true, "synced.l": true, "synced.la": true, "synced.lat": true, "synced.late": true}, torn)
}

func TestAPanicCrashesItsProcessOnly(t *testing.T) {
	w, a, b := pair(steady())
	b.onStart = func(b *echo) { b.env.After(10*time.Millisecond, func() { panic("invariant broken") }) }
	var notes []history.Note
	w.OnNote(func(note history.Note) { notes = append(notes, note) })
	require.NoError(t, w.Run(milliseconds(50)))
	require.Equal(t, []history.Note{{Node: "b", Kind: "panic", Detail: "invariant broken"}}, notes)
	require.Equal(t, "11.0ms closed: reset", a.heard[1])
}

func TestAPanicOfTheHarnessIsPassedOn(t *testing.T) {
	w, _, _ := pair(steady())
	w.At(milliseconds(5), func() { panic("harness") })
	require.PanicsWithValue(t, "harness", func() { _ = w.Run(milliseconds(10)) })
}

// The queue against a plain second implementation: a list, of which the earliest is taken. Events are due within a day,
// within a page, or pages later, and now and then there is none.
func TestQueueIsOrdered(t *testing.T) {
	var q queue
	var plain []entry
	stream := rng.New(3)
	now := history.Time(0)
	take := func() {
		at, some := q.peek()
		require.Equal(t, len(plain) > 0, some)
		if !some {
			return
		}
		first := slices.MinFunc(plain, func(a, b entry) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.order, b.order)) })
		require.Equal(t, first.at, at)
		require.Equal(t, uint32(first.order), q.pop().life)
		plain = slices.DeleteFunc(plain, func(e entry) bool { return e == first })
		now = at
	}
	for order := range uint64(20_000) {
		if stream.Chance(11, 20) {
			wait := []history.Time{2, day, page, 20 * page}[stream.Below(4)]
			next := entry{at: now + history.Time(stream.Below(int64(wait))), order: order}
			q.push(next.at, order).life = uint32(order)
			plain = append(plain, next)
		} else {
			take()
		}
		for emptied := order%4000 == 3999; emptied && len(plain) > 0; {
			take()
		}
	}
	take()
	require.Less(t, len(q.slab), 2000, "slots are used again")
}

// Two processes that answer each other without end end the run, not the patience of whoever waits.
func TestARunawayIsStopped(t *testing.T) {
	options := steady()
	options.MaxRate = 1000
	w, _, b := pair(options)
	var again func()
	again = func() { b.env.After(time.Microsecond, again) }
	b.onStart = func(*echo) { again() }
	err := w.Run(milliseconds(10_000))
	require.ErrorIs(t, err, world.ErrRunaway)
	require.ErrorContains(t, err, "over 1000 in the second before 0.001 s")
	require.Less(t, w.Now(), milliseconds(10), "no further time passed")
}
