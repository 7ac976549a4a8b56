package cachedcp

import (
	"cleave/systems/cpstore"
	"cleave/world"
)

// System is the CP store behind clients' caches, as a system under test. Its nodes are the store's.
func System(options Options) world.System {
	options = options.withDefaults()
	system := cpstore.System(options.Store)
	system.Name = "cachedcp"
	system.Summary = "the CP store behind a cache on every host: watch, validate, keep the last good list on disk, ask the listed whether they live"
	system.Guarantee = "CP+cache"
	// A cache is behind by the time to find a server again, and by that to believe a list that became short.
	system.Notice = system.Grace + options.Confirm
	system.Ghost += options.Confirm
	system.Recovery = system.Notice + system.Grace/2
	system.Workloads = []string{"discovery"}
	system.Bugs = bugs()
	system.Client = func(_, host string, cluster world.Cluster) world.Client {
		return newUser(options, host, cluster)
	}
	return system
}
