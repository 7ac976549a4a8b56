package host

import (
	"errors"
	"fmt"
	"io"
	"math/rand"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/world"
)

// echo answers everything with the same bytes.
func echo() *actor {
	a := newActor()
	a.on = func(c world.Connection, message []byte) { c.Send(message) }
	return a
}

// However the stream is cut into pieces, messages come whole and in order.
func TestMessagesComeWholeAndInOrder(t *testing.T) {
	a := newActor()
	r := start(t, a, nil)
	socket := r.dial(t)
	random := rand.New(rand.NewSource(1))
	var stream []byte
	var want []string
	for i := range 2000 {
		size := random.Intn(200)
		switch i % 100 {
		case 0:
			size = 100_000
		case 1:
			size = 0
		}
		message := fmt.Sprintf("%d %s", i, strings.Repeat("m", size))
		if i%100 == 1 {
			message = ""
		}
		stream = append(stream, framed(message)...)
		want = append(want, "got "+message)
	}
	go func() {
		for len(stream) > 0 {
			n := min(1+random.Intn(1<<random.Intn(18)), len(stream))
			_, _ = socket.Write(stream[:n])
			stream = stream[n:]
		}
	}()
	a.hears(t, "accepted")
	a.hears(t, want...)
}

func TestAnswersGoOutInOrder(t *testing.T) {
	r := start(t, echo(), nil)
	socket := r.dial(t)
	var want []string
	for i := range 500 {
		want = append(want, strings.Repeat(fmt.Sprint(i%10), 1+i*i%70_000))
	}
	go func() { _, _ = socket.Write(framed(want...)) }()
	for i := range want {
		require.True(t, want[i] == get(t, socket), "answer %d", i)
	}
}

func TestPeerOfAClientIsItsAddress(t *testing.T) {
	a := newActor()
	r := start(t, a, func(o *Options) { o.Peers = map[string]string{"n1": "", "n2": ""} })
	socket := r.dial(t)
	require.Equal(t, socket.LocalAddr().String(), a.link(t).Peer())
}

// Why a connection ended is told, and nothing after the process's own Close.
func TestReasonsOfTheEnd(t *testing.T) {
	a := newActor()
	r := start(t, a, func(o *Options) { o.Patience = 300 * time.Millisecond })
	socket := r.dial(t)
	put(t, socket, framed("hello"))
	require.NoError(t, socket.Close())
	a.hears(t, "accepted", "got hello", "closed: ended")

	socket = r.dial(t)
	put(t, socket, framed("hello"))
	a.hears(t, "accepted", "got hello")
	require.NoError(t, socket.SetLinger(0))
	require.NoError(t, socket.Close())
	a.hears(t, "closed: reset")

	socket = r.dial(t)
	put(t, socket, append(framed("hello"), 0, 0, 0, 9, 'x'))
	require.NoError(t, socket.CloseWrite())
	a.hears(t, "accepted", "got hello", "closed: reset") // in the middle of a message

	r.dial(t) // and not a word
	a.hears(t, "accepted", "closed: timed out")

	for len(a.links) > 0 {
		<-a.links
	}
	socket = r.dial(t)
	c := a.link(t)
	a.do(t, func() {
		c.Send([]byte("bye"))
		c.Close()
		c.Send([]byte("more"))
		c.Close()
	})
	put(t, socket, framed("too late"))
	require.Equal(t, string(framed("bye")), end(t, socket))
	require.NoError(t, socket.Close())
	r.dial(t)
	a.hears(t, "accepted", "accepted") // and nothing of the connection that was closed
}

// What was sent before Close arrives, although the client has sent what nobody reads.
func TestCloseDoesNotCutOffWhatWasSent(t *testing.T) {
	a := newActor()
	large := strings.Repeat("x", 3<<20)
	a.on = func(c world.Connection, _ []byte) {
		c.Send([]byte(large))
		c.Close()
	}
	r := start(t, a, nil)
	socket := r.dial(t)
	put(t, socket, framed("first", "second", "third"))
	time.Sleep(50 * time.Millisecond) // the answer is stuck behind full buffers
	require.Equal(t, string(framed(large)), end(t, socket))
}

