package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// said runs the CP store under a kind of fault with some seeds, and counts the runs in whose history or logs
// something is said. None may break a promise.
func said(t *testing.T, kind string, seeds int, what string) int {
	store, count := t.TempDir(), 0
	for seed := range seeds {
		code, stdout, stderr := cleave("run", "--faults", kind, "--seed", fmt.Sprint(seed), "--duration", "40s", "--every", "50ms", "--store", store)
		require.Equal(t, exitValid, code, stdout+stderr)
	}
	folders, err := filepath.Glob(filepath.Join(store, "*", "*-*"))
	require.NoError(t, err)
	require.Len(t, folders, seeds)
	for _, folder := range folders {
		logs, err := filepath.Glob(filepath.Join(folder, "nodes", "n*.log"))
		require.NoError(t, err)
		for _, path := range append(logs, filepath.Join(folder, "history.jsonl")) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			if strings.Contains(string(text), what) {
				count++
				break
			}
		}
	}
	return count
}

// A bit that is turned around on the disk is damage that the store finds, unless nothing needs the file any more; a
// write torn at any byte, a sync that failed and a slow disk are none.
func TestTheStoreKnowsDamageFromACrash(t *testing.T) {
	require.Positive(t, said(t, "bit-flip", 8, `"damage"`))
	require.Positive(t, said(t, "kill-during-write", 12, "bytes of a write that a crash cut short"))
	require.Equal(t, 3, said(t, "failing-sync", 3, `"halt"`))
	require.Zero(t, said(t, "slow-sync", 2, `"panic"`))
}
