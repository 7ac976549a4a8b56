package zkscript

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/ensemble"
	"cleave/internal/golden"
)

var (
	record  = flag.Bool("record", false, "write the transcripts of the real ZooKeeper over the golden files that differ")
	folder  = flag.String("folder", filepath.FromSlash("../../systems/cpstore/testdata/zookeeper"), "where scripts and golden files are")
	address = flag.String("address", "", "host:port of a server to play -script against")
	slow    = flag.Bool("slow", false, "play the scripts that take a minute too")
	script  = flag.String("script", "", "a file to play against the server at -address; its transcript is logged")
)

// TestPlay is a tool: it plays one script against any server.
func TestPlay(t *testing.T) {
	if *script == "" {
		t.Skip("no -script")
	}
	text, err := os.ReadFile(*script)
	require.NoError(t, err)
	transcript, err := Run(t.Context(), *address, string(text))
	require.NoError(t, err)
	t.Log("\n" + transcript)
}

// whitelist are the four-letter words that the real server answers, unless a script says otherwise.
const whitelist = "4lw.commands.whitelist=ruok,srvr,isro"

// realTranscript plays a script against a real server of its own, and gives what the server says
// that it is too.
func realTranscript(t *testing.T, text string) (transcript, version string) {
	t.Helper()
	extra := append([]string{whitelist}, Config(text)...)
	e, err := ensemble.Start(ensemble.Options{Kind: ensemble.ZooKeeper, Size: 1, Folder: t.TempDir(), Extra: extra})
	require.NoError(t, err)
	defer e.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	require.NoError(t, e.Await(ctx))
	version, _, _ = strings.Cut(e.Word(0, "srvr"), "\n")
	transcript, err = Run(ctx, e.Address(0), text)
	require.NoError(t, err)
	require.True(t, e.Running(0), "the server has not outlived the script: %s", e.Output(0))
	return transcript, strings.TrimPrefix(version, "Zookeeper version: ")
}

// TestGoldenFiles plays every script against the real ZooKeeper, where it is installed: the golden
// files say what it answers, whenever they were recorded.
func TestGoldenFiles(t *testing.T) {
	if !ensemble.Installed() {
		t.Skip("Debian's package zookeeper is not installed")
	}
	if testing.Short() {
		t.Skip("it starts a server for each script")
	}
	golden.Files(t, filepath.Join(*folder, "*.txt"), func(t *testing.T, path string) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if ByHand(string(text)) {
			t.Skip("written by hand")
		}
		if Slow(string(text)) && !*slow {
			t.Skip("takes more than a minute, and -slow is not given")
		}
		compare(t, strings.TrimSuffix(path, ".txt")+".golden", string(text))
	})
}

func compare(t *testing.T, path, text string) {
	t.Helper()
	before, err := os.ReadFile(path)
	if !*record {
		require.NoError(t, err)
	}
	transcript, version := realTranscript(t, text)
	// The real server's threads race each other, for one about what is sent behind a closeSession.
	for range 2 {
		if !*record && transcript != Transcript(string(before)) {
			t.Log("not as recorded; once more")
			transcript, version = realTranscript(t, text)
		}
	}
	if *record && Transcript(string(before)) != transcript {
		provenance := []string{
			"recorded from ZooKeeper " + version,
			"standalone, tickTime 500, on " + time.Now().UTC().Format(time.DateOnly),
			"again: go test ./internal/zkscript -run TestGoldenFiles -record",
		}
		require.NoError(t, os.WriteFile(path, []byte(Golden(provenance, transcript)), 0o644))
		return
	}
	require.Equal(t, Transcript(string(before)), transcript)
}
