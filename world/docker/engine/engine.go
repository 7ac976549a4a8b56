package engine

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"time"

	"cleave/world/docker/owner"

	"github.com/docker/docker/api/types/system"
	"github.com/docker/docker/client"
)

// The labels of what is made here.
const (
	RunLabel     = "cleave.run"     // of which run it is, see Engine.Run
	OwnerLabel   = "cleave.owner"   // whose it is, as owner.Owner.String has it
	VersionLabel = "cleave.version" // of an image: what it holds, for people
	programLabel = "cleave.program" // of an image that Load made: the SHA-256 of its program
)

// Engine is a Docker engine that answers. Its methods may be called from any goroutine.
type Engine struct {
	Info
	// Run is the name of the run whose everything is that is made through this Engine: eight
	// hexadecimal digits, drawn by Open. It is a part of all names, so that runs do not collide.
	Run string

	client *client.Client
	labels map[string]string
}

// Info is what the engine said of itself.
type Info struct {
	Host        string // where it answers, such as "unix:///var/run/docker.sock"
	Version     string
	API         string // the version that was agreed on
	Kernel      string
	System      string // the operating system, for people
	Cgroup      string // the version of control groups, "1" or "2"
	Storage     string // the driver that keeps images
	MemoryLimit bool   // whether it can bound a container's memory
	SpeedLimit  bool   // whether it can bound a container's share of a processor
	Foreign     string // why it is not of this machine; "" if it is
}

// Open finds the engine that the environment names (DOCKER_HOST and its kin, see Docker's manual) or
// else the usual one, and agrees with it on a version. It errors with one line that says what to do, if
// no engine answers, if it lets nobody in, and if it is too old or too new.
func Open(ctx context.Context) (*Engine, error) {
	self, err := owner.Self()
	if err != nil {
		return nil, err
	}
	e := &Engine{Run: draw()}
	e.labels = map[string]string{RunLabel: e.Run, OwnerLabel: self.String()}
	// The version is never taken from the environment: that would switch the agreement off.
	e.client, err = client.NewClientWithOpts(client.WithTLSClientConfigFromEnv(), client.WithHostFromEnv(), client.WithAPIVersionNegotiation())
	if err != nil {
		return nil, fmt.Errorf("the environment names no Docker engine that can be reached: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := e.meet(limited); err != nil {
		_ = e.client.Close() // it never was of use
		return nil, err
	}
	return e, nil
}

// meet agrees on a version and asks the engine about itself.
func (e *Engine) meet(ctx context.Context) error {
	ping, err := e.client.Ping(ctx)
	if err != nil {
		return unreached(e.client.DaemonHost(), err)
	}
	if err := oldEnough(e.client.DaemonHost(), ping.APIVersion); err != nil {
		return err
	}
	e.client.NegotiateAPIVersionPing(ping)
	told, err := e.client.Info(ctx)
	if err != nil {
		return unreached(e.client.DaemonHost(), err)
	}
	e.Info = e.describe(told)
	return nil
}

func (e *Engine) describe(told system.Info) Info {
	return Info{Host: e.client.DaemonHost(), Version: told.ServerVersion, API: e.client.ClientVersion(), Kernel: told.KernelVersion,
		System: told.OperatingSystem, Cgroup: told.CgroupVersion, Storage: told.Driver, MemoryLimit: told.MemoryLimit,
		SpeedLimit: told.CPUCfsPeriod && told.CPUCfsQuota, Foreign: foreign(e.client, told.KernelVersion)}
}

// Close lets go of the connections. It removes nothing: see Clear.
func (e *Engine) Close() error { return e.client.Close() }

// name is the full name of one of the run's objects.
func (e *Engine) name(short string) string { return "cleave-" + e.Run + "-" + short }

// labelled adds the run's own labels to some.
func (e *Engine) labelled(more map[string]string) map[string]string {
	all := maps.Clone(e.labels)
	maps.Copy(all, more)
	maps.Copy(all, e.labels)
	return all
}

// draw gives a run a name that no other has.
func draw() string {
	var bytes [4]byte
	_, _ = rand.Read(bytes[:]) // never fails, see crypto/rand
	return hex.EncodeToString(bytes[:])
}
