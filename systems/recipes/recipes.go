package recipes

import (
	"slices"

	"cleave/systems/zkclient"
	"cleave/world"
)

// recipe makes the application of one workload.
type recipe struct {
	workload string
	make     func(*kit) zkclient.Application
}

// table lists the recipes by the workload that they serve.
func table() []recipe {
	return []recipe{
		{"election", newElection},
		{"lock", newLocks},
		{"fenced-lock", newFencedLocks},
		{"queue", newQueue},
		{"barrier", newBarrier},
		{"consumers", newConsumers},
		{"scheduler", newScheduler},
		{"config", newConfiguration},
		{"group", newGroup},
		{"dubbo", newDubbo},
		{"naming", newNaming},
	}
}

// On adds the recipes to a system that speaks ZooKeeper's protocol: their workloads, their mistakes, and the clients
// that carry them out. options are those of its clients. wire, if not nil, puts such a client on real sockets.
func On(system world.System, options zkclient.Options, wire Wire) world.System {
	plain := system.Client
	for _, one := range table() {
		system.Workloads = append(slices.Clip(system.Workloads), one.workload)
	}
	system.Bugs = append(slices.Clip(system.Bugs), bugs()...)
	client := func(host string, cluster world.Cluster) (world.Client, bool) {
		at := slices.IndexFunc(table(), func(one recipe) bool { return one.workload == cluster.Workload })
		if at < 0 {
			return nil, false
		}
		return zkclient.NewWith(options, host, cluster.Nodes, func(session zkclient.Session) zkclient.Application {
			return table()[at].make(&kit{Session: session, bug: cluster.Bug})
		}), true
	}
	if plain != nil {
		system.Client = func(name, host string, cluster world.Cluster) world.Client {
			if made, is := client(host, cluster); is {
				return made
			}
			return plain(name, host, cluster)
		}
	}
	if system.Deployment != nil && wire != nil {
		deployment := *system.Deployment
		user := deployment.User
		deployment.User = func(name, host string, places world.Places, edge world.Edge) (world.User, error) {
			if made, is := client(host, places.Cluster); is {
				return wire(name, made, places, edge)
			}
			return user(name, host, places, edge)
		}
		system.Deployment = &deployment
	}
	return system
}

// Wire puts a client on real sockets, in a world of containers.
type Wire func(name string, client world.Client, places world.Places, edge world.Edge) (world.User, error)
