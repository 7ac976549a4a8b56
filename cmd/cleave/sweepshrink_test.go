package main

import (
	"context"
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

// stopping is an output that stops what writes it, once it says something.
type stopping struct {
	strings.Builder
	at   string
	stop func()
}

func (s *stopping) Write(text []byte) (int, error) {
	if strings.Contains(string(text), s.at) {
		s.stop()
	}
	return s.Builder.Write(text)
}

// An interruption of the shrinking keeps what is small, says how to go on, and that does not begin again.
func TestShrinkingOfASweepIsResumed(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := stopping{at: " made small: ", stop: stop}
	var errors strings.Builder
	arguments := append([]string{"sweep", "--store", t.TempDir(), "--faults", "kill-all", "--bug", "zk-4785", "--seeds", "1-12", "--collect",
		"--shrink"}, brief...)
	require.Equal(t, exitInvalid, execute(ctx, arguments, &out, &errors), errors.String())
	require.Equal(t, 1, strings.Count(out.String(), " made small: "), out.String())
	_, command, told := strings.Cut(out.String(), "shrinking was interrupted; to go on: cleave ")
	require.True(t, told, out.String())
	command, _, _ = strings.Cut(command, "\n")

	code, stdout, _ := cleave(strings.Fields(command)...)
	require.Equal(t, exitInvalid, code, stdout)
	require.Equal(t, 1, strings.Count(stdout, "made small before: "), stdout)
	require.Contains(t, stdout, " made small: ")
	require.NotContains(t, stdout, "interrupted")
	code, again, _ := cleave(strings.Fields(command)...)
	require.Equal(t, exitInvalid, code)
	require.NotContains(t, again, " made small: ", "all is small")
}
