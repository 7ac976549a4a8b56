package host

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/world"
)

// leading is an actor that can lead.
type leading struct {
	*actor
	term  uint64
	leads bool
}

func (l *leading) Leading() (uint64, bool) { return l.term, l.leads }

// watched starts a process that can be watched.
func watched(t *testing.T, address string) (*leading, *running) {
	l := &leading{actor: newActor()}
	return l, start(t, l, func(o *Options) { o.Admin = address })
}

// heard is a watcher that keeps what it hears, in order.
type heard struct {
	mutex sync.Mutex
	lines []string
}

func (h *heard) add(format string, arguments ...any) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.lines = append(h.lines, fmt.Sprintf(format, arguments...))
}

func (h *heard) Ready()                          { h.add("ready") }
func (h *heard) Note(kind, detail string)        { h.add("%s: %s", kind, detail) }
func (h *heard) Leads(term uint64, leading bool) { h.add("leads in %d: %t", term, leading) }

// hears waits until what was heard is what is wanted, and nothing else.
func (h *heard) hears(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	if !satisfied(func() bool {
		h.mutex.Lock()
		defer h.mutex.Unlock()
		got = append([]string(nil), h.lines...)
		return len(got) >= len(want)
	}) {
		require.Equal(t, want, got, "not heard in time")
	}
	require.Equal(t, want, got)
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.lines = h.lines[len(want):]
}

func satisfied(condition func() bool) bool {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if condition() {
			return true
		}
	}
	return false
}

// follow follows a node until the end of the test, or the function that it gives.
func follow(t *testing.T, address string) (*heard, func()) {
	h := &heard{}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		Follow(ctx, nil, address, h)
	}()
	stop := func() {
		cancel()
		<-ended
	}
	t.Cleanup(stop)
	return h, stop
}

// A node is followed before it is there, through its end, and when it has come again.
func TestFollow(t *testing.T) {
	address := freePort(t)
	h, stop := follow(t, address)
	for life := range 2 {
		l, r := watched(t, address)
		h.hears(t, "ready")
		l.do(t, func() { l.env.Note("kind", fmt.Sprintf("in life %d\n\xff", life)) })
		l.do(t, func() { l.term, l.leads = 7, true })
		l.do(t, func() { l.term = 8 })
		h.hears(t, fmt.Sprintf("kind: in life %d\n\uFFFD", life), "leads in 7: true", "leads in 8: true")
		l.do(t, func() { l.term, l.leads = 9, false })
		h.hears(t, "leads in 9: false")
		l.do(t, func() { l.leads = true })
		h.hears(t, "leads in 9: true")
		l.on = func(world.Connection, []byte) { panic("leading: the end") }
		put(t, r.dial(t), framed("x"))
		require.Error(t, <-r.failed)
		h.hears(t, "panic: leading: the end", "leads in 9: false")
	}
	stop()
	h.hears(t)
}

// Who comes later hears what was before: the last thousand notes, and how it is now.
func TestWhatWasBeforeIsToldAgain(t *testing.T) {
	l, r := watched(t, "127.0.0.1:0")
	l.do(t, func() {
		for i := range mostPast + 10 {
			l.env.Note("n", fmt.Sprint(i))
		}
		l.term, l.leads = 3, true
	})
	l.do(t, func() {})
	want := []string{"ready", "leads in 3: true"}
	for i := range mostPast {
		want = append(want, fmt.Sprintf("n: %d", i+10))
	}
	for range 2 {
		h, stop := follow(t, r.addresses.Admin)
		h.hears(t, want...)
		stop()
		h.hears(t, "leads in 3: false")
	}
}

// A connection that ends while the node lives costs no note, and brings none twice.
func TestFollowThroughABreak(t *testing.T) {
	l, r := watched(t, "127.0.0.1:0")
	l.do(t, func() { l.env.Note("n", "1") })
	sockets := make(chan net.Conn, 10)
	h := &heard{}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		Follow(ctx, func(ctx context.Context, network, address string) (net.Conn, error) {
			socket, err := new(net.Dialer).DialContext(ctx, network, address)
			if err == nil {
				sockets <- socket
			}
			return socket, err
		}, r.addresses.Admin, h)
	}()
	h.hears(t, "ready", "n: 1")
	require.NoError(t, (<-sockets).Close())
	l.do(t, func() { l.env.Note("n", "2") })
	h.hears(t, "n: 2")
	cancel()
	<-ended
}

