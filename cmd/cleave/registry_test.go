package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hudl/fargo"
	"github.com/op/go-logging"
	"github.com/stretchr/testify/require"
)

// quickly are settings under which tests need not wait long.
const quickly = `syncRetries: 3
intervals: {waitWhenSyncEmpty: 0s, responseCache: 200ms, syncRetry: 300ms, batchDelay: 50ms, peerTimeout: 2s, renewal: 5s}
`

// registryNodes are processes of the AP registry that know each other.
type registryNodes struct {
	files     []string
	addresses []string
	running   []*node
}

// startRegistry starts so many nodes. Extra lines end their configurations.
func startRegistry(t *testing.T, size int, extra string) *registryNodes {
	t.Helper()
	r := &registryNodes{running: make([]*node, size)}
	for range size {
		r.addresses = append(r.addresses, fmt.Sprintf("127.0.0.1:%d", openPort(t)))
	}
	folder := t.TempDir()
	for i := range size {
		text := fmt.Sprintf("name: n%d\nlisten: %s\n%s", i+1, r.addresses[i], extra)
		if size > 1 {
			text += "peers:\n"
		}
		for j := range size {
			if j != i {
				text += fmt.Sprintf("  - {name: n%d, url: \"http://%s/eureka\"}\n", j+1, r.addresses[j])
			}
		}
		file := filepath.Join(folder, fmt.Sprintf("n%d.yaml", i+1))
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		r.files = append(r.files, file)
	}
	for i := range size {
		r.start(t, i)
	}
	for i := range size {
		r.await(t, i)
	}
	return r
}

func (r *registryNodes) start(t *testing.T, i int) {
	t.Helper()
	binary, err := buildOnce()
	require.NoError(t, err)
	n := &node{command: exec.Command(binary, "node", "--system", "apregistry", "--config", r.files[i])}
	n.command.Stderr = &n.err
	n.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	pipe, err := n.command.StdoutPipe()
	require.NoError(t, err)
	n.out = bufio.NewReader(pipe)
	require.NoError(t, n.command.Start())
	t.Cleanup(func() { _ = n.command.Process.Kill() })
	require.Equal(t, fmt.Sprintf("apregistry node n%d: http://%s/eureka, dashboard http://%[2]s/\n", i+1, r.addresses[i]), n.line(t))
	r.running[i] = n
}

// await waits until a node has booted.
func (r *registryNodes) await(t *testing.T, i int) {
	t.Helper()
	require.Eventually(t, func() bool { return get(t, r.url(i, "/apps")) != nil }, 20*time.Second, 20*time.Millisecond)
}

func (r *registryNodes) url(i int, path string) string {
	return "http://" + r.addresses[i] + "/eureka/v2" + path
}

// get gives the body of a page, nil if its code is not 200.
func get(t *testing.T, url string) []byte {
	request, err := http.NewRequest(http.MethodGet, url, nil)
	require.NoError(t, err)
	request.Header.Set("Accept", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return nil
	}
	return body
}

// lists tells whether a node's list of everything holds a text.
func (r *registryNodes) lists(t *testing.T, i int, text string) func() bool {
	return func() bool { return bytes.Contains(get(t, r.url(i, "/apps")), []byte(text)) }
}

func soon(t *testing.T, what func() bool, about string) {
	t.Helper()
	require.Eventually(t, what, 15*time.Second, 50*time.Millisecond, about)
}

func (r *registryNodes) connection(i int, json bool) *fargo.EurekaConnection {
	c := fargo.NewConn(r.url(i, ""))
	c.UseJson = json
	return &c
}

func shop(id string) *fargo.Instance {
	return &fargo.Instance{InstanceId: id, HostName: id + ".example", App: "SHOP", IPAddr: "10.0.0.1", VipAddress: "shop.example",
		SecureVipAddress: "shop.secure", Status: fargo.UP, Port: 9090, PortEnabled: true,
		DataCenterInfo: fargo.DataCenterInfo{Name: fargo.MyOwn}}
}

// Everything that the Go client fargo does works unmodified, in JSON and in XML, against one node and
// against two, of which the client uses the first and the second must show what the first was told.
func TestFargo(t *testing.T) {
	logging.SetLevel(logging.CRITICAL, "fargo")
	for _, size := range []int{1, 2} {
		r := startRegistry(t, size, quickly)
		for _, json := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d/json=%t", size, json), func(t *testing.T) { fargoCalls(t, r, json, size-1) })
		}
	}
}

