package apregistry

import "cleave/world"

// The names of the planted bugs.
const (
	bugNoSelfPreservation = "no-self-preservation"
	bugDropRegister       = "drop-register"
	bugEvictRenewed       = "evict-renewed"
)

// System is the registry with given options, as a system under test.
func System(options Options) world.System {
	return world.System{
		Name:      "apregistry",
		Summary:   "a service registry by Eureka's rules: every node serves alone, copies converge by heartbeats, the later stamp wins",
		Guarantee: "AP",
		// A client that loses its servers one after the other tries each once.
		Grace:  2 * options.RequestTimeout,
		Boot:   options.boot() + options.ResponseCacheInterval + options.RequestTimeout,
		Quorum: func(int) int { return 1 },
		Node: func(name string, cluster world.Cluster) world.Process {
			return newNode(name, cluster, options)
		},
		Client: func(name, host string, cluster world.Cluster) world.Client {
			return newClient(name, host, cluster, options)
		},
		Recovery:  options.recovery(),
		Workloads: []string{"register", "discovery"},
		Bugs: []world.Bug{
			{
				Name:     bugNoSelfPreservation,
				Breaks:   "the eviction runs however many heartbeats are missing, so a partition empties both sides of each other's instances",
				Workload: "discovery", Checker: "no-forgetting", Faults: "isolate-one",
			},
			{
				Name:     bugDropRegister,
				Breaks:   "every second registration that a node takes is told to no peer, and heartbeats do not repair it",
				Workload: "discovery", Checker: "no-lost-registration", Faults: "none",
			},
			{
				Name:     bugEvictRenewed,
				Breaks:   "leases end a fixed time after the registration whatever the heartbeats, which are answered as if all were well",
				Workload: "discovery", Checker: "no-lost-registration", Faults: "none",
			},
		},
	}
}