// The clock is off by what was said last, and Elapsed goes on as it did.
func TestTheClockIsSet(t *testing.T) {
	l, r := watched(t, "127.0.0.1:0")
	off := func() (wall, elapsed time.Duration) {
		l.do(t, func() {
			wall = l.env.Now() - time.Duration(time.Now().UnixNano())
			elapsed = l.env.Elapsed()
		})
		return wall, elapsed
	}
	within := func(want time.Duration) {
		t.Helper()
		wall, _ := off()
		require.InDelta(t, want.Seconds(), wall.Seconds(), 0.01)
	}
	within(0)
	_, before := off()
	for _, offset := range []time.Duration{5 * time.Second, -time.Hour, 0, mostOffset} {
		require.NoError(t, SetClock(t.Context(), nil, r.addresses.Admin, offset, 0))
		within(offset)
	}
	_, after := off()
	require.Greater(t, after, before)
	require.Less(t, after-before, patience)

	require.NoError(t, SetClock(t.Context(), nil, r.addresses.Admin, time.Minute, mostDrift))
	time.Sleep(200 * time.Millisecond)
	wall, _ := off()
	require.Greater(t, wall, time.Minute+90*time.Millisecond)
	err := SetClock(t.Context(), nil, r.addresses.Admin, mostOffset+1, 0)
	require.ErrorContains(t, err, "the clock is not set: clock.offset: a duration such as")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorContains(t, SetClock(ctx, nil, freePort(t), time.Second, 0), "is not set")
}

func TestDrift(t *testing.T) {
	require.Equal(t, 100*time.Nanosecond, drifted(time.Millisecond, 100))
	require.Equal(t, -time.Nanosecond, drifted(10*time.Microsecond, -100))
	year := 365 * 24 * time.Hour
	require.Equal(t, year/2, drifted(year, mostDrift))
}

// What is wrong with an order is said, and the connection goes on.
func TestWrongOrders(t *testing.T) {
	_, r := watched(t, "127.0.0.1:0")
	socket, err := net.Dial("tcp", r.addresses.Admin)
	require.NoError(t, err)
	defer func() { _ = socket.Close() }()
	require.NoError(t, socket.SetDeadline(time.Now().Add(patience)))
	lines := bufio.NewScanner(socket)
	next := func() string {
		require.True(t, lines.Scan(), lines.Err())
		return lines.Text()
	}
	require.Contains(t, next(), `{"life":"`)
	require.Equal(t, `{"ready":true}`, next())
	for order, want := range map[string]string{
		``:                                       "the line: an object is wanted",
		`[]`:                                     "the line: an object is wanted",
		`{}`:                                     "nothing is ordered: clock is missing",
		`{"clock":{"offset":"5s"},"x":1}`:        "x: this field is not known",
		`{"Clock":{"offset":"5s"}}`:              "Clock: this field is not known",
		`{"clock":7}`:                            "the line clock: an object is wanted",
		`{"clock":{}}`:                           "clock.offset: a duration such as",
		`{"clock":{"offset":5}}`:                 "clock.offset: a duration such as",
		`{"clock":{"offset":"5"}}`:               "clock.offset: a duration such as",
		`{"clock":{"offset":"900000h"}}`:         "clock.offset: a duration such as",
		`{"clock":{"offset":"1s","drift":"x"}`:   "this is no JSON",
		`{"clock":{"offset":"1s","drift":"x"}}`:  "clock.drift: parts per million",
		`{"clock":{"offset":"1s","drift":null}}`: "clock.drift: parts per million",
		`{"clock":{"offset":"1s","drift":600000}}`:        "clock.drift: parts per million",
		`{"clock":{"offset":"1s","offset":"2s"}}`:         "clock.offset comes twice",
		`{"clock":{"offset":"1s","drift":1.5}}`:           "clock.drift: parts per million",
		`{"clock":{"offset":"1s","Drift":1}}`:             "clock.Drift: this field is not known",
		`{"members":{}}`:                                  "members.out: a list of nodes is wanted",
		`{"members":{"out":"n3"}}`:                        "members.out: a list of nodes is wanted",
		`{"members":{"out":null}}`:                        "members.out: a list of nodes is wanted",
		`{"members":{"out":[],"renewed":["n3",7]}}`:       "members.renewed: a list of nodes is wanted",
		`{"members":{"out":[],"renewed":null}}`:           "members.renewed: a list of nodes is wanted",
		`{"members":{"renewed":["n3"]}}`:                  "members.out: a list of nodes is wanted",
		`{"members":{"out":[],"out":[]}}`:                 "members.out comes twice",
		`{"members":{"in":[]}}`:                           "members.in: this field is not known",
		`{"members":{"out":[]},"clock":{"offset":"1s"}}`:  "clock and members are two orders",
		`{"clock":{"offset":"1s"}} {}`:                    "more than one value",
		`{"clock":{"offset":"1s","drift":1},"clock":nul}`: "clock: this is no JSON",
	} {
		put(t, socket, []byte(order+"\n"))
		require.Contains(t, next(), `{"error":"`+strings.ReplaceAll(want, `"`, `\"`), order)
	}
	put(t, socket, []byte(`{"clock":{"offset":"-5s","drift":-100}}`+"\n"))
	require.Equal(t, `{"ok":true}`, next())
	put(t, socket, []byte(strings.Repeat("x", mostOrder+1)))
	require.Equal(t, `{"error":"a line is longer than 4096 bytes"}`, next())
	require.False(t, lines.Scan())
}

