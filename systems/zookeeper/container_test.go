package zookeeper

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/ensemble"
	"cleave/world"
)

// What the deployment says of three containers starts three servers, here as processes on addresses of
// the loopback network: they elect a leader, the monitors see it, clients are served, logs are written
// and snapshots taken.
func TestContainers(t *testing.T) {
	t.Parallel()
	if !ensemble.Installed() {
		t.Skip("Debian's packages zookeeper and default-jre-headless are not installed")
	}
	places := world.Places{Cluster: world.Cluster{Nodes: []string{"n1", "n2", "n3"}}, Addresses: map[string]netip.Addr{}}
	for i, name := range places.Nodes {
		places.Addresses[name] = netip.AddrFrom4([4]byte{127, 77, byte(os.Getpid()), byte(i + 1)})
	}
	outputs, folders := map[string]*bytes.Buffer{}, map[string]string{}
	listeners := map[string]*listener{}
	said := &notes{}
	for _, name := range places.Nodes {
		folders[name], outputs[name] = t.TempDir(), &bytes.Buffer{}
		here(t, deployment(Debian).Node(name, places), places.Addresses[name], folders[name], outputs[name])
		l := &listener{note: func(kind, detail string) { said.add(name+" "+kind, detail) }, ready: make(chan struct{})}
		listeners[name] = l
		go deployment(Debian).Monitor(t.Context(), name, func(ctx context.Context, network, address string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, network, strings.Replace(address, "127.0.0.1", places.Addresses[name].String(), 1))
		}, l)
	}
	for _, l := range listeners {
		select {
		case <-l.ready:
		case <-time.After(20 * time.Second):
			t.Fatal("a server is not ready")
		}
	}
	user, err := deployment(Debian).User("c1", "n2", places, world.Edge{Note: said.add, Dial: new(net.Dialer).DialContext})
	require.NoError(t, err)
	defer user.Close()
	a := &actor{t: t, User: user, notes: said}
	for i := range 450 {
		a.ok(history.Write, "x", number(int64(i)))
	}
	require.Equal(t, "n2", a.ok(history.QuorumRead, "x", nothing).Node)
	snapshots, err := filepath.Glob(filepath.Join(folders["n2"], "data", "version-2", "snapshot.*"))
	require.NoError(t, err)
	require.Greater(t, len(snapshots), 1)
	leaders := 0
	for _, name := range places.Nodes {
		leaders += said.count(name + " leader term 1")
		listeners[name].mutex.Lock()
		if len(listeners[name].leads) > 0 {
			require.Equal(t, []string{"1 true"}, listeners[name].leads)
		}
		listeners[name].mutex.Unlock()
	}
	require.Equal(t, 1, leaders, said.all())
}

// here starts what a container would run, in a folder that stands for its files.
func here(t *testing.T, c world.Container, address netip.Addr, folder string, output *bytes.Buffer) {
	places := strings.NewReplacer("/opt/zookeeper/lib/*", jars(t), "/etc/zookeeper", folder, world.DataFolder, filepath.Join(folder, "data"),
		"clientPortAddress=0.0.0.0", "clientPortAddress="+address.String())
	for _, file := range c.Files {
		name := places.Replace(file.Path)
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(places.Replace(string(file.Content))), 0o644))
	}
	var arguments []string
	for _, argument := range c.Command[1:] {
		arguments = append(arguments, places.Replace(argument))
	}
	command := exec.Command(c.Command[0], arguments...)
	command.Env = append(os.Environ(), c.Environment...)
	command.Stdout, command.Stderr = output, output
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		require.Contains(t, output.String(), "INFO  [main]", "it logs")
		require.NotContains(t, output.String(), "command from", "but not the monitor's questions")
	})
}

// jars are Debian's, with a logger behind slf4j.
func jars(t *testing.T) string {
	var all []string
	for _, name := range []string{"zookeeper.jar", "slf4j-log4j12.jar", "log4j-1.2.jar"} {
		path := filepath.Join("/usr/share/java", name)
		_, err := os.Stat(path)
		require.NoError(t, err)
		all = append(all, path)
	}
	return strings.Join(all, ":")
}
