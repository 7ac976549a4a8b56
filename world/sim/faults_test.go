package sim

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/link"
	"cleave/world"
)

// talk has a say something to b, by datagram and by connection, once every 20 ms from 10 ms on.
func talk(w *World, a *echo, times int) {
	for i := range times {
		w.At(milliseconds(10+20*i), func() {
			a.env.Send("b", []byte("datagram"))
			a.conn.Send([]byte("message"))
		})
	}
}

// count is how many things of a kind were heard.
func count(heard []string, what string) int {
	found := 0
	for _, line := range heard {
		var at float64
		var kind string
		if _, err := fmt.Sscanf(line, "%fms %s", &at, &kind); err == nil && kind == what {
			found++
		}
	}
	return found
}

// A fifth of the datagrams is lost; on the connection everything arrives, late.
func TestLossShowsAsDelayOnConnections(t *testing.T) {
	for _, by := range []link.Quality{{Loss: link.Chance{Of: 20, In: 100}}, {Corrupt: link.Chance{Of: 20, In: 100}}} {
		w, a, b := pair(steady())
		const sent = 5000
		talk(w, a, sent)
		w.At(milliseconds(5), func() { w.Disturb("a", "b", by) })
		w.At(milliseconds(10+20*sent), func() { w.Calm("a", "b", by) })
		require.NoError(t, w.Run(milliseconds(20*sent+2000)))
		got := count(b.heard, "datagram")
		require.Greater(t, got, sent*77/100)
		require.Less(t, got, sent*83/100)
		require.Equal(t, sent, count(b.heard, "got"))
		require.Greater(t, w.Disturbed("a", "b"), int64(sent*20/100))
		require.Zero(t, w.Disturbed("b", "a"))
		require.Zero(t, w.Dropped("a", "b"))
	}
}

// Doubling and holding back show on datagrams; a connection hides them, at the price of time.
func TestConnectionsHideDoublesAndDisorder(t *testing.T) {
	w, a, b := pair(steady())
	const sent = 1000
	talk(w, a, sent)
	w.Disturb("a", "b", link.Quality{Duplicate: link.Chance{Of: 1, In: 1}, Reorder: link.Chance{Of: 1, In: 1}})
	require.NoError(t, w.Run(milliseconds(20*sent+2000)))
	require.Equal(t, 2*sent, count(b.heard, "datagram"))
	require.Equal(t, sent, count(b.heard, "got"))
	require.GreaterOrEqual(t, w.Disturbed("a", "b"), int64(2*sent))
}

func TestDelayIsAddedAndTakenAway(t *testing.T) {
	w, a, b := pair(steady())
	late := link.Quality{Latency: link.Spread{Least: 50 * time.Millisecond}}
	say := func(at int, what string) { w.At(milliseconds(at), func() { a.conn.Send([]byte(what)) }) }
	w.At(milliseconds(5), func() { w.Disturb("a", "b", late) })
	w.At(milliseconds(5), func() { w.Disturb("a", "b", late) })
	say(10, "one")
	w.At(milliseconds(20), func() { w.Calm("a", "b", late) })
	say(200, "two")
	w.At(milliseconds(205), func() { w.Calm("a", "b", late) })
	say(210, "three")
	say(300, "four")
	require.NoError(t, w.Run(milliseconds(1000)))
	require.Equal(t, []string{"1.0ms accepted", "111.0ms got one", "251.0ms got two", "251.0ms got three", "301.0ms got four"}, b.heard)
	require.Panics(t, func() { w.Calm("a", "b", late) })
}

// Two messages of 100 bytes at 1000 a second: the second waits for the first.
func TestBandwidthHoldsBothUp(t *testing.T) {
	w, a, b := pair(steady())
	w.At(milliseconds(5), func() { w.Disturb("a", "b", link.Quality{Bandwidth: 1000}) })
	w.At(milliseconds(10), func() {
		a.conn.Send(make([]byte, 100))
		a.env.Send("b", make([]byte, 100))
	})
	require.NoError(t, w.Run(milliseconds(1000)))
	require.Len(t, b.heard, 3)
	require.Contains(t, b.heard[1], "111.0ms got ")
	require.Contains(t, b.heard[2], "211.0ms datagram ")
}

