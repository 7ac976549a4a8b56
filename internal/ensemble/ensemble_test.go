package ensemble

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The real ZooKeeper comes up, says who leads, and goes on without a server.
func TestZooKeeper(t *testing.T) {
	if !Installed() {
		t.Skip("Debian's package zookeeper is not installed")
	}
	e, err := Start(Options{Kind: ZooKeeper, Size: 3, Folder: t.TempDir()})
	require.NoError(t, err)
	defer e.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, e.Await(ctx))
	first := e.Leader()
	require.Equal(t, "imok", e.Word(first, "ruok"))
	e.Kill(first)
	require.False(t, e.Running(first))
	require.NoError(t, e.Await(ctx))
	require.NotEqual(t, first, e.Leader())
}

// A server that cannot start is no ensemble, and its words are shown.
func TestBroken(t *testing.T) {
	_, err := Start(Options{Kind: Cleave, Size: 1, Folder: t.TempDir(), Binary: "/nonexistent"})
	require.Error(t, err)
}
