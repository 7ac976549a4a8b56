package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world"
)

// deployed are the nodes of a deployment as processes of this machine: each has a loopback address of
// its own for its place in the network, and a folder for its container.
type deployed struct {
	test       *testing.T // not that of a part of it, at whose end the nodes go on
	deployment *world.Deployment
	places     world.Places
	folder     string
	running    map[string]*exec.Cmd
	output     bytes.Buffer
	mutex      sync.Mutex
	heard      []string // "n1 ready", "n1 note kind detail", "n1 leads true"
}

// networks counts those that tests have used, for tests of two programs may run at a time.
var networks atomic.Uint32

func deploy(t *testing.T, deployment *world.Deployment, nodes int, bug string) *deployed {
	d := &deployed{test: t, deployment: deployment, folder: t.TempDir(), running: map[string]*exec.Cmd{}}
	d.places = world.Places{Cluster: world.Cluster{Bug: bug}, Addresses: map[string]netip.Addr{}}
	network := os.Getpid()*16 + int(networks.Add(1))%16
	for i := range nodes {
		name := nodeName(i + 1)
		d.places.Nodes = append(d.places.Nodes, name)
		d.places.Addresses[name] = netip.AddrFrom4([4]byte{127, byte(64 + network>>8%128), byte(network), byte(i + 1)})
	}
	listener, err := net.Listen("tcp", d.places.Addresses[nodeName(nodes)].String()+":0")
	if err != nil {
		t.Skipf("only 127.0.0.1 is a loopback address here: %v", err)
	}
	require.NoError(t, listener.Close())
	for _, name := range d.places.Nodes {
		d.start(t, name)
		d.monitor(t, name)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Log(d.output.String())
		}
	})
	return d
}

// start starts a node as its container would.
func (d *deployed) start(t *testing.T, name string) {
	t.Helper()
	binary, err := buildOnce()
	require.NoError(t, err)
	place := filepath.Join(d.folder, name)
	inside := strings.NewReplacer("dataDir=/data", "dataDir="+place+"/data", "dataDir: /data", "dataDir: "+place+"/data",
		"/etc/cleave/", place+"/etc/cleave/", adminAddress, d.admin(name))
	container := d.deployment.Node(name, d.places)
	for _, file := range container.Files {
		path := filepath.Join(place, file.Path)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		if _, err := os.Stat(path); err == nil && strings.HasPrefix(file.Path, world.DataFolder+"/") {
			continue
		}
		require.NoError(t, os.WriteFile(path, []byte(inside.Replace(string(file.Content))), 0o644))
	}
	var arguments []string
	for _, argument := range container.Command {
		arguments = append(arguments, inside.Replace(argument))
	}
	command := exec.Command(binary, arguments...)
	command.Stdout, command.Stderr = shared{d}, shared{d}
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(t, command.Start())
	d.running[name] = command
	d.test.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
}

// shared is a writer for many goroutines.
type shared struct{ d *deployed }

func (s shared) Write(text []byte) (int, error) {
	s.d.mutex.Lock()
	defer s.d.mutex.Unlock()
	return s.d.output.Write(text)
}

func (d *deployed) kill(t *testing.T, name string) {
	require.NoError(t, d.running[name].Process.Kill())
	_ = d.running[name].Wait()
}

// admin is where a node's loopback address leads.
func (d *deployed) admin(name string) string { return d.places.Addresses[name].String() + ":7979" }

func (d *deployed) inside(name string) world.Dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == adminAddress {
			address = d.admin(name)
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
}

// watcher keeps what is learned of a node.
type watcher struct {
	d    *deployed
	name string
}

func (w watcher) add(format string, arguments ...any) {
	w.d.mutex.Lock()
	defer w.d.mutex.Unlock()
	w.d.heard = append(w.d.heard, w.name+" "+fmt.Sprintf(format, arguments...))
}
func (w watcher) Ready()                         { w.add("ready") }
func (w watcher) Note(kind, detail string)       { w.add("note %s %s", kind, detail) }
func (w watcher) Leads(_ uint64, leading bool)   { w.add("leads %t", leading) }
func (d *deployed) hear(name, kind, text string) { watcher{d, name}.add("note %s %s", kind, text) }

func (d *deployed) monitor(t *testing.T, name string) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.deployment.Monitor(ctx, name, d.inside(name), watcher{d, name})
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
}

// count is how many lines that were heard begin with a text.
func (d *deployed) count(text string) (count int) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	for _, line := range d.heard {
		if strings.HasPrefix(line, text) {
			count++
		}
	}
	return count
}

// await waits until so many lines begin with a text.
func (d *deployed) await(t *testing.T, text string, count int) {
	t.Helper()
	until(t, func() bool { return d.count(text) >= count }, "%d times %q", count, text)
}

// user makes a client, whose wall clock is the machine's.
func (d *deployed) user(t *testing.T, name, place string) world.User {
	t.Helper()
	u, err := d.deployment.User(name, place, d.places, world.Edge{
		Dial: new(net.Dialer).DialContext,
		Now:  func() time.Duration { return time.Duration(time.Now().UnixNano()) },
		Note: func(kind, detail string) { d.hear(name, kind, detail) },
		Log:  io.Discard,
	})
	require.NoError(t, err)
	t.Cleanup(func() { _ = u.Close() })
	return u
}

// ask has a client do something, and waits for its completion.
func ask(t *testing.T, u world.User, function history.Function, key string, value history.Value) history.Completion {
	t.Helper()
	done := make(chan history.Completion, 2)
	u.Invoke(history.Request{Function: function, Key: key, Value: value}, func(c history.Completion) { done <- c })
	select {
	case c := <-done:
		require.Empty(t, done)
		return c
	case <-time.After(20 * time.Second):
		require.FailNow(t, "no completion", "%s %s", function, key)
		return history.Completion{}
	}
}

// does has a client do something that must succeed.
func does(t *testing.T, u world.User, function history.Function, key string, value history.Value) history.Completion {
	t.Helper()
	c := ask(t, u, function, key, value)
	require.Equal(t, history.Ok, c.Outcome, "%s %s: %s", function, key, c.Error)
	return c
}

// shows waits until what a client finds is what is wanted.
func shows(t *testing.T, u world.User, function history.Function, key string, want history.Value) {
	t.Helper()
	var last history.Completion
	until(t, func() bool {
		last = ask(t, u, function, key, history.Nothing)
		return last.Outcome == history.Ok && last.Value.Equal(want)
	}, "%s %s never shows %v", function, key, want)
}

// until waits for a condition, which it looks at on the test's own goroutine.
func until(t *testing.T, condition func() bool, format string, arguments ...any) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			require.FailNow(t, "not in time", append([]any{format}, arguments...)...)
		}
	}
}

// setsItsClock sets a node's clock and makes sure that the node says so.
func (d *deployed) setsItsClock(t *testing.T, name string, offset time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, d.deployment.Clock(ctx, d.inside(name), offset))
}