// More than fits is sent again and again until it has all arrived, in order, and does not go on arriving
// long after the line is wide again.
func TestAConnectionFillsANarrowLine(t *testing.T) {
	w, a, b := pair(steady())
	narrow := link.Quality{Bandwidth: 1000}
	w.At(milliseconds(5), func() { w.Disturb("a", "b", narrow) })
	for i := range 100 { // 20 seconds' worth in 10
		w.At(milliseconds(10+100*i), func() { a.conn.Send(fmt.Appendf(nil, "%0200d", i)) })
	}
	w.At(milliseconds(10_000), func() { w.Calm("a", "b", narrow) })
	require.NoError(t, w.Run(milliseconds(9_990)))
	require.Greater(t, count(b.heard, "got"), 40)
	require.Less(t, count(b.heard, "got"), 55)
	require.NoError(t, w.Run(milliseconds(11_500)))
	require.Equal(t, 100, count(b.heard, "got"))
	for i, line := range b.heard[1:] {
		require.Contains(t, line, fmt.Sprintf("got %0200d", i))
	}
}

// Small messages that wait are sent again together, and lost together: a lossy link does not stop a
// connection that has much to say.
func TestWhatWaitsGoesInFewPackets(t *testing.T) {
	w, a, b := pair(steady())
	w.At(milliseconds(5), func() { w.Disturb("a", "b", link.Quality{Loss: link.Chance{Of: 20, In: 100}}) })
	const sent = 10_000 // in ten seconds
	for i := range sent {
		w.At(milliseconds(10+i), func() { a.conn.Send([]byte("message")) })
	}
	require.NoError(t, w.Run(milliseconds(sent+2000)))
	require.Equal(t, sent, count(b.heard, "got"))
}

// The same disturbances give the same events, and others others.
func TestDisturbancesAreDeterministic(t *testing.T) {
	run := func(chance uint64) uint64 {
		w, a, _ := pair(DefaultOptions(7))
		talk(w, a, 500)
		w.Disturb("a", "b", link.Quality{Loss: link.Chance{Of: chance, In: 100}, Duplicate: link.Chance{Of: 20, In: 100},
			Reorder: link.Chance{Of: 20, In: 100}, Latency: link.Spread{Jitter: time.Millisecond}, Bandwidth: 50_000})
		require.NoError(t, w.Run(milliseconds(20_000)))
		return w.Hash()
	}
	require.Equal(t, run(20), run(20))
	require.NotEqual(t, run(20), run(21))
}

// keeper writes a log, as a node does that halts when its disk fails.
type keeper struct {
	echo
	boots *[]string // what was on the disk at each boot
	names []string  // whom it has synced
}

func (k *keeper) Start(env world.Environment) {
	k.env = env
	*k.boots = append(*k.boots, fmt.Sprintf("%.0f ms: %s", float64(env.Elapsed())/1e6, env.Disk().Read("log")))
}

func (k *keeper) write(text string) {
	k.env.Disk().Append("log", []byte(text))
	k.env.Disk().Sync("log", func(err error) {
		if err != nil {
			k.env.Note("halt", err.Error())
			return
		}
		k.names = append(k.names, text)
	})
}

// aKeeper is a world of one, that writes at some times.
func aKeeper(writes map[int]string) (w *World, boots *[]string, notes *[]string) {
	boots, notes = new([]string), new([]string)
	w = New(steady())
	var last *keeper
	w.AddNode("a", func() world.Process { last = &keeper{boots: boots}; return last })
	w.OnNote(func(note history.Note) {
		*notes = append(*notes, fmt.Sprintf("%.0f ms: %s %s", float64(w.Now())/1e6, note.Kind, note.Detail))
	})
	for at, text := range writes {
		w.At(milliseconds(at), func() {
			if w.find("a").alive() {
				last.write(text)
			}
		})
	}
	return w, boots, notes
}

// A write that finds no room ends the node; a second after there is room it boots from what was durable.
func TestAFullDiskEndsANodeUntilThereIsRoom(t *testing.T) {
	w, boots, notes := aKeeper(map[int]string{10: "one.", 100: "two.", 3000: "three."})
	w.At(milliseconds(50), func() { w.Fill("a"); w.Fill("a") })
	w.At(milliseconds(500), func() { w.Drain("a") })
	w.At(milliseconds(1000), func() { w.Drain("a") })
	w.At(milliseconds(4000), func() { w.Kill("a"); w.Restart("a") })
	require.NoError(t, w.Run(milliseconds(5000)))
	require.Equal(t, []string{"100 ms: no-space no space left on device", "101 ms: halt no space left on device"}, *notes)
	require.Len(t, *boots, 3)
	require.Equal(t, "0 ms: ", (*boots)[0])
	require.Contains(t, (*boots)[1], "2000 ms: one.", "and of two. what a crash may leave of it")
	require.Contains(t, (*boots)[2], "three.")
	require.Panics(t, func() { w.Drain("a") })
}

