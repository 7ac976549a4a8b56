package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// With --shrink the page of a sweep tells the smallest story of what was broken, and so it does after a kept run was made small
// by hand, in the sweep's folder; merging keeps it.
func TestSweepPageTellsTheSmallestStory(t *testing.T) {
	store := t.TempDir()
	page := func(folder string) string {
		text, err := os.ReadFile(filepath.Join(folder, "sweep.html"))
		require.NoError(t, err)
		return string(text)
	}
	folder, code, stdout, _ := swept(t, store, "--faults", "kill-all", "--bug", "zk-4785", "--seeds", "1-12", "--collect", "--shrink")
	require.Equal(t, exitInvalid, code, stdout)
	require.Contains(t, stdout, " made small: ")
	told := page(folder)
	require.Contains(t, told, "How this was broken")
	require.Contains(t, told, `href="shrunk/`)
	require.Contains(t, told, "cleave shrink --checker ")

	again, code, _, _ := swept(t, store, "--faults", "kill-all", "--bug", "zk-4785", "--seeds", "1-12", "--collect")
	require.Equal(t, exitInvalid, code)
	require.NotContains(t, page(again), "How this was broken")
	runs, err := os.ReadDir(filepath.Join(again, "runs"))
	require.NoError(t, err)
	code, stdout, _ = cleave("shrink", filepath.Join(again, "runs", runs[0].Name()))
	require.Equal(t, exitInvalid, code)
	require.Contains(t, stdout, filepath.Join(again, "shrunk", runs[0].Name()))
	require.Contains(t, page(again), "How this was broken")

	code, stdout, _ = cleave("merge", "--store", store, again)
	require.Equal(t, exitInvalid, code)
	fields := strings.Split(stdout, " · ")
	require.Contains(t, page(fields[len(fields)-2]), "How this was broken")
}
