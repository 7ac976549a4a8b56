package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Bad input gets one clear line that names the place, and exit 254.
func TestBadInput(t *testing.T) {
	store := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		return path
	}
	for _, c := range []struct {
		name      string
		arguments string
		want      string
	}{
		{"system", "run --system zookeper", `unknown system "zookeper"; there are: cpstore, apregistry`},
		{"workload", "run --workload registr", `unknown workload "registr"; there are: register, discovery, watches`},
		{"not its workload", "run --system apregistry --workload watches", `apregistry cannot carry the workload "watches"; it carries: register, discovery`},
		{"fault", "run --faults isolate", `unknown fault "isolate"; there are: none, halves-leader-minority`},
		{"bug", "run --bug typo", `unknown bug "typo" of cpstore; there are: `},
		{"world", "run --world moon", `unknown world "moon"; there are: sim, docker`},
		{"frames in simulation", "run --pcap", "--pcap: there are no frames in simulation; use --world docker"},
		{"bug of a real system", "run --world docker --system eureka --workload discovery --bug typo", "no bug can be planted in eureka"},
		{"flag", "run --sede 7", "unknown flag: --sede"},
		{"verb", "rnu", `unknown command "rnu"`},
		{"verb below a verb", "schedule chekc cut.yaml", `unknown command "chekc" for "cleave schedule"`},
		{"another", "image chekc etcd.yaml", `unknown command "chekc" for "cleave image"`},
		{"seed", "run --seed seven", `a seed is a whole number from 0, not "seven"`},
		{"negative seed", "run --seed=-1", `a seed is a whole number from 0, not "-1"`},
		{"seeds", "run --seeds 9-1", `--seeds: seeds are given as first-last, such as 1-500, not "9-1"`},
		{"first of one", "run --first", "--first: there is only one seed; give many with --seeds"},
		{"duration", "run --duration 5s", "duration: 5s leaves no time for faults"},
		{"nodes", "run --nodes 3 --faults majorities-ring", "majorities-ring hits nobody with 3 nodes; it needs 5"},
		{"one node", "run --nodes 1 --faults isolate-leader", "isolate-leader hits nobody with 1 node; it needs 2"},
		{"nothing to compare", "compare --faults=", "nothing to compare"},
		{"nothing possible", "compare --systems apregistry --workloads watches", "nothing to compare: apregistry cannot carry the workload watches"},
		{"twice", "compare --systems cpstore,cpstore", "is named twice"},
		{"absent folder", "check " + filepath.Join(store, "absent"), "no run folder and no history file: "},
		{"file for a folder", "report " + write("x", ""), "is a file, not a run folder"},
		{"empty history", "check " + write("y", ""), "y: the history is empty"},
		{"empty folder", "replay " + t.TempDir(), "no run folder, or half of one: "},
		{"absent schedule", "run --schedule " + filepath.Join(store, "absent.json"), "--schedule: "},
		{"unknown field", "run --schedule " + write("s.json", "{\n \"seed\": 1,\n \"fautls\": []}"), `s.json:3:15: json: unknown field "fautls"`},
		{"empty schedule", "run --schedule " + write("e.json", "{}"), "e.json: it has no operations, and no faults"},
		{"unknown field in YAML", "run --schedule " + write("s.yaml", "faults:\n  - kind: pause\n    strat: 12s\n"),
			`s.yaml:3:5: unknown field "strat" of a fault; there are: draw, duration, kind`},
		{"no unit", "run --schedule " + write("u.yaml", "faults:\n  - {kind: pause, start: 12}\n"), `u.yaml:2:26: a time is written with its unit`},
		{"no such suite", "run --faults evrything", "and suites: smoke, partitions"},
		{"cut short", "run --schedule " + write("t.json", "{\n \"seed\": 1"), "it ends in the middle"},
	} {
		t.Run(c.name, func(t *testing.T) {
			arguments := strings.Fields(c.arguments)
			if arguments[0] == "run" || arguments[0] == "compare" || arguments[0] == "replay" {
				arguments = append(arguments, "--store", store)
			}
			code, _, stderr := cleave(arguments...)
			require.Equal(t, exitUsage, code, stderr)
			require.Contains(t, stderr, c.want)
			require.Equal(t, 1, strings.Count(stderr, "\n"), "one line: %q", stderr)
			left, err := os.ReadDir(store)
			require.NoError(t, err)
			require.Empty(t, left, "nothing was written")
		})
	}
}

// A stored history with a bad line is refused with the line; a torn last line is told and left out;
// checking changes nothing.
func TestStoredHistories(t *testing.T) {
	store := t.TempDir()
	folder := runIn(t, store, "--faults", "isolate-leader", "--duration", "20s", "--warmup", "3s", "--quiet", "10s")
	path := filepath.Join(folder, "history.jsonl")
	whole := read(t, folder)

	code, stdout, stderr := cleave("check", folder)
	require.Contains(t, []int{exitValid, exitUnknown}, code, stderr)
	require.Contains(t, stdout, "promises")
	require.Equal(t, whole, read(t, folder))

	require.NoError(t, os.WriteFile(path, []byte(strings.TrimSuffix(whole, "}\n")), 0o644))
	_, _, stderr = cleave("check", folder)
	require.Contains(t, stderr, "the last line was cut short and is left out")

	lines := strings.SplitAfter(whole, "\n")
	lines[41] = "{\"index\":41,\"oops\":1}\n"
	bad := strings.Join(lines, "")
	require.NoError(t, os.WriteFile(path, []byte(bad), 0o644))
	code, _, stderr = cleave("check", folder)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, `line 42: json: unknown field "oops"`)
	require.Equal(t, bad, read(t, folder), "nothing was overwritten")
	code, _, stderr = cleave("replay", folder, "--store", store)
	require.Equal(t, exitUsage, code, "before anything is run: %s", stderr)

	require.NoError(t, os.WriteFile(path, []byte(whole), 0o644))
	require.NoError(t, os.Remove(filepath.Join(folder, "verdict.json")))
	code, stdout, _ = cleave("check", folder)
	require.Equal(t, exitUnknown, code, "a run that did not end is never valid")
	require.Contains(t, stdout, "did not come to its end")
}
