package main

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// Where members cannot be moved, or replaced, a plan that wants it is refused in one line.
func TestMembersThatCannotBeMoved(t *testing.T) {
	for _, refused := range []struct{ system, workload, fault, world, why string }{
		{"zookeeper", "register", "remove-member", "docker", "remove-member cannot be done to zookeeper: its servers cannot be told who is a member"},
		{"eureka", "discovery", "add-member", "docker", "add-member cannot be done to eureka: its servers cannot be told who is a member"},
		{"zookeeper", "register", "replace-member", "docker", "replace-member cannot be done to zookeeper: its servers cannot be told who is a member"},
		{"apregistry", "discovery", "replace-member", "sim", "replace-member does nothing to apregistry, which keeps nothing on disk"},
	} {
		code, stdout, stderr := cleave("run", "--system", refused.system, "--workload", refused.workload, "--faults", refused.fault,
			"--world", refused.world, "--store", t.TempDir())
		require.Equal(t, exitUsage, code, stdout)
		require.Equal(t, "cleave: "+refused.why+"\n", stderr)
	}
}

// In containers too a node that lost its disk and comes back as the member that it was ends of what it has forgotten.
func TestSameMemberInContainers(t *testing.T) {
	binary := contained(t)
	for seed := range 3 { // the leader may be another one by then, who does not know how much the member had
		command := short(binary, t.TempDir(), "--faults", "replace-member", "--bug", "same-member", "--seed", fmt.Sprint(seed+1))
		output, _ := command.CombinedOutput() // its code is looked at
		require.Contains(t, []int{exitValid, exitInvalid}, command.ProcessState.ExitCode(), "%s", output)
		if command.ProcessState.ExitCode() == exitInvalid {
			require.Regexp(t, `BROKEN +no node breaks an invariant of its own \(no-panic\)\n +n[1-3] panicked: raft: tocommit`, string(output))
			return
		}
	}
	require.Fail(t, "the bug is not found")
}
