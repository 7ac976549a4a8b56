package host

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/world"
)

// patience is how long tests wait for what must happen.
const patience = 10 * time.Second

// actor is a process that tells the test what it hears, and does on its loop what the test says.
type actor struct {
	env     world.Environment
	heard   chan string
	links   chan world.Connection // accepted or opened
	onStart func(*actor)
	on      func(world.Connection, []byte) // in place of telling
}

func newActor() *actor {
	return &actor{heard: make(chan string, 10000), links: make(chan world.Connection, 1000)}
}

func (a *actor) Start(env world.Environment) {
	a.env = env
	if a.onStart != nil {
		a.onStart(a)
	}
}
func (a *actor) tell(format string, arguments ...any) { a.heard <- fmt.Sprintf(format, arguments...) }
func (a *actor) Accepted(c world.Connection) {
	a.tell("accepted")
	a.links <- c
}
func (a *actor) Opened(c world.Connection) {
	a.tell("opened %s", c.Peer())
	a.links <- c
}
func (a *actor) Received(c world.Connection, message []byte) {
	if a.on != nil {
		a.on(c, message)
		return
	}
	a.tell("got %s", message)
}
func (a *actor) Closed(_ world.Connection, reason world.CloseReason) { a.tell("closed: %s", reason) }
func (a *actor) Datagram(string, []byte)                             {}

// hears waits for what the process is to hear next.
func (a *actor) hears(t *testing.T, want ...string) {
	t.Helper()
	for _, each := range want {
		select {
		case got := <-a.heard:
			require.Equal(t, each, got)
		case <-time.After(patience):
			require.Fail(t, "not heard in time", each)
		}
	}
}

func (a *actor) link(t *testing.T) world.Connection {
	t.Helper()
	select {
	case c := <-a.links:
		return c
	case <-time.After(patience):
		require.Fail(t, "no connection in time")
		return nil
	}
}

// do runs something on the loop and waits for it.
func (a *actor) do(t *testing.T, what func()) {
	t.Helper()
	done := make(chan struct{})
	a.env.(*host).queue.post(event{kind: actionEvent, action: func() {
		what()
		close(done)
	}})
	select {
	case <-done:
	case <-time.After(patience):
		require.Fail(t, "the loop does not run")
	}
}

// running is a host that a test has started.
type running struct {
	addresses Addresses
	log       *safeBuffer
	stop      func() error
	failed    chan error
}

type safeBuffer struct {
	mutex  sync.Mutex
	buffer bytes.Buffer
}

func (b *safeBuffer) Write(data []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.Write(data)
}

func (b *safeBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.buffer.String()
}

// start runs a process with one place for clients, unless the options say otherwise.
func start(t testing.TB, process world.Process, change func(*Options)) *running {
	t.Helper()
	r := &running{log: &safeBuffer{}, failed: make(chan error, 1)}
	ready := make(chan Addresses, 1)
	options := Options{Name: "n1", Process: process, ClientListen: []string{"127.0.0.1:0"}, Log: r.log,
		Ready: func(a Addresses) { ready <- a }}
	if change != nil {
		change(&options)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { r.failed <- Run(ctx, options) }()
	r.stop = sync.OnceValue(func() error {
		cancel()
		return <-r.failed
	})
	t.Cleanup(func() { cancel() })
	select {
	case r.addresses = <-ready:
	case err := <-r.failed:
		require.NoError(t, err)
	case <-time.After(patience):
		require.Fail(t, "not ready in time")
	}
	return r
}

func (r *running) dial(t testing.TB) *net.TCPConn {
	t.Helper()
	socket, err := net.Dial("tcp", r.addresses.Clients[0])
	require.NoError(t, err)
	t.Cleanup(func() { _ = socket.Close() })
	require.NoError(t, socket.SetDeadline(time.Now().Add(patience)))
	return socket.(*net.TCPConn)
}

func framed(messages ...string) []byte {
	var out []byte
	for _, message := range messages {
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(message))), message...)
	}
	return out
}

func put(t testing.TB, socket net.Conn, data []byte) {
	t.Helper()
	_, err := socket.Write(data)
	require.NoError(t, err)
}

func get(t testing.TB, socket net.Conn) string {
	t.Helper()
	var header [4]byte
	_, err := io.ReadFull(socket, header[:])
	require.NoError(t, err)
	message := make([]byte, binary.BigEndian.Uint32(header[:]))
	_, err = io.ReadFull(socket, message)
	require.NoError(t, err)
	return string(message)
}

// end waits for the other side to close, and gives what it sent before.
func end(t testing.TB, socket net.Conn) string {
	t.Helper()
	rest, err := io.ReadAll(socket)
	if err != nil {
		require.ErrorContains(t, err, "reset")
	}
	return string(rest)
}

