package native

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cleave/history"
	"cleave/world"
	"cleave/world/sim"

	"github.com/stretchr/testify/require"
)

// BenchmarkRelays sends messages of 100 bytes round a ring of five processes, so many at a time.
func BenchmarkRelays(b *testing.B) {
	for _, flying := range []int{50, 500} {
		b.Run(fmt.Sprint(flying, " on their way"), func(b *testing.B) { ring(b, flying) })
	}
}

func ring(b *testing.B, flying int) {
	w, err := New(Options{Options: sim.DefaultOptions(1)})
	require.NoError(b, err)
	defer func() { require.NoError(b, w.Close()) }()
	count := 0
	system := world.System{
		Node: func(string, world.Cluster) world.Process {
			s := &speaker{program: actor(b, "relay")}
			s.count = &count
			return s
		},
		Client: func(string, string, world.Cluster) world.Client { return &caller{} },
	}
	require.NoError(b, w.Populate(system, world.Cluster{Nodes: []string{"n1", "n2", "n3", "n4", "n5"}}, []history.Placement{{Client: "c1", Host: "n1"}}))
	require.NoError(b, w.Run(1))
	for i := range flying {
		route := "n2 n3 n4 n5 n1 " + strings.Repeat("x", 85) + fmt.Sprintf("%03d", i)
		w.Invoke("c1", history.Request{Key: "n1", Value: history.Text(route)}, nil)
	}
	for count < 5*flying {
		require.NoError(b, w.Run(w.Now()+history.Time(10*time.Millisecond)))
	}
	count = 0
	b.ResetTimer()
	for count < b.N {
		require.NoError(b, w.Run(w.Now()+history.Time(10*time.Millisecond)))
	}
	b.ReportMetric(float64(count)/b.Elapsed().Seconds(), "messages/s")
}
