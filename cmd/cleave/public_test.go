package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// publicHistories is where porcupine keeps the histories of its own tests.
func publicHistories(t *testing.T) string {
	folder, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/anishathalye/porcupine").Output()
	require.NoError(t, err)
	return filepath.Join(strings.TrimSpace(string(folder)), "test_data")
}

// Histories that Jepsen recorded of etcd, and others of a key-value store, have the verdicts that are known of them.
func TestPublicHistories(t *testing.T) {
	folder := publicHistories(t)
	logs, err := filepath.Glob(filepath.Join(folder, "jepsen", "*.log"))
	require.NoError(t, err)
	require.Len(t, logs, 103)
	verdicts := map[int]int{}
	for _, path := range logs {
		code, stdout, stderr := cleave("check", path, "--model", "cas-register")
		require.Contains(t, []int{exitValid, exitInvalid, exitUsage}, code, "%s: %s%s", path, stdout, stderr)
		verdicts[code]++
	}
	require.Equal(t, map[int]int{exitValid: 23, exitInvalid: 79, exitUsage: 1}, verdicts, "one file is empty")
	for name, want := range map[string]int{
		"c01-ok": exitValid, "c01-bad": exitInvalid, "c10-ok": exitValid, "c10-bad": exitInvalid, "c50-ok": exitValid, "c50-bad": exitInvalid,
	} {
		code, stdout, stderr := cleave("check", filepath.Join(folder, "kv", name+".txt"))
		require.Equal(t, want, code, "%s: %s%s", name, stdout, stderr)
	}
}
