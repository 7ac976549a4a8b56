package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/harness/sweep"
)

// brief are the flags of a sweep whose runs take milliseconds.
var brief = []string{"--nodes", "3", "--clients", "3", "--duration", "16s", "--warmup", "3s", "--quiet", "6s", "--unknown", "100"}

// swept runs a sweep into a store and gives its folder, the exit code and the output.
func swept(t *testing.T, store string, arguments ...string) (folder string, code int, stdout, stderr string) {
	code, stdout, stderr = cleave(append(append([]string{"sweep", "--store", store}, brief...), arguments...)...)
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	fields := strings.Split(lines[len(lines)-1], " · ")
	require.Len(t, fields, 3, "%s%s", stdout, stderr)
	return fields[1], code, stdout, stderr
}

// The shards of a sweep, merged, are the sweep; and its failures are run folders that replay.
func TestSweepInShards(t *testing.T) {
	store := t.TempDir()
	planted := []string{"--faults", "kill-all", "--bug", "zk-4785", "--seeds", "1-24", "--collect"}
	whole, code, stdout, _ := swept(t, store, planted...)
	require.Equal(t, exitInvalid, code)
	require.Contains(t, stdout, "broken promises\n")
	require.Contains(t, stdout, "linearizable")
	require.Contains(t, stdout, "cleave replay "+filepath.Join(whole, "runs"))
	require.FileExists(t, filepath.Join(whole, "sweep.md"))

	folders := []string{"merge", "--store", store}
	for _, shard := range []string{"1/3", "3/3", "2/3"} {
		folder, _, _, _ := swept(t, store, append(planted, "--shard", shard)...)
		folders = append(folders, folder)
	}
	code, stdout, stderr := cleave(folders...)
	require.Equal(t, exitInvalid, code, stderr)
	fields := strings.Split(strings.TrimSpace(stdout[strings.LastIndex(stdout, "invalid · "):]), " · ")
	require.Equal(t, timeless(t, whole), timeless(t, fields[1]))

	kept, err := filepath.Glob(filepath.Join(fields[1], "runs", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, kept)
	code, stdout, _ = cleave("replay", kept[0], "--store", store)
	require.Equal(t, exitInvalid, code)
	require.Contains(t, stdout, "identical to the original")

	code, _, stderr = cleave("shrink", whole)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "a sweep or another folder of several runs: name one of them, such as "+filepath.Join(whole, "runs"))

	code, _, stderr = cleave(append(folders, folders[3])...)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "have both run seeds ")
}

// timeless is a sweep's record as text, without its times.
func timeless(t *testing.T, folder string) string {
	text, err := os.ReadFile(filepath.Join(folder, "sweep.json"))
	require.NoError(t, err)
	return regexp.MustCompile(`"seconds": [^,]*,`).ReplaceAllString(string(text), "")
}

// A sweep that is interrupted keeps what is done and says how to go on; then it ends as if it had not been.
func TestSweepIsResumed(t *testing.T) {
	store := t.TempDir()
	ctx, stop := context.WithTimeout(t.Context(), 700*time.Millisecond)
	defer stop()
	var out, errors strings.Builder
	arguments := append([]string{"sweep", "--store", store, "--faults", "random", "--seeds", "1-100000", "--collect"}, brief...)
	require.Equal(t, exitHarness, execute(ctx, arguments, &out, &errors), out.String())
	require.Contains(t, errors.String(), "interrupted after ")
	command := out.String()[strings.LastIndex(out.String(), "cleave sweep --resume "):]
	folder := strings.Fields(command)[3]
	before, err := sweep.Load(folder)
	require.NoError(t, err)
	require.Positive(t, before.Runs())

	code, stdout, stderr := cleave("sweep", "--resume", folder, "--time", "500ms")
	require.Equal(t, exitValid, code, stdout+stderr)
	require.Contains(t, stdout, "not complete: its time was up")
	after, err := sweep.Load(folder)
	require.NoError(t, err)
	require.Greater(t, after.Runs(), before.Runs())
	require.Len(t, after.Done, 1, "no seed was left out")

	code, _, stderr = cleave("sweep", "--resume", folder, "--nodes", "5")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "--nodes: a sweep is resumed as it was begun")
}

