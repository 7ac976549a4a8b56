package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/conformance"
	"cleave/world"
	"cleave/world/docker"
	"cleave/world/docker/engine"
	"cleave/world/docker/owner"
)

// What every world must do, containers do in real time.
func TestConformanceInContainers(t *testing.T) {
	if testing.Short() {
		t.Skip("it runs in real time: not with -short")
	}
	if err := docker.Check(t.Context(), nil, docker.Options{}); err != nil {
		t.Skip(err)
	}
	binary := filepath.Join(t.TempDir(), "cleave")
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-o", binary, ".")
	build.Env = append(build.Environ(), "CGO_ENABLED=0") // the image has no libraries; and it is the same one as long as the program is
	output, err := build.CombinedOutput()
	require.NoError(t, err, "%s", output)
	conformance.Run(t, func(t *testing.T, need conformance.Need) world.World {
		if err := docker.Check(t.Context(), nil, docker.Options{PowerLoss: need.PowerLoss}); err != nil {
			t.Skip(err)
		}
		logs := &logs{}
		t.Cleanup(func() {
			if t.Failed() {
				t.Log(logs.text())
			}
		})
		w, err := docker.New(context.Background(), docker.Options{
			Program: engine.Program{Path: binary, Version: "of a test"}, Seed: 1, DiskSize: 32 << 20, PowerLoss: need.PowerLoss, Log: logs.of,
		})
		require.NoError(t, err)
		return probed{w}
	})
	nothingLeft(t)
}

// nothingLeft sees that the engine has nothing more of what this process made.
func nothingLeft(t *testing.T) {
	t.Helper()
	self, err := owner.Self()
	require.NoError(t, err)
	found, err := engine.Open(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, found.Close()) }()
	all, err := found.Leftovers(t.Context())
	require.NoError(t, err)
	for _, each := range all {
		require.NotEqual(t, self.String(), each.Owner, "%s is left of run %s", each, each.Run)
	}
}

// probed is a world of containers that knows how the probe is deployed.
type probed struct{ *docker.World }

// Populate deploys the probe.
func (p probed) Populate(system world.System, cluster world.Cluster, clients []history.Placement) error {
	system.Deployment = deployProbe(system)
	return p.World.Populate(system, cluster, clients)
}

// The ports of the probe's nodes.
const (
	probePort     = 7000
	probePeerPort = 7001
)

func deployProbe(system world.System) *world.Deployment {
	return &world.Deployment{
		Boot: bootLimit,
		Node: func(name string, places world.Places) world.Container {
			config := probeConfig{Name: name, Nodes: places.Nodes, Clients: at(places, name, probePort), Peers: map[string]string{}, DataDir: world.DataFolder}
			for _, node := range places.Nodes {
				config.Peers[node] = at(places, node, probePeerPort)
			}
			text, _ := json.Marshal(config) // texts always marshal
			return world.Container{
				Command: serverCommand("probe", settings+"probe.json", ""),
				Files:   []world.File{{Path: settings + "probe.json", Content: text}, rollOf(places)},
			}
		},
		User: func(name, host string, places world.Places, edge world.Edge) (world.User, error) {
			return wireUser(name, system.Client(name, host, places.Cluster), places, probePort, edge)
		},
		Monitor: monitor,
		Clock:   setClock,
		Enlist:  enlist,
	}
}

// logs are what all processes have printed, with the name of each before its lines.
type logs struct {
	mutex sync.Mutex
	lines []byte
}

func (l *logs) of(process string) io.Writer { return logOf{l, process} }

func (l *logs) text() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return string(l.lines)
}

// logOf is the log of one process.
type logOf struct {
	logs    *logs
	process string
}

// Write takes whole lines.
func (l logOf) Write(text []byte) (int, error) {
	l.logs.mutex.Lock()
	defer l.logs.mutex.Unlock()
	l.logs.lines = fmt.Appendf(l.logs.lines, "%s: %s", l.process, text)
	return len(text), nil
}
