// Package conformance holds worlds to their contract: one suite that every world.World passes, so that
// a schedule means the same in all of them.
//
//	func TestConformance(t *testing.T) {
//		conformance.Run(t, func(*testing.T, conformance.Need) world.World { return sim.New(sim.DefaultOptions(1)) })
//	}
//
// Each case drives a world of three nodes, with a client beside each and a second one beside n1, and
// looks at it through the eyes of clients alone. They run a system made for this, package probe:
//
//	c1 c4      c2      c3      clients
//	 └n1───────n2──────n3      every node can ping every other
//	   └────────────────┘
//
// A case holds in real time on a slow machine too: what must come is waited for, at length; what must not
// come cannot, however slow anything is; how long something took has a lower bound only.
//
// A map of the files: conformance.go (Run, RunWithout, the cases), stage.go (what cases are written with), network.go
// (cuts), quality.go (loss, latency and so on), life.go (kills, restarts, power, pauses), machine.go (full
// disks, clocks), harm.go (disks lost, old and damaged, slow nodes), voice.go (notes, leaders), flow.go (the order of things, and what Close leaves), and
// package probe (the system).
package conformance