// member is an actor that can be told who is a member.
type member struct {
	*actor
	roll world.Roll
}

func (m *member) Enlist(roll world.Roll) { m.roll = roll }

// Who is a member is told to a process that has members, and to no other.
func TestEnlist(t *testing.T) {
	m := &member{actor: newActor()}
	r := start(t, m, func(o *Options) { o.Admin = "127.0.0.1:0" })
	for _, roll := range []world.Roll{{Out: []string{"n3"}}, {Out: []string{"n1", "n\"2"}, Renewed: []string{"n2", "n2"}}, {Renewed: []string{"n1"}}, {}} {
		require.NoError(t, Enlist(t.Context(), nil, r.addresses.Admin, roll))
		m.do(t, func() { require.True(t, roll.Equal(m.roll), "%+v was told, and %+v was heard", roll, m.roll) })
	}
	_, other := watched(t, "127.0.0.1:0")
	err := Enlist(t.Context(), nil, other.addresses.Admin, world.Roll{})
	require.ErrorContains(t, err, "the members are not told: members: this server cannot be told who is one")
}

// Who does not read is cut off, and neither the process nor anybody else waits for him.
func TestWhoDoesNotReadIsCutOff(t *testing.T) {
	l, r := watched(t, "127.0.0.1:0")
	lazy, err := net.Dial("tcp", r.addresses.Admin)
	require.NoError(t, err)
	defer func() { _ = lazy.Close() }()
	require.NoError(t, lazy.(*net.TCPConn).SetReadBuffer(4096))
	h, _ := follow(t, r.addresses.Admin)
	h.hears(t, "ready")
	text := strings.Repeat("x", 10_000)
	cut := func() bool { return strings.Contains(r.log.String(), "does not read what it is told: it is cut off") }
	for count := 0; !cut(); count++ {
		require.Less(t, count, 100*mostUnread)
		l.do(t, func() {
			for range 10 {
				l.env.Note("n", text)
			}
		})
		h.hears(t, slices.Repeat([]string{"n: " + text[:mostText]}, 10)...)
	}
}

// Too many connections are closed, and there is room again when one has gone.
func TestTooManyWatch(t *testing.T) {
	_, r := watched(t, "127.0.0.1:0")
	var sockets []net.Conn
	greeted := func() bool {
		socket, err := net.Dial("tcp", r.addresses.Admin)
		require.NoError(t, err)
		require.NoError(t, socket.SetDeadline(time.Now().Add(patience)))
		sockets = append(sockets, socket)
		_, err = bufio.NewReader(socket).ReadString('\n')
		return err == nil
	}
	for range mostWatching {
		require.True(t, greeted())
	}
	require.False(t, greeted())
	require.NoError(t, sockets[0].Close())
	require.True(t, satisfied(greeted))
	require.NoError(t, r.stop(), "whoever watches")
	for _, socket := range sockets {
		_ = socket.Close()
	}
}

func TestAnAdminPortThatIsTaken(t *testing.T) {
	_, r := watched(t, "127.0.0.1:0")
	err := Run(t.Context(), Options{Name: "n2", Process: newActor(), ClientListen: []string{"127.0.0.1:0"}, Admin: r.addresses.Admin})
	require.EqualError(t, err, "cannot listen for admin on "+r.addresses.Admin+": bind: address already in use")
}

// A stranger on the port is told of, once.
func TestFollowingAStranger(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = listener.Close() }()
	go func() {
		for {
			socket, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = socket.Write([]byte("HTTP/1.1 400 Bad Request\n"))
			_ = socket.Close()
		}
	}()
	h, stop := follow(t, listener.Addr().String())
	time.Sleep(100 * time.Millisecond)
	stop()
	require.Len(t, h.lines, 1)
	require.Contains(t, h.lines[0], "is not understood")
}

func FuzzOrder(f *testing.F) {
	f.Add([]byte(`{"clock":{"offset":"5s","drift":100}}`))
	f.Add([]byte(`{"clock":{"offset":"-2562047h47m16s"}}`))
	f.Add([]byte(`{"clock":{"offset":"1s","offset":"1s"}}`))
	f.Add([]byte(`{"members":{"out":["n3"],"renewed":["n2","n2"]}}`))
	f.Add([]byte(`{"members":{"out":[]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := decodeOrder(data)
		if err != nil {
			return
		}
		again, err := decodeOrder(o.encode())
		require.NoError(t, err)
		require.Equal(t, o, again)
		require.LessOrEqual(t, o.offset.Abs(), mostOffset)
	})
}

func FuzzReport(f *testing.F) {
	for _, line := range []string{`{"life":"1"}`, `{"note":{"number":1,"kind":"k","detail":"d"}}`, `{"leads":true,"term":7}`, `{"ok":true}`, `{}{}`} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := decodeReport(data)
		if err != nil {
			return
		}
		again, err := decodeReport(l.encode())
		require.NoError(t, err)
		require.Equal(t, l, again)
	})
}
