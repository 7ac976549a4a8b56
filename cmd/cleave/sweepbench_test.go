package main

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/harness/sweep"
	"cleave/nemesis"
)

// BenchmarkSweep measures sweeps on all cores: schedules made, 60 s simulated with the hash of every event,
// all checks, one run in twenty a second time. It gives seeds a second of wall time, milliseconds of
// processor time for each, and events of each.
func BenchmarkSweep(b *testing.B) {
	for _, c := range []struct {
		name, system, workload, faults string
		clients, keys                  int
		every                          time.Duration
	}{
		// 45 of 100 operations write: ten clients with one every 450 ms each are 10 writes a second.
		{"cpstore/5-nodes/10-writes-per-s", "cpstore", "register", harness.RandomFaults, 10, 0, 450 * time.Millisecond},
		{"cpstore/5-nodes/10-writes-per-s/everything", "cpstore", "register", "everything", 10, 0, 450 * time.Millisecond},
		{"cpstore/sessions/everything", "cpstore", "sessions", "everything", 10, 0, 200 * time.Millisecond},
		{"cpstore/watches/everything", "cpstore", "watches", "everything", 10, 0, 200 * time.Millisecond},
		// Five providers hold ten instances each and have one more come and go; or 13 of them hold four.
		{"apregistry/5-nodes/50-instances/everything", "apregistry", "convergence", "everything", 10, 50, 450 * time.Millisecond},
		{"apregistry/5-nodes/52-instances", "apregistry", "convergence", harness.RandomFaults, 26, 52, time.Second},
		{"apregistry/5-nodes/52-instances/everything", "apregistry", "convergence", "everything", 26, 52, time.Second},
	} {
		b.Run(c.name, func(b *testing.B) {
			plan := harness.DefaultPlan()
			plan.System, plan.Workload, plan.Faults = c.system, c.workload, c.faults
			plan.Clients, plan.Keys, plan.Every = c.clients, c.keys, nemesis.Duration(c.every)
			record, err := sweep.New(plan, 1, uint64(b.N), nil)
			require.NoError(b, err)
			record.Collect, record.Audit = true, 5
			before := processorTime(b)
			b.ResetTimer()
			require.NoError(b, sweep.Run(b.Context(), wiring, record, b.TempDir(), sweep.Bounds{}, sweep.Watch{}))
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "seeds/s")
			b.ReportMetric((processorTime(b)-before).Seconds()*1000/float64(b.N), "cpu-ms/seed")
			b.ReportMetric(float64(record.Events)/float64(b.N), "events/seed")
			require.Zero(b, record.Invalid+record.Broken)
		})
	}
}

// processorTime is what the process has taken so far, on all cores.
func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