func TestAPortThatIsTaken(t *testing.T) {
	first := start(t, newActor(), nil)
	taken := first.addresses.Clients[0]
	err := Run(context.Background(), Options{Name: "n1", Process: newActor(), ClientListen: []string{taken}})
	var listen *ListenError
	require.ErrorAs(t, err, &listen)
	require.Equal(t, "clients", listen.Role)
	require.Equal(t, "cannot listen for clients on "+taken+": bind: address already in use", err.Error())
	require.NoError(t, first.stop())
}

func TestAPanicEndsTheHost(t *testing.T) {
	a := newActor()
	a.on = func(world.Connection, []byte) { panic("actor: an invariant is broken") }
	r := start(t, a, nil)
	socket := r.dial(t)
	put(t, socket, framed("x"))
	end(t, socket)
	require.EqualError(t, <-r.failed, "n1 panicked: actor: an invariant is broken")
	require.Contains(t, r.log.String(), "host_test.go", "the stack")
}

// At the end what was sent goes out, and what was appended is on the disk.
func TestStopInGoodOrder(t *testing.T) {
	a, folder := newActor(), t.TempDir()
	r := start(t, a, func(o *Options) { o.DataDir = folder })
	socket := r.dial(t)
	c := a.link(t)
	large := strings.Repeat("x", 8<<20) // more than the sockets hold
	a.do(t, func() {
		c.Send([]byte(large))
		c.Send([]byte("last"))
		a.env.Disk().Append("notes", []byte("kept"))
	})
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop() }()
	require.Equal(t, large, get(t, socket))
	require.Equal(t, "last", get(t, socket))
	require.Equal(t, "", end(t, socket))
	require.NoError(t, <-stopped)
	kept, err := os.ReadFile(filepath.Join(folder, "notes"))
	require.NoError(t, err)
	require.Equal(t, "kept", string(kept))
	_, err = net.Dial("tcp", r.addresses.Clients[0])
	require.Error(t, err, "nobody listens any more")
}

// A client that reads nothing holds up the end only for so long.
func TestStopIsBounded(t *testing.T) {
	a := newActor()
	r := start(t, a, func(o *Options) { o.StopLimit = 100 * time.Millisecond })
	r.dial(t)
	c := a.link(t)
	a.do(t, func() { c.Send(make([]byte, 16<<20)) })
	began := time.Now()
	require.NoError(t, r.stop())
	require.Less(t, time.Since(began), 3*time.Second)
}

func TestTwoProcessesNeverShareAFolder(t *testing.T) {
	folder := t.TempDir()
	first := start(t, newActor(), func(o *Options) { o.DataDir = folder })
	other := Options{Name: "n1", Process: newActor(), DataDir: t.TempDir(), LogDir: folder}
	err := Run(context.Background(), other)
	require.ErrorIs(t, err, ErrLocked)
	require.EqualError(t, err, "the folder "+folder+" is in use by another process")
	require.NoError(t, first.stop())
	require.NoError(t, start(t, newActor(), func(o *Options) { o.DataDir = folder }).stop(), "the lock went with its owner")
}

func TestAFolderOfAnotherServer(t *testing.T) {
	folder := t.TempDir()
	mark := func(identity string) func(*Options) {
		return func(o *Options) { o.DataDir, o.Identity = folder, identity }
	}
	require.NoError(t, start(t, newActor(), mark("n1 of n1,n2,n3")).stop())
	require.NoError(t, start(t, newActor(), mark("n1 of n1,n2,n3")).stop())
	options := Options{Name: "n2", Process: newActor()}
	mark("n2 of n1,n2,n3")(&options)
	err := Run(context.Background(), options)
	require.ErrorIs(t, err, ErrForeign)
	require.EqualError(t, err, "the folder "+folder+` belongs to another server: it is of "n1 of n1,n2,n3", and this is "n2 of n1,n2,n3"`)
}

func TestOptionsAreChecked(t *testing.T) {
	require.ErrorIs(t, Run(context.Background(), Options{Name: "n1"}), ErrOptions)
	require.ErrorIs(t, Run(context.Background(), Options{Process: newActor()}), ErrOptions)
	bad := Options{Name: "n1", Process: newActor(), Peers: map[string]string{"1.2.3.4:5": "x"}}
	require.ErrorIs(t, Run(context.Background(), bad), ErrOptions)
}

// The log of a process that writes to a blocked writer loses lines, and the process goes on.
func TestABlockedLogBlocksNobody(t *testing.T) {
	reader, writer := io.Pipe()
	a := newActor()
	a.on = func(c world.Connection, _ []byte) {
		for range 2 * logBuffer {
			a.env.Logf("a line")
		}
		c.Send([]byte("done"))
	}
	r := start(t, a, func(o *Options) { o.Log = writer })
	socket := r.dial(t)
	put(t, socket, framed("x"))
	require.Equal(t, "done", get(t, socket))
	text := make(chan string, 1)
	go func() {
		all, _ := io.ReadAll(reader)
		text <- string(all)
	}()
	require.NoError(t, r.stop())
	require.NoError(t, writer.Close())
	require.Contains(t, <-text, "lines left out here")
}
