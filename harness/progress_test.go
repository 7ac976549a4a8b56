package harness

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/reports"
)

// A run that takes its time says in its folder how far it is; when it has ended, or was interrupted, that is gone.
func TestARunSaysHowFarItIs(t *testing.T) {
	for _, interrupted := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "run")
		wiring, plan := toyWiring(false), toyPlan()
		system, err := wiring.System(plan)
		require.NoError(t, err)
		schedule, err := wiring.Generate(plan, system)
		require.NoError(t, err)
		ctx, stop := context.WithCancel(t.Context())
		var told []reports.Progress
		var stored reports.Progress
		_, err = wiring.Run(ctx, plan, schedule, path, func(p reports.Progress) {
			told = append(told, p)
			switch len(told) {
			case 1:
				time.Sleep(600 * time.Millisecond) // it is told twice a second at most
			case 2:
				text, err := os.ReadFile(filepath.Join(path, reports.ProgressFile))
				require.NoError(t, err)
				require.NoError(t, json.Unmarshal(text, &stored))
				if interrupted {
					stop()
				}
			}
		})
		require.Equal(t, interrupted, errors.Is(err, context.Canceled))
		require.Equal(t, told[0], stored)
		require.NoFileExists(t, filepath.Join(path, reports.ProgressFile))
		require.Equal(t, time.Duration(plan.Duration).Seconds(), told[0].Of)
		if !interrupted {
			require.Equal(t, told[0].Of, told[len(told)-1].Done)
		}
		stop()
	}
}

// The rate is of the time since the last reading; faults are those in force.
func TestGauge(t *testing.T) {
	g := gauge{end: history.Time(10 * time.Second)}
	fault := func(id int, kind string, stage history.Stage) {
		g.hear(history.Event{Type: history.FaultEvent, Fault: &history.Fault{ID: id, Kind: kind, Stage: stage}})
	}
	g.hear(history.Event{Type: history.PhaseEvent, Phase: history.Faults})
	for range 6 {
		g.hear(history.Event{Type: history.Invoke})
		g.hear(history.Event{Type: history.Ok})
	}
	fault(0, "pause", history.FaultStart)
	fault(1, "none", history.FaultStart)
	fault(2, "loss", history.FaultStart)
	fault(2, "loss", history.FaultChange)
	require.Equal(t, reports.Progress{Phase: "faults", Done: 2, Of: 10, Rate: 3, Faults: []string{"pause", "loss"}}, g.read(history.Time(2*time.Second)))
	fault(0, "pause", history.FaultEnd)
	g.hear(history.Event{Type: history.Invoke})
	require.Equal(t, reports.Progress{Phase: "faults", Done: 3, Of: 10, Rate: 1, Faults: []string{"loss"}}, g.read(history.Time(3*time.Second)))
}

// A stored run is shown with the verdict that is stored.
func TestAStoredRunHasItsVerdict(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	wiring, plan := toyWiring(true), toyPlan()
	system, err := wiring.System(plan)
	require.NoError(t, err)
	schedule, err := wiring.Generate(plan, system)
	require.NoError(t, err)
	finished, err := wiring.Run(t.Context(), plan, schedule, path, nil)
	require.NoError(t, err)
	stored, err := Load(path)
	require.NoError(t, err)
	judged, err := wiring.Judged(stored)
	require.NoError(t, err)
	require.Equal(t, finished.Judgement.Verdict, judged.Judgement.Verdict)
	require.Len(t, judged.Judgement.Promises, len(finished.Judgement.Promises))
	require.NoError(t, os.WriteFile(filepath.Join(path, verdictFile), []byte(`{"verdict":"valid","of":1}`), 0o600))
	_, err = wiring.Judged(stored)
	require.ErrorContains(t, err, verdictFile)
}
