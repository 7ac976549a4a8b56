package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/history"
	"cleave/systems/cpstore"
	"cleave/world"
	"cleave/world/docker"
	"cleave/world/docker/engine"
)

// contained gives the binary for tests with containers, or skips where there can be none.
func contained(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("it runs in real time: not with -short")
	}
	if err := docker.Check(t.Context(), nil, docker.Options{}); err != nil {
		t.Skip(err)
	}
	binary, err := buildOnce()
	require.NoError(t, err)
	return binary
}

// short is a run in containers of a few seconds.
func short(binary, store string, more ...string) *exec.Cmd {
	arguments := []string{"run", "--world", "docker", "--nodes", "3", "--clients", "3", "--warmup", "3s", "--duration", "14s", "--quiet", "6s",
		"--store", store}
	return exec.Command(binary, append(arguments, more...)...)
}

// theFolder is the one run folder in a store.
func theFolder(t *testing.T, store string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(store, "*", "*", "plan.json"))
	require.NoError(t, err)
	require.Len(t, found, 1)
	return filepath.Dir(found[0])
}

// leftBy gives what a process has left in the engine.
func leftBy(t *testing.T, pid int) []string {
	t.Helper()
	found, err := engine.Open(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, found.Close()) }()
	all, err := found.Leftovers(t.Context())
	require.NoError(t, err)
	var names []string
	for _, each := range all {
		if strings.HasPrefix(each.Owner, fmt.Sprintf("%d.", pid)) {
			names = append(names, each.String())
		}
	}
	return names
}

// A run in containers leaves what one in simulation does, and besides what it was made of, what its network
// carried, and its frames; and nothing in the engine. Its schedule runs in simulation too.
func TestRunInContainers(t *testing.T) {
	binary, store := contained(t), t.TempDir()
	command := short(binary, store, "--faults", "isolate-leader", "--duration", "22s", "--pcap") // longer than the grace
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	require.Contains(t, string(output), "VALID")
	folder := theFolder(t, store)
	for _, name := range []string{"plan.json", "schedule.json", "history.jsonl", "verdict.json", "measures.json", "report.html", "nodes/n1.log"} {
		info, err := os.Stat(filepath.Join(folder, name))
		require.NoError(t, err)
		require.NotZero(t, info.Size(), name)
	}
	environment, err := os.ReadFile(filepath.Join(folder, "environment.json"))
	require.NoError(t, err)
	require.Contains(t, string(environment), "sha256:")
	var traffic []world.Traffic
	text, err := os.ReadFile(filepath.Join(folder, "traffic.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &traffic))
	dropped := int64(0)
	for _, l := range traffic {
		dropped += l.Dropped
	}
	require.Positive(t, dropped, "the cut has lost frames")
	frames, err := os.ReadFile(filepath.Join(folder, "frames.pcap"))
	require.NoError(t, err)
	require.True(t, bytes.HasPrefix(frames, []byte{0x4d, 0x3c, 0xb2, 0xa1}), "% x", frames[:4])
	require.Empty(t, leftBy(t, command.Process.Pid))

	code, stdout, stderr := cleave("replay", folder, "--world", "sim", "--store", t.TempDir())
	require.Equal(t, exitValid, code, stderr)
	require.Contains(t, stdout, "the verdict before was valid")
	code, stdout, _ = cleave("check", folder)
	require.Equal(t, exitValid, code, stdout)
}

// Ctrl-C ends a run with a history that can be judged as far as it got, and leaves no container.
func TestRunInContainersInterrupted(t *testing.T) {
	binary, store := contained(t), t.TempDir()
	command := short(binary, store, "--faults", "kill-all", "--duration", "60s")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	require.NoError(t, command.Start())
	untilLines(t, store, 200)
	require.NoError(t, command.Process.Signal(syscall.SIGINT))
	var ended *exec.ExitError
	require.ErrorAs(t, command.Wait(), &ended)
	require.Equal(t, exitHarness, ended.ExitCode())
	require.Contains(t, stderr.String(), "interrupted; the history so far is in ")
	require.Empty(t, leftBy(t, command.Process.Pid))
	code, stdout, _ := cleave("check", theFolder(t, store))
	require.Equal(t, exitUnknown, code)
	require.Contains(t, stdout, "only its beginning was judged")
}

// A harness that is killed leaves containers, without a network, which gc finds and removes; it spares those
// of a run under way.
func TestKilledRunIsCollected(t *testing.T) {
	binary, store, other := contained(t), t.TempDir(), t.TempDir()
	killed, living := short(binary, store, "--duration", "60s"), short(binary, other, "--faults", "none")
	require.NoError(t, killed.Start())
	untilLines(t, store, 100)
	require.NoError(t, living.Start(), "two runs at once")
	untilLines(t, other, 100)
	require.NoError(t, killed.Process.Kill())
	require.Error(t, killed.Wait())
	left := leftBy(t, killed.Process.Pid)
	require.NotEmpty(t, left)

	code, stdout, stderr := cleave("gc")
	require.Equal(t, exitValid, code, stderr)
	for _, name := range left {
		require.Contains(t, stdout, "removed "+name)
	}
	require.Empty(t, leftBy(t, killed.Process.Pid))
	code, _, _ = cleave("check", theFolder(t, store))
	require.Equal(t, exitUnknown, code, "the history of a killed run can be read")
	require.NoError(t, living.Wait(), "the run under way went on")
	require.Empty(t, leftBy(t, living.Process.Pid))
}

// untilLines waits until a run in a store has recorded so many events.
func untilLines(t *testing.T, store string, count int) {
	t.Helper()
	require.Eventually(t, func() bool {
		found, _ := filepath.Glob(filepath.Join(store, "*", "*", "history.jsonl"))
		if len(found) == 0 {
			return false
		}
		text, err := os.ReadFile(found[0])
		return err == nil && bytes.Count(text, []byte("\n")) >= count
	}, time.Minute, 50*time.Millisecond)
}

// What keeps containers from being used is told in one line, before anything is made.
func TestNoContainersHere(t *testing.T) {
	for name, engineAt := range map[string]string{"no engine": "unix:///nowhere/docker.sock", "no such scheme": "carrier-pigeon://loft"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DOCKER_HOST", engineAt)
			store := filepath.Join(t.TempDir(), "store")
			for _, verb := range []string{"run", "compare"} {
				code, _, stderr := cleave(verb, "--world", "docker", "--store", store)
				require.Equal(t, exitUsage, code, stderr)
				require.Contains(t, stderr, "containers cannot be used here: ")
				require.Equal(t, 1, strings.Count(stderr, "\n"), "one line: %q", stderr)
				require.NoDirExists(t, store)
			}
			code, stdout, _ := cleave("doctor")
			require.Equal(t, exitUsage, code)
			require.Contains(t, stdout, "MISSING")
		})
	}
}

