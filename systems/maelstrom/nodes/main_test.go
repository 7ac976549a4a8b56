package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/workloads"
)

// For every workload there is a node that is right, and one that is not.
func TestNodesForEveryWorkload(t *testing.T) {
	right, wrong := map[string]bool{}, map[string]bool{}
	for _, p := range programs() {
		_, err := workloads.Find(p.workload)
		require.NoError(t, err)
		found, known := find(strings.Fields(p.workload + " " + p.variant))
		require.True(t, known)
		require.Equal(t, p.does, found.does)
		if p.variant == "" || p.variant == "raft" {
			right[p.workload] = true
		} else {
			wrong[p.workload] = true
		}
	}
	require.Len(t, right, 10)
	require.Equal(t, right, wrong)
	for _, arguments := range [][]string{nil, {"echo", "loudly"}, {"loud"}} {
		_, known := find(arguments)
		require.False(t, known, arguments)
	}
	var out strings.Builder
	list(&out)
	require.Contains(t, out.String(), "lin-kv          lost-write")
}