// Of a run that was kept and is not there any more a sweep says so, and how it is made anew; a record that is cut short, or empty, is
// refused.
func TestSweepWithoutItsRuns(t *testing.T) {
	folder, code, _, _ := swept(t, t.TempDir(), "--faults", "kill-all", "--bug", "zk-4785", "--seeds", "1-8")
	require.Equal(t, exitInvalid, code)
	record, err := sweep.Load(folder)
	require.NoError(t, err)
	kept := record.Violations[0].Kept[0]
	require.NoError(t, os.RemoveAll(filepath.Join(folder, "runs", fmt.Sprint(kept))))
	record.Last, record.Curve = record.Done[0].Last, record.Curve[:record.Done[0].Last] // complete: nothing is run
	require.NoError(t, record.Save(folder))
	code, stdout, stderr := cleave("sweep", "--resume", folder)
	require.Equal(t, exitInvalid, code, stderr)
	require.Contains(t, stdout, fmt.Sprintf("     runs/%d is not there any more; made anew by\n     cleave run --system cpstore", kept))
	require.NotContains(t, stdout, "cleave replay")
	page, err := os.ReadFile(filepath.Join(folder, "sweep.html"))
	require.NoError(t, err)
	require.NotContains(t, string(page), fmt.Sprintf("runs/%d/report.html", kept))

	for _, text := range []string{"", "{\"format\": 2,"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, "sweep.json"), []byte(text), 0o600))
		code, _, stderr := cleave("sweep", "--resume", folder)
		require.Equal(t, exitUsage, code)
		require.Contains(t, stderr, "sweep.json: it ends in the middle")
	}
}

// What is asked wrongly gets one line that names it.
func TestSweepRefuses(t *testing.T) {
	store := t.TempDir()
	for _, c := range []struct{ arguments, says string }{
		{"--seeds 5-1", "--seeds: "},
		{"--shard 5/4", "--shard: a shard is written 2/4"},
		{"--seeds 1-3 --shard 1/4", "shard 1/4 of 3 seeds: some would have none"},
		{"--audit 101", "--audit: 101 percent"},
		{"--time -1s", "--time and --run-time cannot be negative"},
		{"--run-time -1s", "--time and --run-time cannot be negative"},
		{"--memory much", "--memory: a size is written 2GB or 512MB, not \"much\""},
		{"--suite none-such", "--suite: unknown suite"},
		{"--world docker", "--world: "},
		{"--resume nowhere", "--resume: no sweep's folder"},
	} {
		code, _, stderr := cleave(append([]string{"sweep"}, append(strings.Fields(c.arguments), sweepStore(c.arguments, store)...)...)...)
		require.Equal(t, exitUsage, code, c.arguments)
		require.Contains(t, stderr, c.says)
		require.Equal(t, 1, strings.Count(stderr, "\n"))
	}
	folders, err := os.ReadDir(store)
	require.NoError(t, err)
	require.Empty(t, folders, "nothing is left behind")
}

// sweepStore are the flags of the store, which a resumed sweep does not take.
func sweepStore(arguments, store string) []string {
	if strings.Contains(arguments, "--resume") {
		return nil
	}
	return []string{"--store", store}
}

// The shard comes from the environment when no flag says it.
func TestSweepShardFromTheEnvironment(t *testing.T) {
	t.Setenv("JOB_COMPLETION_INDEX", "1")
	code, _, stderr := cleave("sweep", "--store", t.TempDir())
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "JOB_COMPLETION_INDEX is set and JOB_COMPLETIONS is not")
	t.Setenv("JOB_COMPLETIONS", "2")
	_, code, stdout, _ := swept(t, t.TempDir(), "--seeds", "1-10")
	require.Equal(t, exitValid, code)
	require.Contains(t, stdout, "seeds=1-10 shard=2/2")
	require.Contains(t, stdout, "5 runs of cpstore")
}

// Shards of which one is missing are no whole sweep, however good they are.
func TestMergeWithoutAShard(t *testing.T) {
	store := t.TempDir()
	good, code, _, _ := swept(t, store, "--faults", "none", "--seeds", "1-6", "--shard", "1/2")
	require.Equal(t, exitValid, code)
	code, stdout, stderr := cleave("merge", "--store", store, good)
	require.Equal(t, exitUnknown, code, stderr)
	require.Contains(t, stdout, "not complete: shards are missing, 3 of 6 seeds are here")
}