// Without the rights to make networks, one line says so.
func TestContainersWithoutRights(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can try what others may not")
	}
	binary, err := buildOnce()
	require.NoError(t, err)
	copied, err := os.ReadFile(binary)
	require.NoError(t, err)
	own, err := os.MkdirTemp("/tmp", "cleave-test-") // where anybody may look
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(own)) })
	require.NoError(t, os.Chmod(own, 0o755))
	program := filepath.Join(own, "cleave")
	require.NoError(t, os.WriteFile(program, copied, 0o755))
	command := exec.Command(program, "run", "--world", "docker", "--store", filepath.Join(own, "store"))
	command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	output, err := command.CombinedOutput()
	var ended *exec.ExitError
	require.True(t, errors.As(err, &ended), "%s", output)
	require.Equal(t, exitUsage, ended.ExitCode(), "%s", output)
	require.Contains(t, string(output), "CAP_NET_ADMIN is missing")
	require.Equal(t, 1, strings.Count(string(output), "\n"), "one line: %q", output)
}

// An image that is missing is named, with what makes it.
func TestMissingImage(t *testing.T) {
	contained(t)
	err := docker.Check(t.Context(), []string{"cleave/absent:1"}, docker.Options{})
	require.ErrorIs(t, err, docker.ErrMachine)
	require.ErrorContains(t, err, `no image "cleave/absent:1": make it with "make images"`)
}

// A node whose container ends at its start is an error with the last lines of its log.
func TestContainerThatEndsAtItsStart(t *testing.T) {
	binary := contained(t)
	system := cpstore.System(cpstore.DefaultOptions())
	system.Deployment = deployStore(cpstore.DefaultOptions())
	good := system.Deployment.Node
	system.Deployment.Node = func(name string, places world.Places) world.Container {
		c := good(name, places)
		if name == "n2" {
			c.Files[0].Content = []byte("tickTime=soon\n")
		}
		return c
	}
	w, err := docker.New(t.Context(), docker.Options{Seed: 1, Program: engine.Program{Path: binary}})
	require.NoError(t, err)
	err = w.Populate(system, world.Cluster{Nodes: []string{"n1", "n2"}}, []history.Placement{{Client: "c1", Host: "n1"}})
	require.ErrorContains(t, err, "n2: has ended at its start; the last lines of its log:")
	require.ErrorContains(t, err, "tickTime")
	require.NotContains(t, err.Error(), "n1:")
	require.NoError(t, w.Close())
}

// What a world lacks is refused before the run.
func TestFaultsThatContainersLack(t *testing.T) {
	plan := harness.DefaultPlan()
	plan.World, plan.System, plan.Faults = inContainers, "zookeeper", "clock-skew"
	_, err := wiring.System(plan)
	var reason harness.Unable
	require.ErrorAs(t, err, &reason)
	require.ErrorContains(t, err, "clock-skew cannot be done to zookeeper in containers: its clock cannot be moved")
	plan.World = harness.Simulation
	_, err = wiring.System(plan)
	require.ErrorContains(t, err, "zookeeper does not run in simulation")
}
