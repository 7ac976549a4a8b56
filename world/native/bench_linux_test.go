package native

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cleave/history"
	"cleave/systems/maelstrom"
	"cleave/world"
	"cleave/world/sim"

	"github.com/stretchr/testify/require"
)

// BenchmarkRelays sends messages of 100 bytes round a ring of five processes, so many at a time.
func BenchmarkRelays(b *testing.B) {
	for _, flying := range []int{50, 500} {
		b.Run(fmt.Sprint(flying, " on their way"), func(b *testing.B) {
			count := 0
			w := ring(b, func(string, world.Cluster) world.Process { return &speaker{program: actor(b, "relay"), count: &count} })
			for i := range flying {
				route := "n2 n3 n4 n5 n1 " + strings.Repeat("x", 85) + fmt.Sprintf("%03d", i)
				w.Invoke("c1", history.Request{Key: "n1", Value: history.Text(route)}, nil)
			}
			measure(b, w, &count)
		})
	}
}

// BenchmarkMaelstrom does so with messages of Maelstrom's protocol, which are read in the harness too: a hundred from each
// of five processes.
func BenchmarkMaelstrom(b *testing.B) {
	count := 0
	system := maelstrom.Equip(world.System{}, maelstrom.Options{Program: passers{b, &count}, Workload: "echo"})
	measure(b, ring(b, system.Node), &count)
}

// passers are programs that pass messages on, which are counted.
type passers struct {
	b     *testing.B
	count *int
}

func (p passers) New(_ string, streams maelstrom.Streams) maelstrom.Instance {
	program := actor(p.b, "passer")
	program.Output = func(line []byte) {
		*p.count++
		streams.Output(line)
	}
	program.Ended = streams.Ended
	return NewInstance(program)
}

// ring makes a world of five nodes.
func ring(b *testing.B, node func(string, world.Cluster) world.Process) *World {
	w, err := New(Options{Options: sim.DefaultOptions(1)})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, w.Close()) })
	system := world.System{Node: node, Client: func(string, string, world.Cluster) world.Client { return &caller{} }}
	cluster := world.Cluster{Nodes: []string{"n1", "n2", "n3", "n4", "n5"}}
	require.NoError(b, w.Populate(system, cluster, []history.Placement{{Client: "c1", Host: "n1"}}))
	require.NoError(b, w.Run(1))
	return w
}

// measure has b.N messages pass, after some that do not count.
func measure(b *testing.B, w *World, count *int) {
	const before = 5000
	for _, wanted := range []int{before, b.N} {
		*count = 0
		b.ResetTimer()
		for *count < wanted {
			require.NoError(b, w.Run(w.Now()+history.Time(10*time.Millisecond)))
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(*count)/b.Elapsed().Seconds(), "messages/s")
	b.ReportMetric(w.elapsed().Seconds()-w.Now().Seconds(), "s-late")
}
