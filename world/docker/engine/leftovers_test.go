package engine_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"cleave/world/docker/disk"
	"cleave/world/docker/engine"

	"github.com/stretchr/testify/require"
)

// litter is what the process does that is killed: a holder, a node on a disk in memory that is paused,
// a node on a disk whose power has failed.
func litter(image string) {
	ctx := context.Background()
	check := func(err error) {
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	e, err := engine.Open(ctx)
	check(err)
	volume, err := e.Volume(ctx, "n1", 1<<20)
	check(err)
	mounts := []engine.Mount{{Source: volume, Path: "/data"}}
	holder, err := e.Create(ctx, engine.Spec{Name: "n1-holder", Image: image, Command: []string{"hold"}, Mounts: mounts})
	check(err)
	check(e.Start(ctx, holder))
	node, err := e.Create(ctx, engine.Spec{Name: "n1", Image: image, Command: []string{"tick", "/data/ticks"}, Within: holder, Mounts: mounts})
	check(err)
	check(e.Start(ctx, node))
	check(e.Pause(ctx, node))
	if disk.Able() == nil {
		d, err := disk.Make(ctx, "n2", disk.Smallest)
		check(err)
		other, err := e.Create(ctx, engine.Spec{Name: "n2", Image: image, Command: []string{"hold"}, Within: holder,
			Mounts: []engine.Mount{{Source: d.Folder(), Path: "/data"}}})
		check(err)
		check(e.Start(ctx, other))
		check(d.Fail())
	}
	fmt.Println("run", e.Run)
	time.Sleep(time.Minute)
	os.Exit(1)
}

// ofRun are the names of what is there of a run or of a process.
func ofRun(t *testing.T, e *engine.Engine, run string, pid int) []string {
	all, err := e.Leftovers(t.Context())
	require.NoError(t, err)
	var names []string
	for _, each := range all {
		if each.Run == run || strings.HasPrefix(each.Owner, fmt.Sprint(pid, ".")) {
			names = append(names, each.String())
		}
	}
	return names
}

func TestWhatAKilledRunLeftIsCollected(t *testing.T) {
	e := opened(t)
	mine := created(t, e, engine.Spec{Name: "n1", Command: []string{"hold"}})
	require.NoError(t, e.Start(t.Context(), mine))
	_, err := e.Volume(t.Context(), "mine", 1<<20)
	require.NoError(t, err)

	child := exec.Command("/proc/self/exe")
	child.Env = append(os.Environ(), "CLEAVE_TEST_LITTER="+loaded(t, e))
	output, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	first := make([]byte, 500)
	n, _ := output.Read(first)
	said := strings.TrimSpace(string(first[:n]))
	run, ok := strings.CutPrefix(said, "run ")
	require.True(t, ok, said)
	pid := child.Process.Pid
	left := ofRun(t, e, run, pid)
	wanted := 3
	if disk.Able() == nil {
		wanted = 5
	}
	require.Len(t, left, wanted)

	removed, err := e.Collect(t.Context(), false)
	require.NoError(t, err)
	for _, each := range left {
		require.NotContains(t, removed, each, "its run lives")
	}
	require.NoError(t, child.Process.Kill())
	require.Error(t, child.Wait())
	removed, err = e.Collect(t.Context(), false)
	require.NoError(t, err)
	for _, each := range left {
		require.Contains(t, removed, each)
	}
	require.Empty(t, ofRun(t, e, run, pid))
	require.Len(t, slices.DeleteFunc(ofRun(t, e, e.Run, -1), func(name string) bool { return !strings.Contains(name, e.Run) }), 2)
	state, err := e.State(t.Context(), mine)
	require.NoError(t, err)
	require.True(t, state.Running)
}
