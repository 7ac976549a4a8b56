package zkclient

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/systems/zkwire"
	"cleave/world"
	"cleave/world/sim"
)

const firstSession = "0x9000000000000001"

func TestConnect(t *testing.T) {
	b := started(t, 1)
	require.Equal(t, []zkwire.ConnectRequest{{Timeout: 4000, Password: make([]byte, 16), HasReadOnly: true}}, b.servers[0].hellos)
	require.Equal(t, []string{"connected n1 session " + firstSession}, b.told)
	require.Empty(t, b.servers[0].heard, "there are no watches to set")
	require.Equal(t, "password of     ", string(b.client.password))
}

// Pings go out when nothing else has for a third of what the server granted.
func TestPings(t *testing.T) {
	b := newBench(t, 1, 1, Options{SessionTimeout: 9 * time.Second})
	b.servers[0].timeout = 3 * time.Second
	b.pass(10500 * time.Millisecond)
	pings := b.heard(1, zkwire.OpPing)
	require.Len(t, pings, 10)
	for i, h := range pings {
		require.Equal(t, zkwire.Request{Xid: zkwire.XidPing, Op: zkwire.OpPing}, h.request)
		require.InDelta(t, time.Duration(i+1)*time.Second, h.at, float64(time.Millisecond))
	}
	for range 10 {
		b.ok(history.Read, "x", history.Nothing)
		b.pass(900 * time.Millisecond)
	}
	require.Len(t, b.heard(1, zkwire.OpPing), 10, "a server that is asked other things needs no pings")
	require.Equal(t, 0, b.count("disconnected"))
	require.Zero(t, b.client.seen-b.store.zxid)
}

// A server that is silent for two thirds of the session's time is left, with its session.
func TestSilentServerIsLeft(t *testing.T) {
	b := started(t, 2)
	b.ok(history.Write, "x", history.Integer(1))
	wrote := b.world.Now().Duration()
	b.servers[0].before = func(*peer, *zkwire.Request) bool { return true }
	b.pass(4 * time.Second)
	require.Equal(t, []string{"disconnected n1", "connected n2 session " + firstSession}, b.told[len(b.told)-2:])
	left := b.at[len(b.at)-2]
	require.InDelta(t, wrote+8*time.Second/3, left, float64(2*time.Millisecond))
	require.InDelta(t, left+100*time.Millisecond, b.at[len(b.at)-1], float64(52*time.Millisecond), "after a short wait")
	hello := b.servers[1].hellos[0]
	require.Equal(t, b.client.session, hello.SessionID)
	require.Equal(t, "password of     ", string(hello.Password))
	require.Equal(t, b.store.zxid, hello.LastZxidSeen)
	require.Positive(t, hello.LastZxidSeen)
}

// A server that does not answer the connect request is left after the connect limit.
func TestUnansweredHello(t *testing.T) {
	b := newBench(t, 1, 2, Options{ConnectLimit: 300 * time.Millisecond, Settle: time.Millisecond})
	b.servers[0].greet = func(*peer, *zkwire.ConnectRequest) bool { return true }
	b.pass(time.Second)
	require.Equal(t, []string{"connected n2 session " + firstSession}, b.told)
	require.InDelta(t, 400*time.Millisecond, b.at[0], float64(60*time.Millisecond))
}

// At the start the client waits for its own server, and only then looks elsewhere.
func TestStaysHomeAtFirst(t *testing.T) {
	b := newBench(t, 1, 3, Options{Settle: 2 * time.Second})
	b.servers[0].greet = func(p *peer, _ *zkwire.ConnectRequest) bool { p.Close(); return true }
	b.pass(1900 * time.Millisecond)
	require.Empty(t, append(b.servers[1].hellos, b.servers[2].hellos...))
	require.Greater(t, len(b.servers[0].hellos), 10)
	b.pass(300 * time.Millisecond)
	require.Equal(t, 1, b.count("connected"))
}

