package sweep

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/reports"
)

// A sweep says in its folder how far it is, and no more when it has ended.
func TestASweepSaysHowFarItIs(t *testing.T) {
	folder, seen := t.TempDir(), reports.Progress{}
	record := fresh(t, short(), 1, 30, nil)
	watch := Watch{Every: time.Millisecond, Progress: func(*Record, time.Duration) {
		if text, err := os.ReadFile(filepath.Join(folder, reports.ProgressFile)); err == nil {
			require.NoError(t, json.Unmarshal(text, &seen))
		}
	}}
	require.NoError(t, Run(t.Context(), wired(nil), record, folder, Bounds{}, watch))
	require.Equal(t, reports.PhaseSeeds, seen.Phase)
	require.Equal(t, 30.0, seen.Of)
	require.NoFileExists(t, filepath.Join(folder, reports.ProgressFile))
}