func fargoCalls(t *testing.T, r *registryNodes, json bool, last int) {
	c, other := r.connection(0, json), r.connection(last, json)
	id := fmt.Sprintf("i-%t", json)
	one := shop(id)
	require.NoError(t, c.RegisterInstance(one))
	require.Equal(t, fargo.UP, one.Status, "read back")
	require.Equal(t, 9090, one.Port)
	require.NoError(t, c.RegisterInstance(shop(id)), "it is there already")
	require.NoError(t, c.HeartBeatInstance(one))
	require.Error(t, c.HeartBeatInstance(shop("nobody")))

	there := func(want fargo.StatusType) func() bool {
		return func() bool {
			got, err := other.GetInstance("SHOP", id)
			return err == nil && got.Status == want && got.HostName == id+".example" && got.Port == 9090 && got.PortEnabled
		}
	}
	soon(t, there(fargo.UP), "at the last node")
	require.NoError(t, c.AddMetadataString(one, "colour", "red & blue"))
	soon(t, func() bool {
		got, err := other.GetInstance("SHOP", id)
		if err != nil {
			return false
		}
		colour, err := got.Metadata.GetString("colour")
		return err == nil && colour == "red & blue"
	}, "metadata")
	require.NoError(t, c.UpdateInstanceStatus(one, fargo.OUTOFSERVICE))
	soon(t, there(fargo.OUTOFSERVICE), "overridden")
	require.NoError(t, c.HeartBeatInstance(one))
	require.NoError(t, c.UpdateInstanceStatus(one, fargo.UP))
	soon(t, there(fargo.UP), "up again")

	soon(t, func() bool {
		all, err := other.GetApps()
		return err == nil && all["SHOP"] != nil && len(all["SHOP"].Instances) == 1
	}, "all apps")
	app, err := other.GetApp("SHOP")
	require.NoError(t, err)
	require.Equal(t, id, app.Instances[0].InstanceId)
	vips, err := other.GetInstancesByVIPAddress("shop.example", false)
	require.NoError(t, err)
	require.Len(t, vips, 1)
	vips, err = other.GetInstancesByVIPAddress("shop.secure", true)
	require.NoError(t, err)
	require.Len(t, vips, 1)

	require.NoError(t, c.DeregisterInstance(one))
	soon(t, func() bool { _, err := other.GetInstance("SHOP", id); return err != nil }, "gone")
	soon(t, func() bool { _, err := other.GetApp("SHOP"); return err != nil }, "gone from lists")
	require.Error(t, c.DeregisterInstance(one))
}

// What one of three processes is told reaches the others; one that was killed fetches it at its boot, what
// it missed included.
func TestRegistryReplicates(t *testing.T) {
	r := startRegistry(t, 3, quickly)
	for i := range 3 {
		require.NoError(t, r.connection(i, true).RegisterInstance(shop(fmt.Sprintf("i%d", i))))
	}
	for i := range 3 {
		for j := range 3 {
			soon(t, r.lists(t, i, fmt.Sprintf(`"i%d"`, j)), fmt.Sprintf("i%d at n%d", j, i+1))
		}
	}
	require.NoError(t, r.running[2].command.Process.Kill())
	_, _ = r.running[2].command.Process.Wait()
	require.NoError(t, r.connection(0, false).RegisterInstance(shop("missed")))
	require.NoError(t, r.connection(1, true).DeregisterInstance(shop("i1")))
	soon(t, func() bool { return !r.lists(t, 0, `"i1"`)() }, "canceled")
	r.start(t, 2)
	r.await(t, 2)
	soon(t, r.lists(t, 2, `"missed"`), "fetched at the boot")
	require.False(t, r.lists(t, 2, `"i1"`)())

	page := string(get(t, "http://"+r.addresses[2]+"/"))
	require.Contains(t, page, "DS replicas")
	soon(t, func() bool {
		return bytes.Contains(get(t, "http://"+r.addresses[0]+"/metrics"), []byte("eureka_peer_available{peer=\"n3\"} 1\n"))
	}, "n3 is available again")
	for _, n := range r.running {
		require.NoError(t, n.command.Process.Signal(syscall.SIGTERM))
		code, said := n.wait(t)
		require.Zero(t, code, said)
	}
}

// In the plain profile, what no batch brings comes by anti-entropy.
func TestRegistryExchanges(t *testing.T) {
	plain := "profile: plain\n" + strings.NewReplacer("batchDelay: 50ms", "batchDelay: 1h, exchange: 300ms").Replace(quickly)
	r := startRegistry(t, 2, plain)
	require.NoError(t, r.connection(0, true).RegisterInstance(shop("i1")))
	soon(t, r.lists(t, 1, `"i1"`), "at n2")
	require.NoError(t, r.connection(1, true).DeregisterInstance(shop("i1")))
	soon(t, func() bool { return !r.lists(t, 0, `"i1"`)() }, "gone at n1, and not revived")
}

