package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// staleReads is the measure of stale reads, whatever it is of.
var staleReads = regexp.MustCompile(`("name": "stale reads",[^}]*"value": )[0-9.e-]+`)

// comparedIn runs two small comparisons' worth of plans and gives the folder.
func comparedIn(t *testing.T, store string, flags ...string) (folder string, code int, stdout, stderr string) {
	t.Helper()
	code, stdout, stderr = cleave(append([]string{"compare", "--store", store, "--systems", "cpstore,apregistry", "--workloads", "register",
		"--faults", "isolate-leader", "--nodes", "3", "--clients", "3"}, flags...)...)
	if fields := strings.Split(stdout, " · "); len(fields) >= 2 {
		folder = filepath.Dir(fields[len(fields)-2])
	}
	return folder, code, stdout, stderr
}

// A comparison beside an earlier one of the same plans finds nothing; where the earlier one was better it says what is worse,
// on the page too, and exits 1. Folders can be set beside each other without running anything.
func TestCompareAgainst(t *testing.T) {
	store := t.TempDir()
	before, code, stdout, stderr := comparedIn(t, store)
	require.Equal(t, exitValid, code, stdout+stderr)

	_, code, stdout, _ = comparedIn(t, store, "--against", before)
	require.Equal(t, exitValid, code)
	require.Contains(t, strings.Join(strings.Fields(stdout), " "), "0 regressions and 0 changes for the better; 2 of 2 runs are as before.")

	better := filepath.Join(store, "better")
	require.NoError(t, os.CopyFS(better, os.DirFS(before)))
	file := filepath.Join(better, "apregistry-register-isolate-leader", "measures.json")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	changed := strings.ReplaceAll(string(text), `"name": "stale reads",`, `"name": "stale reads", "was": "here",`)
	require.NoError(t, os.WriteFile(file, []byte(changed), 0o600))
	_, code, _, stderr = comparedIn(t, store, "--against", better)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "measures.json:", "a damaged file is named")

	changed = staleReads.ReplaceAllString(string(text), "${1}0.0")
	require.NotEqual(t, string(text), changed)
	require.NoError(t, os.WriteFile(file, []byte(changed), 0o600))
	now, code, stdout, stderr := comparedIn(t, store, "--against", better)
	require.Equal(t, exitInvalid, code)
	require.Contains(t, stdout, "✗ REGRESSION apregistry, register, isolate-leader: stale answers")
	require.Contains(t, stderr, "cleave: 1 regression against "+better)
	page, err := os.ReadFile(filepath.Join(now, "index.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), "What has changed")

	junit := filepath.Join(store, "junit.xml")
	code, stdout, _ = cleave("compare", before, "--against", better, "--junit", junit)
	require.Equal(t, exitInvalid, code)
	require.Contains(t, stdout, "stale answers")
	text, err = os.ReadFile(junit)
	require.NoError(t, err)
	require.Contains(t, string(text), "stale answers")
	code, _, _ = cleave("compare", filepath.Join(before, "cpstore-register-isolate-leader"), "--against", better)
	require.Equal(t, exitValid, code, "a single run")
}

// What is no comparison, or one of other plans, is refused in a line that says why, before anything runs.
func TestCompareAgainstRefuses(t *testing.T) {
	store := t.TempDir()
	before, code, _, _ := comparedIn(t, store)
	require.Equal(t, exitValid, code)
	for _, c := range []struct{ flags, says string }{
		{"--against " + filepath.Join(store, "nowhere"), "no folder of a comparison or a run"},
		{"--against " + store, "there is no run in it"},
		{"--against " + before + " --seed 2", `was made with other plans: of apregistry-register-isolate-leader, seed is "1" there and "2" here`},
		{"--against " + before + " --margin-points 101", "--margin-points: 101 of 100"},
		{"--margin-factor 0.5", "--margin-factor: 0.5, and it is 1 at least"},
	} {
		_, code, stdout, stderr := comparedIn(t, store, strings.Fields(c.flags)...)
		require.Equal(t, exitUsage, code, c.flags)
		require.Contains(t, stderr, c.says)
		require.Equal(t, 1, strings.Count(stderr, "\n"))
		require.Empty(t, stdout, "nothing was run")
	}
	code, _, stderr := cleave("compare", "--store", store, "--systems", "cpstore", "--faults", "pause", "--against", before)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "was made with other plans: it has none of the same system, workload, faults and world")
	for _, command := range []string{"shrink", "replay", "check"} {
		code, _, stderr = cleave(command, before)
		require.Equal(t, exitUsage, code)
		require.Contains(t, stderr, before+" is a comparison")
		require.Contains(t, stderr, "such as "+filepath.Join(before, "apregistry-register-isolate-leader"))
	}
	code, _, stderr = cleave("compare", before)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "--against: which folder")
	code, _, stderr = cleave("compare", before, "--against", before, "--nodes", "3")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "--nodes: with a folder nothing is run")
}
