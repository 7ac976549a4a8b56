package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Where members cannot be moved, or replaced, a plan that wants it is refused in one line.
func TestMembersThatCannotBeMoved(t *testing.T) {
	for _, refused := range []struct{ system, workload, fault, world, why string }{
		{"zookeeper", "register", "remove-member", "docker", "remove-member cannot be done to zookeeper: its servers cannot be told who is a member"},
		{"eureka", "discovery", "add-member", "docker", "add-member cannot be done to eureka: its servers cannot be told who is a member"},
		{"cpstore", "register", "replace-member", "docker", "replace-member cannot be done in containers: they cannot renew members"},
		{"apregistry", "discovery", "replace-member", "sim", "replace-member does nothing to apregistry, which keeps nothing on disk"},
	} {
		code, stdout, stderr := cleave("run", "--system", refused.system, "--workload", refused.workload, "--faults", refused.fault,
			"--world", refused.world, "--store", t.TempDir())
		require.Equal(t, exitUsage, code, stdout)
		require.Equal(t, "cleave: "+refused.why+"\n", stderr)
	}
}