func TestAFrameThatIsTooLong(t *testing.T) {
	for _, bad := range []string{"\x00\x00\x04\x01", "\x80\x00\x00\x00", "\xff\xff\xff\xff", "GET ", "ruok"} {
		a := newActor()
		r := start(t, a, func(o *Options) { o.MaxFrame = 1024 })
		socket := r.dial(t)
		put(t, socket, framed(strings.Repeat("x", 1024)))
		a.hears(t, "accepted", "got "+strings.Repeat("x", 1024))
		put(t, socket, []byte(bad))
		require.Equal(t, "", end(t, socket))
		a.hears(t, "closed: reset")
		require.NoError(t, r.stop())
	}
}

func TestWords(t *testing.T) {
	a := newActor()
	a.on = func(c world.Connection, message []byte) {
		if string(message) == "ruok" {
			c.Send([]byte("im"))
			c.Send([]byte("ok"))
			c.Close()
			return
		}
		c.Send(message)
	}
	r := start(t, a, func(o *Options) { o.Words = true })
	for _, text := range []string{"ruok", "ruok\n", "ruok with more behind it"} {
		socket := r.dial(t)
		put(t, socket, []byte(text))
		require.Equal(t, "imok", end(t, socket))
	}
	socket := r.dial(t)
	put(t, socket, []byte("ruok"))
	require.NoError(t, socket.CloseWrite())
	require.Equal(t, "imok", end(t, socket))

	socket = r.dial(t)
	put(t, socket, framed("ordinary"))
	require.Equal(t, "ordinary", get(t, socket))
	put(t, socket, []byte("ruok")) // not at the beginning: a length
	require.Equal(t, "", end(t, socket))

	socket = r.dial(t)
	for _, piece := range []string{"r", "u", "ok"} {
		put(t, socket, []byte(piece))
		time.Sleep(10 * time.Millisecond)
	}
	require.Equal(t, "imok", end(t, socket))
}

// A client that sends a byte now and then costs its own connection, and only until its first message
// is late.
func TestSlowloris(t *testing.T) {
	a := echo()
	r := start(t, a, func(o *Options) { o.Patience = 200 * time.Millisecond })
	slow := r.dial(t)
	began := time.Now()
	put(t, slow, []byte{0, 0, 3, 0})
	for {
		if _, err := slow.Write([]byte("x")); err != nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
		require.Less(t, time.Since(began), patience, "still open")
	}
	quick := r.dial(t)
	put(t, quick, framed("served"))
	require.Equal(t, "served", get(t, quick))
	time.Sleep(300 * time.Millisecond)
	put(t, quick, framed("later"))
	require.Equal(t, "later", get(t, quick), "after its first message a client may be silent")
}

// A length alone allocates nothing.
func TestALengthAloneCostsNothing(t *testing.T) {
	a := newActor()
	r := start(t, a, func(o *Options) { o.MaxFrame = 1 << 30 })
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 50 {
		put(t, r.dial(t), []byte{0x3f, 0xff, 0xff, 0xff, 1})
		a.hears(t, "accepted")
	}
	time.Sleep(50 * time.Millisecond)
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(10<<20))
}

// A flood is taken in only as fast as the process handles it.
func TestAFloodWaits(t *testing.T) {
	a := newActor()
	gate := make(chan struct{})
	var got int
	a.on = func(_ world.Connection, message []byte) {
		<-gate
		got += len(message)
	}
	r := start(t, a, nil)
	socket := r.dial(t)
	message := framed(strings.Repeat("x", 1000))
	sent := 0
	require.NoError(t, socket.SetWriteDeadline(time.Now().Add(time.Second)))
	for {
		n, err := socket.Write(message)
		if err != nil {
			break
		}
		sent += n
		require.Less(t, sent, 64<<20, "nothing holds it up")
	}
	close(gate)
	require.NoError(t, socket.SetDeadline(time.Now().Add(patience)))
	require.Eventually(t, func() bool {
		seen := 0
		a.do(t, func() { seen = got })
		return seen >= sent/len(message)*1000
	}, patience, 10*time.Millisecond, "all of it is handled in the end")
}

