package host

import (
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/world"
)

// freePort is an address that nobody listens on just now.
func freePort(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return listener.Addr().String()
}

// nodes gives the options of n1 and n2, which know each other.
func nodes(t *testing.T) func(name string) func(*Options) {
	peers := map[string]string{"n1": freePort(t), "n2": freePort(t)}
	return func(name string) func(*Options) {
		return func(o *Options) { o.Name, o.Peers, o.PeerListen = name, peers, peers[name] }
	}
}

func dialled(t *testing.T, a *actor, to string) world.Connection {
	var c world.Connection
	a.do(t, func() {
		c = a.env.Dial(to)
		c.Send([]byte("too early: lost"))
	})
	return c
}

func TestNodesMeet(t *testing.T) {
	as := nodes(t)
	a, b := newActor(), newActor()
	start(t, a, as("n1"))
	start(t, b, as("n2"))
	c := dialled(t, a, "n2")
	a.hears(t, "opened n2")
	b.hears(t, "accepted")
	d := b.link(t)
	require.Equal(t, "n2", c.Peer())
	require.Equal(t, "n1", d.Peer())
	large := strings.Repeat("x", 10<<20) // far above a client's limit
	a.do(t, func() { c.Send([]byte("one")); c.Send([]byte(large)) })
	b.hears(t, "got one", "got "+large)
	b.do(t, func() { d.Send([]byte("two")); d.Close() })
	a.hears(t, "got two", "closed: ended")
}

// A dial to nobody is refused, after Dial has returned and not before.
func TestDialRefused(t *testing.T) {
	as := nodes(t)
	a := newActor()
	a.onStart = func(a *actor) {
		a.env.Dial("n2")
		a.tell("dialled")
	}
	start(t, a, as("n1"))
	a.hears(t, "dialled", "closed: refused")
	require.Panics(t, func() { a.env.Dial("n3") })
}

// A host that is killed resets its connections; the peer hears of it and may dial again.
func TestAPeerThatGoesDown(t *testing.T) {
	as := nodes(t)
	a, b := newActor(), newActor()
	b.on = func(world.Connection, []byte) { panic("b: it ends") }
	start(t, a, as("n1"))
	r := start(t, b, as("n2"))
	c := dialled(t, a, "n2")
	a.hears(t, "opened n2")
	a.do(t, func() { c.Send([]byte("die")) })
	a.hears(t, "closed: reset")
	require.Error(t, <-r.failed)
	dialled(t, a, "n2")
	a.hears(t, "closed: refused")
	start(t, newActor(), as("n2"))
	dialled(t, a, "n2")
	a.hears(t, "opened n2")
}

// A dial that the process gives up is never heard of again, on either side.
func TestCloseWhileDialling(t *testing.T) {
	as := nodes(t)
	a, b := newActor(), newActor()
	start(t, a, as("n1"))
	start(t, b, as("n2"))
	for range 50 {
		a.do(t, func() { a.env.Dial("n2").Close() })
	}
	dialled(t, a, "n2")
	a.hears(t, "opened n2")
	select {
	case got := <-a.heard:
		require.Fail(t, "heard", got)
	case <-time.After(50 * time.Millisecond):
	}
}

// Nodes that do not belong together say so, once in the log of each.
func TestStrangers(t *testing.T) {
	as := nodes(t)
	for name, change := range map[string]func(*Options){
		"another list of nodes": func(o *Options) { o.Peers = map[string]string{"n1": "x", "n2": "y", "n3": "z"} },
		"another cluster":       func(o *Options) { o.Cluster = "other" },
		"another node":          func(o *Options) { o.Name, o.Peers = "n3", map[string]string{"n1": "x", "n2": "y", "n3": "z"} },
	} {
		a := newActor()
		first := start(t, a, as("n1"))
		second := start(t, newActor(), func(o *Options) {
			as("n2")(o)
			change(o)
		})
		for range 3 {
			dialled(t, a, "n2")
			a.hears(t, "closed: refused")
		}
		require.NoError(t, first.stop())
		require.NoError(t, second.stop())
		require.Equal(t, 1, strings.Count(first.log.String(), "is not taken as a peer: it refuses: "), "%s: %s", name, first.log)
		require.Equal(t, 1, strings.Count(second.log.String(), "is not taken as a peer: it says it is n1: "), "%s: %s", name, second.log)
	}
}

// Nobody becomes a node by what he says on the clients' port, and nothing but a hello opens the
// peers'.
func TestImpostors(t *testing.T) {
	as := nodes(t)
	a := newActor()
	r := start(t, a, as("n1"))
	cluster := a.env.(*host).cluster
	says := framed(string((&hello{cluster: cluster, from: "n2", to: "n1"}).append(nil)))

	client := r.dial(t)
	put(t, client, says)
	require.Equal(t, client.LocalAddr().String(), a.link(t).Peer())

	for _, bad := range []string{"ruok", "GET / HTTP/1.1\r\n\r\n", "\x00\x00\x00\x00", string(framed("hello")), string(says[:9])} {
		socket, err := net.Dial("tcp", r.addresses.Peers)
		require.NoError(t, err)
		put(t, socket, []byte(bad))
		_ = socket.(*net.TCPConn).CloseWrite() // it may be closed already
		require.Equal(t, "", end(t, socket))
	}
	require.Empty(t, a.links)
}

func FuzzHello(f *testing.F) {
	f.Add((&hello{cluster: 7, from: "n1", to: "n2", refusal: "no"}).append(nil))
	f.Add([]byte(helloMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		if h, err := decodeHello(data); err == nil {
			require.Equal(t, data, h.append(nil))
		}
	})
}