// A port that is taken, and a SIGTERM.
func TestRegistryNodeStartsAndStops(t *testing.T) {
	r := startRegistry(t, 1, quickly)
	code, _, stderr := cleave("node", "--system", "apregistry", "--config", r.files[0])
	require.Equal(t, exitHarness, code)
	require.Contains(t, stderr, "cleave: "+r.files[0]+": listen: cannot listen for HTTP on "+r.addresses[0]+": bind: address already in use\n")
	require.NoError(t, r.running[0].command.Process.Signal(syscall.SIGTERM))
	code, said := r.running[0].wait(t)
	require.Zero(t, code, said)
}

// What is wrong with a configuration is said in one line, with file and line.
func TestRegistryConfiguration(t *testing.T) {
	peer := "peers:\n  - {name: n2, url: \"http://10.0.0.2:8761\"}\n"
	with := func(old, now string) string { return "name: n1\n" + strings.ReplaceAll(peer, old, now) }
	for text, want := range map[string]string{
		"":                                       "FILE: name is missing",
		"listen: 127.0.0.1:1\n":                  "FILE: name is missing",
		"name: n1\n" + peer:                      "",
		with("2:8761", "2:8761/eureka/v2/"):      "",
		"name: n1\ncolour: red\n":                "FILE:2: the key colour is not known",
		"name: n1\nintervals:\n  leaze: 1s\n":    "FILE:3: the key leaze is not known",
		"name: n1\nintervals: {lease: soon}\n":   `FILE:2: intervals.lease: "soon": a duration is such as 30s, 500ms or 5m`,
		"name: n1\nintervals: {lease: -1s}\n":    `FILE:2: intervals.lease: "-1s": a duration from 1ms to a year is wanted`,
		"name: n1\nintervals: 7\n":               "FILE:2: cannot unmarshal !!int `7` into",
		"name: [n1]\n":                           "FILE:1: a single value is wanted here",
		"name: a b\n":                            `FILE:1: name: "a b": a name has letters`,
		"name: n1\nname: n2\n":                   `FILE:2: mapping key "name" already defined at line 1`,
		"name: n1\n  listen: x\n":                "FILE:2: mapping values are not allowed in this context",
		"name: n1\nlisten: 8761\n":               `FILE:2: listen: "8761": an address is host:port`,
		"name: n1\nprofile: eureka\n":            `FILE:2: profile: "eureka": there is no profile of that name; there are: netflix, spring, plain`,
		"name: n1\nselfPreservation: maybe\n":    `FILE:2: selfPreservation: "maybe": true or false is wanted`,
		"name: n1\nrenewalPercent: 185\n":        `FILE:2: renewalPercent: "185": a whole number from 1 to 100 is wanted`,
		"name: n1\nlimits: {registrations: 0}\n": `FILE:2: limits.registrations: "0": a whole number from 1 to 10000000 is wanted`,
		"name: n2\n" + peer:                      "FILE:3: peers[0].name: the peer n2 is this node itself",
		with("10.0.0.2", "localhost"):            "FILE:3: peers[0].url: http://localhost:8761/eureka is where this node itself listens",
		with("http:", "ftp:"):                    `FILE:3: peers[0].url: "ftp://10.0.0.2:8761": a url is such as`,
		"name: n1\npeers: [{name: n2}]\n":        "FILE: peers[0]: a peer has a name and a url",
		"name: n1\n" + peer + "  - {name: n2, url: \"http://x\"}\n": "FILE:4: peers[1]: the peer n2 is there twice",
		"name: n1\n---\nname: n2\n":                                 "FILE: one document is wanted, and there are more",
	} {
		file := filepath.Join(t.TempDir(), "registry.yaml")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		code, stdout, stderr := cleave("node", "--system", "apregistry", "--config", file, "--check")
		if want == "" {
			require.Zero(t, code, stderr)
			require.Contains(t, stdout, file+" is good: apregistry node n1, profile netflix, on 127.0.0.1:8761\n")
			continue
		}
		require.Equal(t, exitUsage, code, text)
		require.True(t, strings.HasPrefix(stderr, "cleave: "+strings.ReplaceAll(want, "FILE", file)), "%q: %s", text, stderr)
		require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	}
}

// The example of the help text is what it says: everything, at its default.
func TestRegistryExampleIsTheDefaults(t *testing.T) {
	example, err := parseRegistry("example", []byte(registryExample))
	require.NoError(t, err)
	require.Equal(t, []registryPeer{{"n2", "http://10.0.0.2:8761/eureka"}}, example.peers)
	example.peers = nil
	bare, err := parseRegistry("bare", []byte("name: n1"))
	require.NoError(t, err)
	require.Equal(t, bare, example)
}
