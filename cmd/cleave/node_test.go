package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"
	"github.com/stretchr/testify/require"

	"cleave/internal/ensemble"
)

// openPort is a port that nobody listens on just now.
func openPort(t *testing.T) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { require.NoError(t, listener.Close()) }()
	return listener.Addr().(*net.TCPAddr).Port
}

// zooCfg writes a configuration into a new folder, with the data folder beside it.
func zooCfg(t *testing.T, lines ...string) (file, data string) {
	folder := t.TempDir()
	file, data = filepath.Join(folder, "zoo.cfg"), filepath.Join(folder, "data")
	require.NoError(t, os.Mkdir(data, 0o755))
	text := "dataDir=" + data + "\n" + strings.Join(lines, "\n") + "\n"
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	return file, data
}

// node is a process of the verb.
type node struct {
	command *exec.Cmd
	out     *bufio.Reader
	err     bytes.Buffer
}

func startNode(t *testing.T, file string) *node {
	binary, err := buildOnce()
	require.NoError(t, err)
	n := &node{command: exec.Command(binary, "node", "--system", "cpstore", "--config", file)}
	n.command.Stderr = &n.err
	n.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	pipe, err := n.command.StdoutPipe()
	require.NoError(t, err)
	n.out = bufio.NewReader(pipe)
	require.NoError(t, n.command.Start())
	t.Cleanup(func() { _ = n.command.Process.Kill() })
	return n
}

// line is the line that says where it listens.
func (n *node) line(t *testing.T) string {
	text, err := n.out.ReadString('\n')
	require.NoError(t, err)
	return text
}

// wait gives the exit code, and what it said last.
func (n *node) wait(t *testing.T) (int, string) {
	_, _ = io.Copy(io.Discard, n.out)
	ended := make(chan error, 1)
	go func() { ended <- n.command.Wait() }()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		require.Fail(t, "it does not end")
	}
	lines := strings.Split(strings.TrimSpace(n.err.String()), "\n")
	return n.command.ProcessState.ExitCode(), lines[len(lines)-1]
}

func TestNodeStandsAlone(t *testing.T) {
	port := openPort(t)
	file, data := zooCfg(t, fmt.Sprintf("clientPort=%d", port), "colour=red")
	n := startNode(t, file)
	require.Equal(t, fmt.Sprintf("cpstore node n1: clients on 127.0.0.1:%d\n", port), n.line(t))

	second := startNode(t, file)
	code, said := second.wait(t)
	require.Equal(t, exitHarness, code)
	require.Equal(t, "cleave: the folder "+data+"/cleave is in use by another process", said)

	other, _ := zooCfg(t, fmt.Sprintf("clientPort=%d", port))
	code, said = startNode(t, other).wait(t)
	require.Equal(t, exitHarness, code)
	require.Equal(t, fmt.Sprintf("cleave: %s: clientPort: cannot listen for clients on 127.0.0.1:%d: bind: address already in use", other, port), said)

	require.NoError(t, n.command.Process.Signal(syscall.SIGTERM))
	code, _ = n.wait(t)
	require.Zero(t, code, n.err.String())
	require.Contains(t, n.err.String(), "cleave: warning: "+file+":3: the key colour is not known\n")
	require.Regexp(t, `(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z n1 start`, n.err.String())
}

