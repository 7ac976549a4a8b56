package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
)

// What harms nodes and disks in simulation does so in containers: a disk that is lost or old, after which nothing is
// promised, a damaged one, whose node ends of it or does not need the file, and a slow leader.
func TestContainerHarm(t *testing.T) {
	binary := contained(t)
	for kind, want := range map[string]struct {
		code int
		says string
	}{
		"lost-disk": {exitUnknown, "a fault took a disk away or set it back"},
		"old-disk":  {exitUnknown, "a fault took a disk away or set it back"},
		"bit-flip":  {exitValid, "VALID"},
		"slow-node": {exitValid, "VALID"},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
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
	if kind == "slow-node" {
		require.Positive(t, first.After.Hampered)
		return
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
