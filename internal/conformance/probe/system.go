package probe

import (
	"time"

	"cleave/world"
)

// System is the probe as a system. A world that runs it elsewhere than in simulation gives it a
// Deployment.
func System() world.System {
	return world.System{
		Name:      "probe",
		Summary:   "a node that does one small thing for every promise of a world",
		Guarantee: "AP",
		Grace:     Timeout,
		Boot:      time.Second,
		Quorum:    func(int) int { return 1 },
		Node:      func(name string, cluster world.Cluster) world.Process { return newNode(name, cluster) },
		Client:    func(_, host string, _ world.Cluster) world.Client { return newClient(host) },
		Enlists:   true,
		Recovery:  2 * time.Second,
	}
}
