package main

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/harness"
	"cleave/history"
	"cleave/nemesis"
	"cleave/systems/apregistry"
	"cleave/systems/cpstore"
	"cleave/workloads"
	"cleave/world"
	"cleave/world/sim"
)

// BenchmarkSimulator measures simulated runs of 60 s on one core, hashing every event and recording
// the history in memory, without checks: events a second of wall time, how many times faster than
// real time, and the memory allocated by a run.
func BenchmarkSimulator(b *testing.B) {
	store := func(tick time.Duration) world.System {
		options := cpstore.DefaultOptions()
		options.Tick = tick
		return cpstore.System(options)
	}
	for _, c := range []struct {
		name      string
		system    world.System
		nodes     int
		clients   int
		operation func(int) workloads.Planned
		count     int
	}{
		{"cpstore-5-nodes/tick=100ms/10-writes-per-s", store(100 * time.Millisecond), 5, 10, write(100 * time.Millisecond), 600},
		{"cpstore-5-nodes/tick=10ms/100-writes-per-s", store(10 * time.Millisecond), 5, 10, write(10 * time.Millisecond), 6000},
		{"apregistry-5-nodes/100-instances/eureka-times", apregistry.System(apregistry.DefaultOptions()), 5, 100, register, 100},
		{"apregistry-1-node/100-instances/eureka-times", apregistry.System(apregistry.DefaultOptions()), 1, 100, register, 100},
		{"apregistry-5-nodes/100-instances/times-over-30", apregistry.System(apregistry.DefaultOptions().Scaled(30)), 5, 100, register, 100},
	} {
		b.Run(c.name, func(b *testing.B) {
			plan := harness.DefaultPlan()
			plan.System, plan.Nodes, plan.Clients = c.system.Name, c.nodes, c.clients
			plan.Duration = nemesis.Duration(60 * time.Second)
			var schedule harness.Schedule
			for i := range c.count {
				schedule.Operations = append(schedule.Operations, c.operation(i))
			}
			simulate(b, plan, schedule, c.system)
		})
	}
}

// write is the i-th of a steady stream of writes, by ten clients in turn.
func write(every time.Duration) func(int) workloads.Planned {
	return func(i int) workloads.Planned {
		return workloads.Planned{At: history.Time(i) * history.Time(every), Client: fmt.Sprintf("c%d", i%10+1), Must: true,
			Request: history.Request{Function: history.Write, Key: "x", Value: history.Integer(int64(i))}}
	}
}

// register is the registration of the i-th instance, in the first second.
func register(i int) workloads.Planned {
	return workloads.Planned{At: history.Time(i) * history.Time(10*time.Millisecond), Client: fmt.Sprintf("c%d", i+1), Must: true,
		Request: history.Request{Function: history.Register, Key: fmt.Sprintf("web/i%d", i)}}
}

func simulate(b *testing.B, plan harness.Plan, schedule harness.Schedule, system world.System) {
	var events, hash uint64
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		w := sim.New(sim.DefaultOptions(1))
		_, err := harness.Execute(context.Background(), plan, schedule, system, w, nil, nil)
		require.NoError(b, err)
		require.True(b, hash == 0 || hash == w.Hash(), "the run is not deterministic")
		events, hash = w.Events(), w.Hash()
	}
	runtime.ReadMemStats(&after)
	perRun := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(float64(events)/perRun, "events/s")
	b.ReportMetric(float64(events), "events/run")
	b.ReportMetric(time.Duration(plan.Duration).Seconds()/perRun, "x-real-time")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/float64(b.N)/1e6, "MB/run")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkRun measures a whole default run of 60 s as the command line makes it, but for the run
// folder: ten clients at five operations a second each, a partition, and all checks.
func BenchmarkRun(b *testing.B) {
	for _, name := range []string{"cpstore", "apregistry"} {
		b.Run(name, func(b *testing.B) {
			plan := harness.DefaultPlan()
			plan.System = name
			system, err := wiring.System(plan)
			require.NoError(b, err)
			schedule, err := wiring.Generate(plan, system)
			require.NoError(b, err)
			for b.Loop() {
				_, err := wiring.Dry(context.Background(), plan, schedule)
				require.NoError(b, err)
			}
			b.ReportMetric(time.Duration(plan.Duration).Seconds()*float64(b.N)/b.Elapsed().Seconds(), "x-real-time")
		})
	}
}
