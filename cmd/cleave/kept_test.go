package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/reports"
)

// A run keeps what its links lost, as much as its faults say that they dropped, and its report has it and what nodes wrote.
func TestARunKeepsLossesAndLogs(t *testing.T) {
	folder := runIn(t, t.TempDir(), "--faults", "isolate-leader", "--duration", "25s", "--warmup", "3s", "--quiet", "15s")
	text, err := os.ReadFile(filepath.Join(folder, "losses.json"))
	require.NoError(t, err)
	var losses []reports.Loss
	require.NoError(t, json.Unmarshal(text, &losses))
	stored, err := harness.Load(folder)
	require.NoError(t, err)
	require.Equal(t, losses, stored.Losses)
	lost, dropped := 0, int64(0)
	for _, loss := range losses {
		for _, count := range loss.Lost {
			lost += count[1]
		}
	}
	for _, event := range stored.History.Faults() {
		dropped = max(dropped, event.Fault.Dropped)
	}
	require.Positive(t, lost)
	require.Equal(t, dropped, int64(lost))
	page, err := os.ReadFile(filepath.Join(folder, "report.html"))
	require.NoError(t, err)
	require.Contains(t, string(page), "Messages lost on links")
}
