package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/world/docker"
)

// What harms nodes and disks in simulation does so in containers: a disk that is lost or old, after which nothing is
// promised, a damaged one, whose node ends of it or does not need the file, a slow leader, and one whose syncs are slow,
// fail, or are its end. A member that is replaced is another one, with a vote of its own, and all is promised.
func TestContainerHarm(t *testing.T) {
	binary := contained(t)
	synced := docker.Check(t.Context(), nil, docker.Options{Syncs: true})
	for kind, want := range map[string]struct {
		code int
		says string
	}{
		"lost-disk":         {exitUnknown, "a fault took a disk away or set it back"},
		"old-disk":          {exitUnknown, "a fault took a disk away or set it back"},
		"bit-flip":          {exitValid, "VALID"},
		"slow-node":         {exitValid, "VALID"},
		"slow-sync":         {exitValid, "VALID"},
		"failing-sync":      {exitValid, "VALID"},
		"kill-during-write": {exitValid, "VALID"},
		"replace-member":    {exitValid, "VALID"},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			if synced != nil && slices.Contains([]string{"slow-sync", "failing-sync", "kill-during-write"}, kind) {
				t.Skip(synced)
			}
			store := t.TempDir()
			command := short(binary, store, "--faults", kind, "--duration", "28s")
			output, err := command.CombinedOutput()
			if _, ended := err.(*exec.ExitError); !ended {
				require.NoError(t, err)
			}
			require.Equal(t, want.code, command.ProcessState.ExitCode(), "%s", output)
			require.Contains(t, string(output), want.says)
			require.Contains(t, string(output), "the strongest that holds is linearizable")
			require.Empty(t, leftBy(t, command.Process.Pid))
			harmed(t, theFolder(t, store), kind)
		})
	}
}

// harmed sees in the history of a run that a node was harmed, and served again.
func harmed(t *testing.T, folder, kind string) {
	t.Helper()
	h, err := history.Load(filepath.Join(folder, "history.jsonl"))
	require.NoError(t, err)
	faults := h.Faults()
	require.GreaterOrEqual(t, len(faults), 2)
	first, last := faults[0].Fault, faults[len(faults)-1]
	require.Equal(t, kind, first.Kind)
	require.Equal(t, history.FaultStart, first.Stage)
	require.Equal(t, history.FaultEnd, last.Fault.Stage)
	require.Len(t, first.Nodes, 1)
	switch kind {
	case "slow-node":
		require.Positive(t, first.After.Hampered)
		return
	case "slow-sync":
		facts, err := os.ReadFile(filepath.Join(folder, "environment.json"))
		require.NoError(t, err)
		require.Regexp(t, `[0-9]+ syncs, [1-9][0-9]* of them slowed down, 0 failed`, string(facts))
		return
	case "failing-sync":
		require.True(t, noted(h, first.Nodes[0], "sync-failed", "input/output error"))
		require.True(t, noted(h, first.Nodes[0], "halt", ""))
	case "kill-during-write":
		require.True(t, noted(h, first.Nodes[0], "kill", "in the midst of a sync"))
		require.False(t, noted(h, first.Nodes[0], "exit", ""))
	case "replace-member":
		name := first.Nodes[0]
		others := slices.DeleteFunc([]string{"n1", "n2", "n3"}, func(node string) bool { return node == name })
		for _, node := range []string{"n1", "n2", "n3"} {
			require.True(t, noted(h, node, "members", fmt.Sprintf(": %s %s %s.1", others[0], others[1], name)), node)
		}
	}
	back := false
	for _, event := range h.Notes() {
		back = back || event.Note.Node == first.Nodes[0] && event.Note.Kind == "start" && event.Time > faults[0].Time
	}
	require.True(t, back, "%s has started again", first.Nodes[0])
	if kind == "bit-flip" {
		log, err := os.ReadFile(filepath.Join(folder, "nodes", first.Nodes[0]+".log"))
		require.NoError(t, err)
		require.Contains(t, string(log), "cleave: a bit on the disk is turned around: ")
	}
}

// noted tells whether a node noted something.
func noted(h *history.History, node, kind, detail string) bool {
	return slices.ContainsFunc(h.Notes(), func(event history.Event) bool {
		return event.Note.Node == node && event.Note.Kind == kind && strings.Contains(event.Note.Detail, detail)
	})
}

// A harness that is killed while it stands between nodes and their disks leaves mounts that lead nowhere, which gc
// removes with the disks.
func TestKilledLayersAreCollected(t *testing.T) {
	binary, store := contained(t), t.TempDir()
	if err := docker.Check(t.Context(), nil, docker.Options{Syncs: true}); err != nil {
		t.Skip(err)
	}
	command := short(binary, store, "--faults", "slow-sync", "--duration", "60s")
	require.NoError(t, command.Start())
	untilLines(t, store, 100)
	require.NoError(t, command.Process.Kill())
	require.Error(t, command.Wait())
	owned := fmt.Sprintf("cleave-disks/%d.", command.Process.Pid)
	require.Equal(t, 6, mounts(t, owned), "of three nodes each a disk and the layer over it")
	code, stdout, stderr := cleave("gc")
	require.Equal(t, exitValid, code, stderr)
	require.Contains(t, stdout, "removed disk ")
	require.Zero(t, mounts(t, owned))
	require.Empty(t, leftBy(t, command.Process.Pid))
}

// mounts counts those whose places say something.
func mounts(t *testing.T, say string) int {
	t.Helper()
	table, err := os.ReadFile("/proc/self/mounts")
	require.NoError(t, err)
	return strings.Count(string(table), say)
}