// Whatever is no right answer to the connect request is the end of the connection; the next try does.
func TestBadGreetings(t *testing.T) {
	for name, answer := range map[string][]byte{
		"nothing":               {},
		"cut short":             {0, 0, 0, 0, 0, 0},
		"no new session":        (&zkwire.ConnectResponse{Password: make([]byte, 16)}).Append(nil),
		"one that cannot write": (&zkwire.ConnectResponse{Timeout: 4000, SessionID: 7, ReadOnly: true, HasReadOnly: true}).Append(nil),
	} {
		b := newBench(t, 1, 1, Options{})
		b.servers[0].greet = func(p *peer, _ *zkwire.ConnectRequest) bool {
			if len(b.servers[0].hellos) == 1 {
				p.Send(answer)
			}
			return len(b.servers[0].hellos) == 1
		}
		b.pass(40 * time.Millisecond)
		require.Empty(t, b.told, name)
		b.pass(160 * time.Millisecond)
		require.Equal(t, []string{"connected n1 session " + firstSession}, b.told, name)
	}
}

// An expired session is noted; the next one is new, but what was seen is not forgotten.
func TestExpiry(t *testing.T) {
	b := started(t, 1)
	b.ok(history.Write, "x", history.Integer(1))
	b.ok(history.Watch, "x", history.Text("data"))
	b.ok(history.Watch, "x", history.Text("recursive"))
	b.store.end(b.client.session)
	b.servers[0].hangUp()
	b.pass(200 * time.Millisecond)
	require.Equal(t, []string{"disconnected n1", "expired " + firstSession, "connected n1 session 0x9000000000000002"}, b.told[4:])
	fresh := b.servers[0].hellos[2]
	require.Zero(t, fresh.SessionID)
	require.Equal(t, make([]byte, 16), fresh.Password)
	require.Positive(t, fresh.LastZxidSeen)
	require.Empty(t, append(b.heard(1, zkwire.OpSetWatches), b.heard(1, zkwire.OpSetWatches2)...), "watches end with their session")
	b.ok(history.Read, "x", history.Nothing)
}

// Anything out of order, or unreadable, ends the connection.
func TestUnfitReplies(t *testing.T) {
	for name, reply := range map[string]func(*zkwire.Request) []byte{
		"too early": func(q *zkwire.Request) []byte { return (&zkwire.Reply{Xid: q.Xid + 1}).Append(nil, zkwire.OpPing) },
		"too late":  func(q *zkwire.Request) []byte { return (&zkwire.Reply{Xid: q.Xid - 1}).Append(nil, zkwire.OpPing) },
		"no header": func(q *zkwire.Request) []byte { return []byte{0, 0, 0, byte(q.Xid)} },
		"no body":   func(q *zkwire.Request) []byte { return (&zkwire.Reply{Xid: q.Xid}).Append(nil, zkwire.OpPing) },
		"an event without a body": func(*zkwire.Request) []byte {
			return (&zkwire.Reply{Xid: zkwire.XidNotification}).Append(nil, zkwire.OpPing)
		},
		"an event of no type": func(*zkwire.Request) []byte { return (&zkwire.Event{Type: 9, Path: "/x"}).Append(nil) },
	} {
		b := started(t, 1)
		b.before(func(_ *server, p *peer, q *zkwire.Request) bool {
			p.Send(reply(q))
			return true
		})
		require.Equal(t, ErrorConnectionLoss, b.fails(history.Read, "x", history.Nothing), name)
		require.Equal(t, 1, b.count("disconnected n1"), name)
		require.Equal(t, 0, b.count("event"), name)
	}
	b := started(t, 1)
	b.servers[0].peers[0].Send((&zkwire.Reply{Xid: 1}).Append(nil, zkwire.OpDelete))
	b.pass(10 * time.Millisecond)
	require.Equal(t, 1, b.count("disconnected n1"), "an answer to nothing")
}

