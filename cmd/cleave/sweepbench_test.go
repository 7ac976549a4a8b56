package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/nemesis"
)

// BenchmarkSweep measures whole runs of a sweep, one after the other on one core: making the schedule,
// simulating 60 s of it with the hash of every event, and all checks.
func BenchmarkSweep(b *testing.B) {
	for _, c := range []struct {
		name    string
		system  string
		load    string
		clients int
		every   time.Duration
	}{
		// 45 of 100 operations write: ten clients with an operation every 450 ms each are 10 writes a second.
		{"cpstore-5-nodes/10-writes-per-s", "cpstore", "register", 10, 450 * time.Millisecond},
		
		{"apregistry-5-nodes/50-instances", "apregistry", "discovery", 50, 5 * time.Second},
	} {
		b.Run(c.name, func(b *testing.B) {
			plan := harness.DefaultPlan()
			plan.System, plan.Workload, plan.Faults = c.system, c.load, harness.RandomFaults
			plan.Clients, plan.Every = c.clients, nemesis.Duration(c.every)
			var events uint64
			for b.Loop() {
				system, err := wiring.System(plan)
				require.NoError(b, err)
				schedule, err := harness.Generate(plan, system)
				require.NoError(b, err)
				finished, err := wiring.Dry(context.Background(), plan, schedule)
				require.NoError(b, err)
				events += finished.Events
				plan.Seed++
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "seeds/s")
			b.ReportMetric(float64(events)/float64(b.N), "events/run")
		})
	}
}
