package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/nemesis"
	"cleave/workloads"
)

// A stored schedule is shown as YAML, changed by nobody, run again, and gives the same history.
func TestASchedulePrintedIsTheScheduleRun(t *testing.T) {
	store := t.TempDir()
	arguments := []string{"--store", store, "--duration", "32s", "--faults", "smoke", "--seed", "4"}
	code, stdout, stderr := cleave(append([]string{"run"}, arguments...)...)
	require.Zero(t, code, stdout+stderr)
	folders, err := filepath.Glob(filepath.Join(store, "cpstore-register-smoke", "*"))
	require.NoError(t, err)
	first := folders[0]
	code, yaml, stderr := cleave("schedule", "show", first, "--operations")
	require.Zero(t, code, stderr)
	file := filepath.Join(t.TempDir(), "mine.yaml")
	require.NoError(t, os.WriteFile(file, []byte(yaml), 0o644))
	code, stdout, stderr = cleave("schedule", "check", file, "--duration", "32s")
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "mine.yaml can be run: seed 4, ")
	code, stdout, stderr = cleave("run", "--store", store, "--duration", "32s", "--seed", "4", "--schedule", file)
	require.Zero(t, code, stdout+stderr)
	folders, err = filepath.Glob(filepath.Join(store, "cpstore-register-file", "*"))
	require.NoError(t, err)
	one, err := os.ReadFile(filepath.Join(first, "history.jsonl"))
	require.NoError(t, err)
	two, err := os.ReadFile(filepath.Join(folders[0], "history.jsonl"))
	require.NoError(t, err)
	require.Equal(t, string(one), string(two))

	_, short, _ := cleave("schedule", "show", first)
	require.True(t, strings.HasPrefix(yaml, short[:strings.Index(short, "# and ")]))
}

func TestScheduleVerbs(t *testing.T) {
	code, stdout, _ := cleave("schedule", "schema")
	require.Zero(t, code)
	require.True(t, json.Valid([]byte(stdout)))

	file := filepath.Join(t.TempDir(), "cut.yaml")
	require.NoError(t, os.WriteFile(file, []byte("faults:\n  - kind: majorities-ring\n    start: 12s\n"), 0o644))
	code, stdout, _ = cleave("schedule", "check", file)
	require.Zero(t, code)
	require.Contains(t, stdout, "seed 1, 1 fault, ")
	code, _, stderr := cleave("schedule", "check", file, "--nodes", "3")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, file+":2:5: the fault at 12s: majorities-ring hits nobody with 3 nodes")
	code, _, stderr = cleave("schedule", "check", file, "--warmup", "20s", "--duration", "70s")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, file+":2:5: the fault at 12s: majorities-ring cannot start then: faults are between the warm-up's end at 20s")

	code, stdout, _ = cleave("list", "--suites")
	require.Zero(t, code)
	require.Contains(t, stdout, "everything")
	require.NotContains(t, stdout, "planted")
}

// The example of the documentation can be run, and its tables name every role and every suite that stands apart.
func TestTheDocumentedSchedule(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "schedules.md"))
	require.NoError(t, err)
	_, example, found := strings.Cut(string(page), "```yaml\n")
	require.True(t, found)
	example, _, _ = strings.Cut(example, "```")
	file := filepath.Join(t.TempDir(), "cut.yaml")
	require.NoError(t, os.WriteFile(file, []byte(example), 0o644))
	code, stdout, stderr := cleave("schedule", "check", file)
	require.Zero(t, code, stderr)
	require.Contains(t, stdout, "3 faults")
	for _, role := range nemesis.Roles {
		require.Contains(t, string(page), "| `"+string(role)+"` |")
	}
}

// The documented operations can be run, shared locks and all, and the table names whatever the clients of a workload can be asked.
func TestTheDocumentedOperations(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "schedules.md"))
	require.NoError(t, err)
	_, example, found := strings.Cut(string(page), "```yaml\n# readers.yaml")
	require.True(t, found)
	example, _, _ = strings.Cut(example, "```")
	file := filepath.Join(t.TempDir(), "readers.yaml")
	require.NoError(t, os.WriteFile(file, []byte("#"+example), 0o600))
	code, stdout, stderr := cleave("run", "--schedule", file, "--workload", "lock", "--store", t.TempDir())
	require.Zero(t, code, stdout+stderr)
	require.Contains(t, stdout, "wakes one, or those who share it (no-herd)")
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace("#"+example, "value: shared", "value: share", 1)), 0o600))
	code, _, stderr = cleave("schedule", "check", file, "--workload", "lock")
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "readers.yaml:8:61: the value of acquire is shared, or nothing, not share")

	for _, workload := range workloads.All() {
		for _, ask := range workload.Asks() {
			row := regexp.MustCompile("(?m)^\\| .*(`" + workload.Name + "`|all of these).*\\|.*`" + string(ask.Function) + "`")
			require.Regexp(t, row, string(page), workload.Name)
		}
	}
}

// A consumer that dies has forgotten its list: no server has lost it.
func TestAConsumerThatDied(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dies.yaml")
	require.NoError(t, os.WriteFile(file, []byte(`
faults: [{kind: isolate-leader, start: 20s, duration: 5s}]
operations:
  - {at: 11s, client: c1, f: register, key: "web/n1:20881"}
  - {at: 11s, client: c2, f: register, key: "web/n2:20882"}
  - {at: 12s, client: c6, f: cache-lookup, key: web}
  - {at: 13s, client: c6, f: cache-lookup, key: web}
  - {at: 14s, client: c6, f: die, key: web/c6}
  - {at: 14.1s, client: c6, f: cache-lookup, key: web}
  - {at: 16s, client: c6, f: cache-lookup, key: web}
  - {at: 17s, client: c2, f: die, key: "web/n2:20882"}
  - {at: 57s, client: c6, f: cache-lookup, key: web}
  - {at: 57s, client: c6, f: lookup, key: web}
  - {at: 57s, client: c7, f: lookup, key: web}
`), 0o600))
	code, stdout, stderr := cleave("run", "--schedule", file, "--workload", "dubbo", "--store", t.TempDir())
	require.Zero(t, code, stdout+stderr)
}

// A kind of fault that is about disks is refused to a system that has none, and a suite leaves it out.
func TestDisksOfTheDiskless(t *testing.T) {
	for _, kind := range []string{"slow-sync", "failing-sync", "bit-flip", "lost-disk", "old-disk", "kill-during-write", "full-disk"} {
		code, _, stderr := cleave("run", "--system", "apregistry", "--workload", "discovery", "--faults", kind, "--store", t.TempDir())
		require.Equal(t, exitUsage, code)
		require.Contains(t, stderr, kind+" does nothing to apregistry, which keeps nothing on disk")
	}
	code, stdout, stderr := cleave("run", "--system", "apregistry", "--workload", "discovery", "--faults", "disk", "--seeds", "1-5", "--store", t.TempDir())
	require.Zero(t, code, stdout+stderr)
}
