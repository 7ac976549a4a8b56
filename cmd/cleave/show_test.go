package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"cleave/reports"
)

// requireFits requires that what is said fits 80 columns, but for the first line, which says all options, the last, and lines
// to be copied.
func requireFits(t *testing.T, said string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(said), "\n")
	require.Greater(t, len(lines), 3, said)
	for _, line := range lines[1 : len(lines)-1] {
		if !strings.Contains(line, "cleave replay ") {
			require.LessOrEqual(t, utf8.RuneCountInString(line), reports.Columns, line)
		}
	}
}

func TestSummariesFit(t *testing.T) {
	store := t.TempDir()
	_, out, _ := cleave("run", "--store", store, "--faults", "kill-all", "--bug", "zk-4785", "--seed", "1")
	requireFits(t, out)
	_, out, _ = cleave("compare", "--store", store, "--systems", "cpstore,apregistry,cachedcp",
		"--workloads", "discovery", "--faults", "halves-leader-minority",
		"--duration", "40s", "--quiet", "15s")
	requireFits(t, out)
	_, out, _ = cleave("sweep", "--store", store, "--faults", "kill-all", "--bug", "zk-4785", "--seeds", "1-3", "--collect")
	requireFits(t, out)
}

// A run is drawn from its folder: with its verdict, the faults, every client, and why.
func TestShow(t *testing.T) {
	t.Setenv("COLUMNS", "72")
	store := t.TempDir()
	code, _, _ := cleave("run", "--store", store, "--faults", "kill-all", "--bug", "zk-4785", "--seed", "1")
	require.Equal(t, exitInvalid, code)
	code, out, errs := cleave("show", filepath.Join(store, "latest"))
	require.Equal(t, exitValid, code, errs)
	for _, words := range []string{"✗ INVALID", "kill-all", "\nn5 ", "\nc10 ",
		"✗ BROKEN: writes and quorum-synced reads are linearizable", "  1. c9 wrote 508", "|-------|"} {
		require.Contains(t, out, words)
	}
	for _, line := range strings.Split(out, "\n") {
		if !strings.HasPrefix(line, "folder: ") && !strings.Contains(line, "cleave replay") && !strings.HasPrefix(line, "    /") {
			require.LessOrEqual(t, utf8.RuneCountInString(line), 72, line)
		}
	}
	folders, err := filepath.Glob(filepath.Join(store, "cpstore-*", "*"))
	require.NoError(t, err)
	require.Len(t, folders, 1)
	page, err := os.ReadFile(filepath.Join(folders[0], "report.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), "<h2>Who told whom what</h2>", "the messages around the evidence")
	before, err := os.ReadDir(folders[0])
	require.NoError(t, err)
	require.NoError(t, os.Remove(filepath.Join(folders[0], "verdict.json")))
	code, out, _ = cleave("show", folders[0])
	require.Equal(t, exitValid, code)
	require.Contains(t, out, "the run did not come to its end")
	after, err := os.ReadDir(folders[0])
	require.NoError(t, err)
	require.Len(t, after, len(before)-1, "nothing is written")

	require.NoError(t, os.WriteFile(filepath.Join(folders[0], "history.jsonl"), nil, 0o644))
	code, _, errs = cleave("show", folders[0])
	require.Equal(t, exitUsage, code)
	require.Contains(t, errs, `history.jsonl: it is the history of "" under ""`)

	require.NoError(t, os.WriteFile(filepath.Join(store, "sweep.json"), nil, 0o644))
	for _, wrong := range []string{store, filepath.Join(store, "none"), filepath.Join(folders[0], "plan.json")} {
		code, _, errs = cleave("show", wrong)
		require.Equal(t, exitUsage, code, wrong)
		require.Len(t, strings.Split(strings.TrimSpace(errs), "\n"), 1, errs)
	}
}
