package apregistry

import (
	"cleave/world"
)

// System is the registry with given options, as a system under test. Its name says which profile it has.
func System(options Options) world.System {
	system := world.System{
		Name:      "apregistry",
		Summary:   "a service registry by Eureka's rules: every node serves alone, copies converge by heartbeats, the later stamp wins",
		Guarantee: "AP",
		Diskless:  true,
		// A client that loses its servers one after the other tries each once. Its fetches also find those that
		// are left, but as they become rare when they fail, only its own requests are sure to.
		Grace:    2 * options.RequestTimeout,
		OnDemand: true,
		Boot:     options.boot() + options.ResponseCacheInterval + options.RequestTimeout,
		Ghost:    options.ghost(),
		Notice:   options.notice(),
		Delay:    options.NetworkTimeout * 45 / 100, // peers wait that long for each other, there and back
		Quorum:   func(int) int { return 1 },
		Types:    typesOf,
		Node: func(name string, cluster world.Cluster) world.Process {
			return newNode(name, cluster, options)
		},
		Client: func(name, host string, cluster world.Cluster) world.Client {
			return newClient(name, host, cluster, options)
		},
		Enlists:   true,
		Recovery:  options.recovery(),
		Workloads: []string{"register", "discovery", "convergence", "self-preservation", "status-override"},
		Bugs:      bugs(options.Profile),
	}
	switch options.Profile {
	case Spring:
		system.Name, system.Summary = "apregistry-spring", "the registry as Spring Cloud starts Eureka: it expects one client that never comes"
	case Plain:
		system.Name = "apregistry-plain"
		system.Workloads = []string{"register", "discovery", "convergence", "status-override"} // another rule of self-preservation
		system.Summary = "the registry without Eureka's quirks: leases end in time, cancels are remembered, nodes exchange what they miss"
	}
	return system
}