// What is wrong with a configuration is said in one line, with exit code 254, before anything is
// opened.
func TestNodeRefuses(t *testing.T) {
	servers := []string{"clientPort=9", "initLimit=1", "syncLimit=1", "server.1=127.0.0.1:1:2", "server.2=127.0.0.1:3:4", "server.3=127.0.0.1:5:6"}
	for name, c := range map[string]struct {
		lines []string
		myid  string
		want  string
	}{
		"no client port":    {nil, "", "FILE: clientPort is missing"},
		"a bad value":       {[]string{"clientPort=x"}, "", `FILE:2: clientPort: "x" is not a whole number from 1 to 65535`},
		"no myid":           {servers, "", "DATA/myid is missing: in an ensemble it holds this server's number, the N of its server.N in FILE"},
		"myid is no number": {servers, "one", `DATA/myid: "one" is not a number from 1 to 255`},
		"myid of nobody":    {servers, "4", "DATA/myid says 4, but there is no server.4 in FILE"},
		"observers":         {append(servers[:5:5], "server.3=127.0.0.1:5:6:observer"), "1", "FILE: server.3 is an observer, which is not supported"},
		"one server":        {servers[:4], "", ""}, // one server alone needs no myid
		"good":              {servers, "3", ""},
	} {
		t.Run(name, func(t *testing.T) {
			file, data := zooCfg(t, c.lines...)
			if c.myid != "" {
				require.NoError(t, os.WriteFile(filepath.Join(data, "myid"), []byte(c.myid+"\n"), 0o644))
			}
			code, stdout, stderr := cleave("node", "--config", file, "--check")
			if c.want == "" {
				require.Zero(t, code, stderr)
				require.Contains(t, stdout, file+" is good: cpstore node n")
				require.NoDirExists(t, filepath.Join(data, "cleave"))
				return
			}
			want := strings.NewReplacer("FILE", file, "DATA", data).Replace(c.want)
			require.True(t, strings.HasSuffix("\n"+stderr, "\ncleave: "+want+"\n"), stderr)
			require.Equal(t, exitUsage, code)
		})
	}
	code, _, stderr := cleave("node", "--system", "eureka", "--config", "x")
	require.Equal(t, exitUsage, code)
	require.Equal(t, "cleave: --system: there is no server of \"eureka\"; there is: cpstore, apregistry\n", stderr)
	code, _, stderr = cleave("node")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, `"config"`)
	code, _, stderr = cleave("node", "--config", "nothing.cfg")
	require.Equal(t, exitUsage, code)
	require.Equal(t, "cleave: --config: open nothing.cfg: no such file or directory\n", stderr)
}

// Who is a member at the start is said in a file, of nodes that there are.
func TestNodeRefusesARoll(t *testing.T) {
	servers, _ := zooCfg(t, "clientPort=9", "initLimit=1", "syncLimit=1", "server.1=127.0.0.1:1:2", "standaloneEnabled=false")
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(servers), "data", "myid"), []byte("1"), 0o644))
	registry := filepath.Join(t.TempDir(), "registry.yaml")
	require.NoError(t, os.WriteFile(registry, []byte("name: n1\n"), 0o644))
	file := filepath.Join(t.TempDir(), "roll.json")
	for text, want := range map[string]string{
		"":                               "FILE: the line: an object is wanted",
		`{"out":"n1"}`:                   `FILE: out: a list of nodes is wanted, such as ["n3"], and not "\"n1\""`,
		`{"out":[],"in":[]}`:             "FILE: in: this field is not known",
		`{"out":["n2"]}`:                 `FILE: "n2" is none of the nodes n1`,
		`{"out":[],"renewed":["x"]}`:     `FILE: "x" is none of the nodes n1`,
		strings.Repeat(" ", 1<<20) + " ": "FILE is no configuration: it has 1048577 bytes",
		`{"out":[],"renewed":["n1"]}`:    "",
	} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		for system, config := range map[string]string{"cpstore": servers, "apregistry": registry} {
			code, stdout, stderr := cleave("node", "--system", system, "--config", config, "--roll", file, "--check")
			if want == "" {
				require.Zero(t, code, stderr)
				require.Contains(t, stdout, config+" is good: ")
				continue
			}
			require.Equal(t, exitUsage, code)
			require.Equal(t, "cleave: --roll: "+strings.Replace(want, "FILE", file, 1)+"\n", stderr)
		}
	}
	code, _, stderr := cleave("node", "--config", servers, "--roll", "nothing.json")
	require.Equal(t, exitUsage, code)
	require.Equal(t, "cleave: --roll: open nothing.json: no such file or directory\n", stderr)
}

