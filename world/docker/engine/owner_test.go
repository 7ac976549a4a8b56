package engine

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
)

// Only what has both labels and whose owner is known to be dead is removed.
func TestCollectSparesWhatItDoesNotKnow(t *testing.T) {
	e, err := Open(t.Context())
	if err != nil {
		t.Skip("the test needs a Docker engine: ", err)
	}
	if err := e.Local(); err != nil {
		t.Skip("the test needs a Docker engine of its own machine: ", err)
	}
	self := e.labels[OwnerLabel]
	made := map[string]string{}
	for what, labels := range map[string]map[string]string{
		"dead":    {RunLabel: e.Run, OwnerLabel: "1.1.another boot.1"},
		"alive":   {RunLabel: e.Run, OwnerLabel: self},
		"unknown": {RunLabel: e.Run, OwnerLabel: "somebody"},
		"foreign": {OwnerLabel: "1.1.another boot.1"},
	} {
		e.labels = labels
		made[what], err = e.Volume(t.Context(), what, 1<<20)
		require.NoError(t, err)
	}
	t.Cleanup(func() {
		for _, name := range made {
			require.NoError(t, gone(e.client.VolumeRemove(context.Background(), name, false)))
		}
		require.NoError(t, e.Close())
	})
	removed, err := e.Collect(t.Context(), false)
	require.NoError(t, err)
	require.Contains(t, removed, "volume "+made["dead"])
	for _, what := range []string{"alive", "unknown", "foreign"} {
		_, err := e.client.VolumeInspect(t.Context(), made[what])
		require.NoError(t, err, what)
	}

	require.NoError(t, e.Clear(t.Context()))
	_, err = e.client.VolumeInspect(t.Context(), made["foreign"])
	require.NoError(t, err)
	_, err = e.client.VolumeInspect(t.Context(), made["unknown"])
	require.Error(t, err, "it is of the run")
}
