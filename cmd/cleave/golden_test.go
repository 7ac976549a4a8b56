package main

import (
	"context"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/internal/ensemble"
	"cleave/internal/golden"
	"cleave/internal/zkscript"
)

var slow = flag.Bool("slow", false, "play the recorded scripts too that take more than a minute")

// Our node answers recorded scripts of raw requests, with every error that can be had, as the real
// ZooKeeper did, save for ids and times. What each golden file was recorded from is in its head.
func TestRawRequestsAreAnsweredTheSame(t *testing.T) {
	golden.Files(t, "../../systems/cpstore/testdata/zookeeper/*.txt", func(t *testing.T, path string) {
		script, err := os.ReadFile(path)
		require.NoError(t, err)
		if zkscript.Slow(string(script)) {
			if !*slow {
				t.Skip("it takes more than a minute: give -slow")
			}
			t.Parallel()
		}
		recorded, err := os.ReadFile(strings.TrimSuffix(path, ".txt") + ".golden")
		require.NoError(t, err)
		extra := append([]string{"4lw.commands.whitelist=ruok,srvr,isro"}, zkscript.Config(string(script))...)
		e := servers(t, ensemble.Cleave, 1, extra...)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		transcript, err := zkscript.Run(ctx, e.Address(0), string(script))
		require.NoError(t, err)
		require.Equal(t, zkscript.Transcript(string(recorded)), transcript)
	})
}