// A data folder is one server's of one ensemble, for good.
func TestNodeOnTheDataOfAnother(t *testing.T) {
	lines := []string{fmt.Sprintf("clientPort=%d", openPort(t)), "initLimit=1", "syncLimit=1"}
	for id := 1; id <= 3; id++ {
		lines = append(lines, fmt.Sprintf("server.%d=127.0.0.1:%d:%d", id, openPort(t), openPort(t)))
	}
	file, data := zooCfg(t, lines...)
	myid := func(id string) {
		require.NoError(t, os.WriteFile(filepath.Join(data, "myid"), []byte(id), 0o644))
	}
	myid("1")
	n := startNode(t, file)
	require.Regexp(t, `^cpstore node n1: clients on 127.0.0.1:\d+, peers on 127.0.0.1:\d+\n$`, n.line(t))
	require.NoError(t, n.command.Process.Signal(syscall.SIGINT))
	code, _ := n.wait(t)
	require.Zero(t, code, n.err.String())
	myid("2")
	code, said := startNode(t, file).wait(t)
	require.Equal(t, exitUsage, code)
	require.Equal(t, fmt.Sprintf("cleave: %s: the folder %s/cleave belongs to another server: "+
		`it is of "cpstore node n1 of n1,n2,n3", and this is "cpstore node n2 of n1,n2,n3"`, file, data), said)
}

// A server that is asked to end in the midst of writes loses none that it acknowledged.
func TestNodeEndsInTheMidstOfWrites(t *testing.T) {
	e := servers(t, ensemble.Cleave, 1)
	connection, _ := connectZK(t, e.Addresses(), 5*time.Second)
	acknowledged := make(chan int)
	stop := make(chan struct{})
	go func() {
		count := 0
		defer func() { acknowledged <- count }()
		for {
			select {
			case <-stop:
				return
			default:
			}
			if _, err := connection.Create(fmt.Sprintf("/n%d", count), make([]byte, 1000), 0, zk.WorldACL(zk.PermAll)); err != nil {
				return
			}
			count++
		}
	}()
	time.Sleep(500 * time.Millisecond)
	require.NoError(t, e.Stop(0), e.Output(0))
	close(stop)
	require.NoError(t, e.Boot(0))
	count := <-acknowledged
	require.NoError(t, e.Await(t.Context()))
	require.Greater(t, count, 10)
	again, _ := connectZK(t, e.Addresses(), 5*time.Second)
	children, _, err := again.Children("/")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(children), count+1, "and /zookeeper")
}

// A full disk ends the server with an error that says so, and what it acknowledged before is there when
// it has room again.
func TestNodeOnAFullDisk(t *testing.T) {
	file, data := zooCfg(t, fmt.Sprintf("clientPort=%d", openPort(t)))
	if err := syscall.Mount("tmpfs", data, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(data, syscall.MNT_DETACH)) })
	n := startNode(t, file)
	address := strings.TrimSpace(strings.TrimPrefix(n.line(t), "cpstore node n1: clients on "))
	connection, _ := connectZK(t, []string{address}, 5*time.Second)
	count := 0
	for ; count < 10_000; count++ {
		if _, err := connection.Create(fmt.Sprintf("/n%d", count), make([]byte, 10_000), 0, zk.WorldACL(zk.PermAll)); err != nil {
			break
		}
	}
	require.Greater(t, count, 50)
	code, said := n.wait(t)
	require.Equal(t, exitHarness, code)
	require.Contains(t, said, "the disk is full")
	require.NoError(t, syscall.Mount("tmpfs", data, "tmpfs", syscall.MS_REMOUNT, "size=64m"))
	n = startNode(t, file)
	n.line(t)
	again, _ := connectZK(t, []string{address}, 5*time.Second)
	children, _, err := again.Children("/")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(children), count+1, "and /zookeeper")
	require.NoError(t, n.command.Process.Signal(syscall.SIGTERM))
	code, _ = n.wait(t)
	require.Zero(t, code)
}