// The numbers of requests go up by one, also over connections, and never become negative.
func TestXids(t *testing.T) {
	b := started(t, 1)
	for range 3 {
		b.ok(history.Read, "x", history.Nothing)
	}
	b.servers[0].hangUp()
	b.pass(time.Second)
	b.ok(history.SyncRead, "x", history.Nothing)
	b.client.xid = math.MaxInt32 - 1
	b.ok(history.SyncRead, "x", history.Nothing)
	var xids []int32
	for _, h := range b.servers[0].heard {
		xids = append(xids, h.request.Xid)
	}
	require.Equal(t, []int32{1, 2, 3, 4, 5, math.MaxInt32, 1}, xids)
}

func TestHome(t *testing.T) {
	b := started(t, 2)
	b.ok(history.Write, "x", history.Integer(1))
	b.ok(history.Home, "", history.Nothing)
	require.Equal(t, 1, b.count("connected"), "it is there already")
	b.servers[0].hangUp()
	b.pass(500 * time.Millisecond)
	require.Equal(t, "n2", b.ok(history.Read, "x", history.Nothing).Node)
	got := b.ok(history.Home, "", history.Nothing)
	require.Equal(t, history.Completion{Outcome: history.Ok, Node: "n1", Version: b.store.zxid}, got)
	require.Equal(t, []string{"disconnected n2", "connected n1 session " + firstSession, "home ok"}, b.told[len(b.told)-3:])
	b.servers[0].hangUp()
	b.pass(500 * time.Millisecond)
	b.servers[0].greet = func(p *peer, _ *zkwire.ConnectRequest) bool { p.Close(); return true }
	require.Equal(t, ErrorNotConnected, b.fails(history.Home, "", history.Nothing))
}

func TestOneRequestAtATime(t *testing.T) {
	b := started(t, 1)
	b.swallow(zkwire.OpGetData)
	b.begin(history.Read, "x", history.Nothing)
	require.PanicsWithValue(t, "zkclient: a client was given a request while one is under way", func() {
		b.begin(history.Read, "x", history.Nothing)
	})
}

// caller dials a client, as nobody should.
type caller struct {
	server
	reason world.CloseReason
}

func (c *caller) Start(env world.Environment)                         { env.Dial("c1") }
func (c *caller) Closed(_ world.Connection, reason world.CloseReason) { c.reason = reason }

func TestNobodyConnectsToAClient(t *testing.T) {
	w, c := sim.New(sim.DefaultOptions(1)), &caller{server: server{store: newStore()}}
	w.AddNode("n1", func() world.Process { return c })
	w.AddClient("c1", "n1", New(Options{}, "n1", []string{"n1"}))
	require.NoError(t, w.Run(history.Time(time.Second)))
	require.Equal(t, world.Ended, c.reason)
}

// Whatever a server sends, the client neither panics nor fails to end a request.
func FuzzReceived(f *testing.F) {
	f.Add([]byte{}, false)
	f.Add((&zkwire.Reply{Xid: 1, Code: zkwire.OK}).Append(nil, zkwire.OpGetData), true)
	f.Add((&zkwire.ConnectResponse{Timeout: 1, SessionID: 1}).Append(nil), false)
	f.Add((&zkwire.Event{Type: zkwire.EventDeleted, Path: "/x"}).Append(nil), true)
	f.Fuzz(func(t *testing.T, message []byte, greeted bool) {
		b := newBench(t, 1, 1, Options{})
		if greeted {
			b.before(func(_ *server, p *peer, _ *zkwire.Request) bool { p.Send(message); return true })
		} else {
			b.servers[0].greet = func(p *peer, _ *zkwire.ConnectRequest) bool {
				p.Send(message)
				p.greeted = true
				return true
			}
		}
		b.pass(10 * time.Millisecond)
		b.ask(history.Read, "x", history.Nothing)
	})
}
