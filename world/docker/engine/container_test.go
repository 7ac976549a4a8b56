package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cleave/world"
	"cleave/world/docker/disk"
	"cleave/world/docker/engine"

	"github.com/stretchr/testify/require"
)

// held makes a holder with a disk in memory, and starts it.
func held(t *testing.T, e *engine.Engine, size int64) (holder engine.ID, volume engine.Mount) {
	if os.Geteuid() != 0 {
		t.Skip("the test needs root, to look into containers")
	}
	name, err := e.Volume(t.Context(), "n1", size)
	require.NoError(t, err)
	volume = engine.Mount{Source: name, Path: world.DataFolder}
	holder = created(t, e, engine.Spec{Name: "n1-holder", Command: []string{"hold"}, Mounts: []engine.Mount{volume},
		Hosts: map[string]netip.Addr{"n2": netip.MustParseAddr("10.64.0.2"), "n1": netip.MustParseAddr("10.64.0.1")}})
	require.NoError(t, e.Start(t.Context(), holder))
	return holder, volume
}

func TestNodeIsKilledAndStartedAgain(t *testing.T) {
	t.Parallel()
	e := opened(t)
	holder, volume := held(t, e, 1<<20)
	node := created(t, e, engine.Spec{Name: "n1", Command: []string{"tick", "/data/ticks"}, Within: holder, Mounts: []engine.Mount{volume}})
	ticks := func() int {
		pid, err := e.PID(t.Context(), holder)
		require.NoError(t, err)
		content, err := os.ReadFile(fmt.Sprintf("/proc/%d/root/data/ticks", pid))
		if err != nil {
			return 0
		}
		return len(content)
	}
	before := 0
	for range 2 {
		require.NoError(t, e.Start(t.Context(), node))
		eventually(t, func() bool { return ticks() > before+10 })
		sameNetwork(t, e, holder, node)

		require.NoError(t, e.Kill(t.Context(), node))
		require.NoError(t, e.Kill(t.Context(), node), "twice is once")
		before = ticks()
		time.Sleep(20 * time.Millisecond)
		require.Equal(t, before, ticks())
		state, err := e.State(t.Context(), node)
		require.NoError(t, err)
		require.Equal(t, engine.State{End: engine.End{Code: 137}}, state)
	}
	_, err := e.PID(t.Context(), node)
	require.ErrorIs(t, err, engine.ErrEnded)
	require.ErrorIs(t, e.Pause(t.Context(), node), engine.ErrEnded)
}

func sameNetwork(t *testing.T, e *engine.Engine, containers ...engine.ID) {
	links := map[string]bool{}
	for _, id := range containers {
		pid, err := e.PID(t.Context(), id)
		require.NoError(t, err)
		link, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", pid))
		require.NoError(t, err)
		links[link] = true
	}
	require.Len(t, links, 1)
}

func TestPause(t *testing.T) {
	t.Parallel()
	e := opened(t)
	holder, volume := held(t, e, 1<<20)
	node := created(t, e, engine.Spec{Name: "n1", Command: []string{"tick", "/data/ticks"}, Within: holder, Mounts: []engine.Mount{volume}})
	require.NoError(t, e.Start(t.Context(), node))
	pid, err := e.PID(t.Context(), holder)
	require.NoError(t, err)
	ticks := func() int64 {
		file, err := os.Stat(fmt.Sprintf("/proc/%d/root/data/ticks", pid))
		if err != nil {
			return 0
		}
		return file.Size()
	}
	eventually(t, func() bool { return ticks() > 0 })
	require.NoError(t, e.Pause(t.Context(), node))
	require.NoError(t, e.Pause(t.Context(), node), "twice is once")
	before := ticks()
	time.Sleep(30 * time.Millisecond)
	require.Equal(t, before, ticks())
	require.NoError(t, e.Unpause(t.Context(), node))
	require.NoError(t, e.Unpause(t.Context(), node))
	eventually(t, func() bool { return ticks() > before })

	// One that is paused can be killed, and does nothing more.
	require.NoError(t, e.Pause(t.Context(), node))
	before = ticks()
	require.NoError(t, e.Kill(t.Context(), node))
	require.Equal(t, before, ticks())
	require.NoError(t, e.Start(t.Context(), node))
	eventually(t, func() bool { return ticks() > before })
	// And one that is paused can be removed.
	require.NoError(t, e.Pause(t.Context(), node))
	require.NoError(t, e.Remove(t.Context(), node))
	require.NoError(t, e.Remove(t.Context(), node), "twice is once")
}

func TestContainerThatDiesAtStart(t *testing.T) {
	t.Parallel()
	e := opened(t)
	id := created(t, e, engine.Spec{Name: "n1", Command: []string{"die"}})
	require.NoError(t, e.Start(t.Context(), id))
	end, err := e.Wait(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, engine.End{Code: 3}, end)
	died := e.Died(t.Context(), id).Error()
	require.Contains(t, died, "-n1 ended with exit code 3; the last it printed:\n")
	require.Contains(t, died, "line 29\n")
	require.Contains(t, died, "no configuration")
	require.NotContains(t, died, "line 9\n")
	eventually(t, func() bool { // the engine may still write it down
		var all bytes.Buffer
		require.NoError(t, e.Logs(t.Context(), id, true, time.Time{}, &all))
		return strings.Count(all.String(), "\n") == 31
	})
}