// A process that holds a connection hears nothing more of it until it lets go.
func TestHold(t *testing.T) {
	a := newActor()
	r := start(t, a, nil)
	socket := r.dial(t)
	c := a.link(t)
	a.do(t, func() { c.(interface{ Hold(bool) }).Hold(true) })
	put(t, socket, framed("one"))
	a.hears(t, "accepted", "got one") // the reader was waiting for the socket already
	put(t, socket, framed("two"))
	select {
	case got := <-a.heard:
		require.Fail(t, "heard", got)
	case <-time.After(100 * time.Millisecond):
	}
	a.do(t, func() { c.(interface{ Hold(bool) }).Hold(false) })
	a.hears(t, "got two")
}

func TestMaxClientConnections(t *testing.T) {
	a := echo()
	r := start(t, a, func(o *Options) { o.MaxClientConnections = 3 })
	var last io.Closer
	for range 3 {
		socket := r.dial(t)
		put(t, socket, framed("x"))
		require.Equal(t, "x", get(t, socket))
		last = socket
	}
	refused := r.dial(t)
	require.Equal(t, "", end(t, refused))
	require.NoError(t, last.Close())
	require.Eventually(t, func() bool {
		socket := r.dial(t)
		_, _ = socket.Write(framed("x"))
		one := make([]byte, 1)
		_, err := socket.Read(one)
		return err == nil
	}, patience, 10*time.Millisecond, "a place is free again")
	require.Contains(t, r.log.String(), "too many connections from 127.0.0.1, the limit is 3")
}

// A client that does not read is given up once more waits for it than may, and nobody else notices.
func TestAClientThatDoesNotRead(t *testing.T) {
	a := newActor()
	r := start(t, a, func(o *Options) { o.ClientQueue = 1 << 20 })
	deaf := r.dial(t)
	c := a.link(t)
	other := r.dial(t)
	d := a.link(t)
	a.hears(t, "accepted", "accepted")
	require.Eventually(t, func() bool {
		a.do(t, func() {
			for range 100 {
				c.Send(make([]byte, 10_000))
			}
		})
		return len(a.heard) > 0
	}, patience, time.Millisecond)
	a.hears(t, "closed: reset")
	a.do(t, func() { d.Send([]byte("well")) })
	require.Equal(t, "well", get(t, other))
	_, err := io.Copy(io.Discard, deaf)
	require.Error(t, err)
	require.False(t, errors.Is(err, io.EOF))
}

// Many connections that come and go leave nothing behind.
func TestNothingIsLeftBehind(t *testing.T) {
	a := echo()
	go func() {
		for range a.heard { // nobody asks
		}
	}()
	r := start(t, a, nil)
	a.do(t, func() {}) // so that it accepts by now
	before := runtime.NumGoroutine()
	for i := range 200 {
		socket := r.dial(t)
		put(t, socket, framed("x"))
		require.Equal(t, "x", get(t, socket))
		if i%2 == 0 {
			require.NoError(t, socket.SetLinger(0))
		}
		require.NoError(t, socket.Close())
		<-a.links
	}
	h := a.env.(*host)
	require.Eventually(t, func() bool {
		known := 0
		a.do(t, func() { known = len(h.connections) })
		h.sockets.mutex.Lock()
		defer h.sockets.mutex.Unlock()
		return known+len(h.sockets.all)+len(h.sockets.count) == 0 && runtime.NumGoroutine() <= before+1 // the one that asks
	}, patience, 10*time.Millisecond)
}
