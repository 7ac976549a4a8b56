package main

import (
	"bytes"
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/harness"
)

// A seed that was found, and could not be kept since somebody interrupted it, is told with the line that makes its run again.
func TestASeedThatIsInterruptedBeforeItIsKept(t *testing.T) {
	plan := harness.DefaultPlan()
	plan.System, plan.Workload, plan.Faults, plan.Seed = "cpstore", "register", "pause", 7
	schedule, err := scheduleOf(plan, "")
	require.NoError(t, err)
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var stdout, stderr bytes.Buffer
	found := harness.Finished{Plan: plan, Schedule: schedule, Judgement: harness.Judgement{Verdict: checker.Invalid}}
	screen{out: &stdout, err: &stderr, ci: &ci{}}.keep(ctx, found, t.TempDir())
	require.Equal(t, "seed 7: invalid · interrupted before it was kept · "+plan.Command()+"\n", stdout.String())
	require.Empty(t, stderr.String())
}