func TestLogsAreFollowed(t *testing.T) {
	t.Parallel()
	e := opened(t)
	id := created(t, e, engine.Spec{Name: "n1", Command: []string{"hold"}})
	require.NoError(t, e.Start(t.Context(), id))
	ctx, stop := context.WithCancel(t.Context())
	over := make(chan error)
	go func() { over <- e.Logs(ctx, id, true, time.Time{}, &bytes.Buffer{}) }()
	select {
	case err := <-over:
		require.Fail(t, "over already", err)
	case <-time.After(50 * time.Millisecond):
	}
	stop()
	require.NoError(t, <-over)
}

func TestContainersStartTogether(t *testing.T) {
	t.Parallel()
	e := opened(t)
	loaded(t, e)
	errs := make(chan error)
	const number = 6
	for i := range number {
		id := created(t, e, engine.Spec{Name: fmt.Sprint("n", i+1), Command: []string{"hold"}})
		go func() { errs <- e.Start(t.Context(), id) }()
	}
	for range number {
		require.NoError(t, <-errs)
	}
	for i := range number {
		state, err := e.State(t.Context(), engine.ID(fmt.Sprintf("cleave-%s-n%d", e.Run, i+1)))
		require.NoError(t, err)
		require.True(t, state.Running)
	}
}

func TestFilesArrive(t *testing.T) {
	t.Parallel()
	e := opened(t)
	holder, volume := held(t, e, 1<<20)
	read := func(path string) string {
		return ran(t, e, engine.Spec{Name: "reader", Command: []string{"print", path}, Within: holder, Mounts: []engine.Mount{volume},
			Files: []world.File{{Path: "/etc/some/where/n1.conf", Content: []byte("configured")}, {Path: "/data/myid", Content: []byte("1")}}})
	}
	require.Equal(t, "configured", read("/etc/some/where/n1.conf"))
	require.Equal(t, "1", read("/data/myid"))
	require.NoError(t, e.CopyTo(t.Context(), holder, []world.File{{Path: "/data/later", Content: []byte("while it runs")}}))
	require.Equal(t, "while it runs", read("/data/later"))
	err := e.CopyTo(t.Context(), holder, []world.File{{Path: "data/relative"}})
	require.ErrorContains(t, err, `the path "data/relative" does not begin with /`)

	hosts := read("/etc/hosts")
	require.Contains(t, hosts, "10.64.0.1\tn1\n10.64.0.2\tn2")
	require.Contains(t, read("/proc/self/status"), "CapEff:\t0000000000000000")
}

func TestExactCapabilities(t *testing.T) {
	t.Parallel()
	e := opened(t)
	status := ran(t, e, engine.Spec{Name: "n1", Command: []string{"print", "/proc/self/status"}, Capabilities: []string{"NET_ADMIN"}})
	require.Contains(t, status, "CapEff:\t0000000000001000")
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	e := opened(t)
	holder, volume := held(t, e, 4<<20)
	write := func(file string) string {
		return ran(t, e, engine.Spec{Name: "writer", Command: []string{"write", file}, Within: holder, Mounts: []engine.Mount{volume}})
	}
	require.Equal(t, "written", write("/data/first"))
	require.NoError(t, e.Fill(t.Context(), holder, world.DataFolder))
	require.Contains(t, write("/data/second"), "no space left on device")
	require.NoError(t, e.Drain(t.Context(), holder, world.DataFolder))
	require.Equal(t, "written", write("/data/second"))
	require.Error(t, e.Fill(t.Context(), holder, "/tmp"), "that is the engine's own disk")
}

func TestPowerFailure(t *testing.T) {
	t.Parallel()
	if err := disk.Able(); err != nil {
		t.Skip(err)
	}
	e := opened(t)
	d, err := disk.Make(t.Context(), "n1", disk.Smallest)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, d.Close()) })
	holder, _ := held(t, e, 1<<20)
	spec := engine.Spec{Name: "n1", Command: []string{"save"}, Within: holder, Mounts: []engine.Mount{{Source: d.Folder(), Path: world.DataFolder}}}
	node := created(t, e, spec)
	require.NoError(t, e.Start(t.Context(), node))
	eventually(t, func() bool {
		said, err := e.Tail(t.Context(), node, 1)
		return err == nil && said == "saved"
	})
	require.FileExists(t, filepath.Join(d.Folder(), "lost"))
	require.NoError(t, d.Fail())
	require.NoError(t, e.Kill(t.Context(), node))
	require.NoError(t, d.Recover())
	spec.Name, spec.Command = "reader", []string{"list", world.DataFolder}
	require.Equal(t, "kept", ran(t, e, spec))
}

func TestBadSpecs(t *testing.T) {
	t.Parallel()
	e := opened(t)
	_, err := e.Create(t.Context(), engine.Spec{Name: "n1", Image: "cleave-none:0"})
	require.ErrorContains(t, err, `creating n1: there is no image "cleave-none:0": make it with "make images"`)
	id := created(t, e, engine.Spec{Name: "n1", Mounts: nil})
	_, err = e.Create(t.Context(), engine.Spec{Name: "n1", Image: loaded(t, e)})
	require.ErrorContains(t, err, "is already in use")
	_, err = e.Create(t.Context(), engine.Spec{Name: "n2", Image: loaded(t, e), Within: id, Hosts: map[string]netip.Addr{"n1": {}}})
	require.ErrorContains(t, err, "creating n2: the names of hosts are those of")
	_, err = e.Create(t.Context(), engine.Spec{Name: "n3", Image: loaded(t, e), Mounts: []engine.Mount{{Source: "/no/such/folder", Path: "/data"}}})
	require.ErrorContains(t, err, "/no/such/folder")
	within, err := e.Create(t.Context(), engine.Spec{Name: "n4", Image: loaded(t, e), Within: id})
	require.NoError(t, err)
	require.Error(t, e.Start(t.Context(), within), "its holder does not run")
}
