package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// cleave runs a command line and gives its exit code and output.
func cleave(arguments ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = execute(context.Background(), arguments, &out, &err)
	return code, out.String(), err.String()
}

// runIn runs a plan into a store and gives the run folder.
func runIn(t *testing.T, store string, arguments ...string) string {
	code, stdout, stderr := cleave(append([]string{"run", "--store", store}, arguments...)...)
	require.Contains(t, []int{exitValid, exitUnknown}, code, "%s%s", stdout, stderr)
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	fields := strings.Split(lines[len(lines)-1], " · ")
	require.Len(t, fields, 3, "the last line says verdict, folder and replay: %q", lines[len(lines)-1])
	require.Equal(t, "cleave replay "+fields[1], fields[2])
	return fields[1]
}

func read(t *testing.T, folder string) string {
	text, err := os.ReadFile(filepath.Join(folder, "history.jsonl"))
	require.NoError(t, err)
	require.NotEmpty(t, text)
	return string(text)
}

// The same binary and schedule give the same bytes: run twice, on one core and on all, and replayed.
func TestRunsAreByteIdentical(t *testing.T) {
	cores := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(cores)
	for _, system := range []string{"cpstore", "apregistry"} {
		for seed := 1; seed <= 10; seed++ {
			store := t.TempDir()
			plan := []string{"--system", system, "--workload", "register", "--faults", "isolate-leader", "--seed", fmt.Sprint(seed)}
			if seed%2 == 0 {
				plan[3], plan[5] = "discovery", "random"
			}
			runtime.GOMAXPROCS(1)
			first := runIn(t, store, plan...)
			runtime.GOMAXPROCS(max(cores, 4))
			second := runIn(t, filepath.Join(store, "again"), plan...)
			require.Equal(t, read(t, first), read(t, second), "%s seed %d", system, seed)

			code, stdout, stderr := cleave("replay", first, "--store", filepath.Join(store, "replayed"))
			require.Contains(t, []int{exitValid, exitUnknown}, code, stderr)
			require.Contains(t, stdout, "identical to the original")
		}
	}
}

// A replay that differs from its original by one byte is told, with the line.
func TestReplayTellsADifference(t *testing.T) {
	store := t.TempDir()
	folder := runIn(t, store, "--faults", "none", "--duration", "8s", "--warmup", "1s", "--quiet", "5s")
	path := filepath.Join(folder, "history.jsonl")
	text := strings.Replace(read(t, folder), `"client":"c3"`, `"client":"c4"`, 1)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	code, _, stderr := cleave("replay", folder, "--store", store)
	require.Equal(t, exitHarness, code)
	require.Contains(t, stderr, "the histories differ from line ")
}

// Two seeds give two histories: the seed decides something.
func TestSeedsDiffer(t *testing.T) {
	store := t.TempDir()
	small := []string{"--faults", "none", "--duration", "8s", "--warmup", "1s", "--quiet", "5s"}
	one := runIn(t, store, append(small, "--seed", "1")...)
	two := runIn(t, store, append(small, "--seed", "2")...)
	require.NotEqual(t, read(t, one), read(t, two))
}
