package probe_test

import (
	"fmt"
	"time"

	"cleave/history"
	"cleave/internal/conformance/probe"
	"cleave/world"
	"cleave/world/sim"
)

// A node behind a cut answers its own client, but gets no answer of its peer.
func Example() {
	w := sim.New(sim.DefaultOptions(1))
	cluster := world.Cluster{Nodes: []string{"n1", "n2"}}
	if err := w.Populate(probe.System(), cluster, []history.Placement{{Client: "c1", Host: "n1"}}); err != nil {
		panic(err)
	}
	show := func(c history.Completion) {
		fmt.Printf("%.1f s: %s %s %q\n", w.Now().Seconds(), c.Outcome, c.Value, c.Error)
	}
	w.At(0, func() { w.Cut("n1", "n2") })
	w.At(history.Time(time.Second), func() { w.Invoke("c1", probe.Write("", "seven"), show) })
	w.At(history.Time(2*time.Second), func() { w.Invoke("c1", probe.Read(""), show) })
	w.At(history.Time(3*time.Second), func() { w.Invoke("c1", probe.Ping("", probe.Pings{Peer: "n2"}), show) })
	fmt.Println(w.Run(history.Time(5 * time.Second)))
	// Output:
	// 1.0 s: ok nil ""
	// 2.0 s: ok seven ""
	// 4.0 s: fail nil "timeout"
	// <nil>
}