// What is being written when the disk becomes full is not durable either.
func TestAWriteUnderWayFindsNoRoom(t *testing.T) {
	w, _, notes := aKeeper(map[int]string{10: "one."})
	w.At(milliseconds(10)+1, func() { w.Fill("a") })
	require.NoError(t, w.Run(milliseconds(100)))
	require.Equal(t, []string{"11 ms: no-space no space left on device", "11 ms: halt no space left on device"}, *notes)
}

// A node that was killed meanwhile boots when it is restarted, and not before.
func TestAKilledNodeDoesNotBootWhenItsDiskIsDrained(t *testing.T) {
	w, boots, _ := aKeeper(map[int]string{100: "one."})
	w.At(milliseconds(50), func() { w.Fill("a") })
	w.At(milliseconds(200), func() { w.Kill("a") })
	w.At(milliseconds(300), func() { w.Drain("a") })
	w.At(milliseconds(3000), func() { w.Restart("a") })
	require.NoError(t, w.Run(milliseconds(6000)))
	require.Len(t, *boots, 2)
	require.Contains(t, (*boots)[1], "3000 ms: ")
}

// A full disk that fills again before the node is back keeps it down until the last drain.
func TestADiskThatFillsAgainKeepsItsNodeDown(t *testing.T) {
	w, boots, _ := aKeeper(map[int]string{100: "one."})
	w.At(milliseconds(50), func() { w.Fill("a") })
	w.At(milliseconds(200), func() { w.Drain("a") })
	w.At(milliseconds(700), func() { w.Fill("a") })
	w.At(milliseconds(2000), func() { w.Drain("a") })
	require.NoError(t, w.Run(milliseconds(6000)))
	require.Len(t, *boots, 2)
	require.Contains(t, (*boots)[1], "3000 ms: ")
}

// Nobody who writes nothing notices a full disk; and once a write has failed, no later one succeeds before
// a restart, as it cannot be known what was lost.
func TestAFailedDiskStaysFailedUntilARestart(t *testing.T) {
	onDisk(t, func(w *World, disk world.Disk) {
		var errs []error
		done := func(err error) { errs = append(errs, err) }
		w.Fill("a")
		disk.Append("log", nil)
		w.Drain("a")
		disk.Replace("kept", []byte("x"), done)
		require.NoError(t, w.Run(milliseconds(20)))
		w.Fill("a")
		disk.Append("log", []byte("x"))
		w.Drain("a")
		disk.Sync("log", done)
		disk.Replace("kept", []byte("y"), done)
		require.NoError(t, w.Run(milliseconds(40)))
		require.Equal(t, []error{nil, errNoSpace, errNoSpace}, errs)
		w.PowerOff("a")
		w.PowerOn("a")
		require.NoError(t, w.Run(milliseconds(60)))
		require.Equal(t, "x", string(disk.Read("kept")))
	})
}

// asker is a client that does nothing by itself.
type asker struct{ *echo }

func (asker) Invoke(history.Request, func(history.Completion)) {}

// Between two clients passes what passes between their hosts.
func TestClientsAreApartWhenTheirHostsAre(t *testing.T) {
	w := New(steady())
	for _, node := range []string{"n1", "n2"} {
		w.AddNode(node, func() world.Process { return &echo{} })
	}
	a, b, beside := asker{&echo{}}, asker{&echo{}}, asker{&echo{}}
	w.AddClient("a", "n1", a)
	w.AddClient("b", "n2", b)
	w.AddClient("beside", "n1", beside)
	say := func(at history.Time) {
		w.At(at, func() {
			a.env.Send("b", []byte("over"))
			a.env.Send("beside", []byte("here"))
			b.env.Send("a", []byte("back"))
		})
	}
	say(milliseconds(10))
	w.At(milliseconds(20), func() { w.Cut("n1", "n2") })
	say(milliseconds(30))
	w.At(milliseconds(40), func() { w.Mend("n1", "n2") })
	say(milliseconds(50))
	say(milliseconds(60))
	w.At(milliseconds(60)+history.Time(500*time.Microsecond), func() { w.Cut("n1", "n2") }) // while it is on its way
	require.NoError(t, w.Run(milliseconds(100)))
	require.Equal(t, 2, count(b.heard, "datagram"))
	require.Equal(t, 4, count(beside.heard, "datagram"))
	require.Equal(t, 4, count(a.heard, "datagram"), "one direction is cut")
}
