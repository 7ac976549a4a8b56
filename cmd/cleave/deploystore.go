package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"cleave/systems/cpstore"
	"cleave/world"
)

// The ports of the store's nodes.
const (
	storePort     = 2181
	storePeerPort = 2888
)

// deployStore is how the CP store runs in containers: with the times that the same options have in
// simulation, which must be complete but for BootPatience.
func deployStore(options cpstore.Options) *world.Deployment {
	system := cpstore.System(options)
	return &world.Deployment{
		Version: version(),
		Boot:    bootLimit,
		Node: func(name string, places world.Places) world.Container {
			bug := places.Bug
			if !slices.ContainsFunc(system.Bugs, func(own world.Bug) bool { return own.Name == bug }) {
				bug = "" // it is a recipe's, which clients follow
			}
			return world.Container{
				Command: serverCommand("cpstore", settings+"zoo.cfg", bug),
				Files: []world.File{
					{Path: settings + "zoo.cfg", Content: zooConfig(options, name, places)},
					{Path: world.DataFolder + "/myid", Content: fmt.Appendln(nil, serverNumber(name))},
					rollOf(places),
				},
			}
		},
		User: func(name, place string, places world.Places, edge world.Edge) (world.User, error) {
			return wireStoreUser(name, system.Client(name, place, places.Cluster), places, edge)
		},
		Monitor: monitor,
		Clock:   setClock,
		Enlist:  enlist,
	}
}

// wireStoreUser puts a client on real sockets that speaks ZooKeeper's protocol.
func wireStoreUser(name string, client world.Client, places world.Places, edge world.Edge) (world.User, error) {
	return wireUser(name, client, places, storePort, edge)
}

// serverNumber is the N of server.N for a node, whose name it ends: "3" for "n3".
func serverNumber(name string) string { return strings.TrimPrefix(name, nodeName(0)[:1]) }

// zooConfig is a node's zoo.cfg. Times that it says twice have their exact value under a key of our own,
// and one that means about the same under ZooKeeper's.
func zooConfig(options cpstore.Options, name string, places world.Places) []byte {
	var text strings.Builder
	set := func(key string, value any) { fmt.Fprintf(&text, "%s=%v\n", key, value) }
	milliseconds := func(key string, value time.Duration) { set(key, value.Milliseconds()) }
	milliseconds("tickTime", 8*options.Tick)
	set("initLimit", 10)
	set("syncLimit", max(options.SyncLimit/(8*options.Tick), 1).Nanoseconds())
	set("dataDir", world.DataFolder)
	set("clientPortAddress", places.Addresses[name])
	set("clientPort", storePort)
	set("maxClientCnxns", 0)
	milliseconds("minSessionTimeout", options.MinSessionTimeout)
	milliseconds("maxSessionTimeout", options.MaxSessionTimeout)
	set("snapCount", options.SnapshotEvery)
	set("4lw.commands.whitelist", "*")
	set("readonlymode.enabled", options.ReadOnlyMode)
	set("extendedTypesEnabled", options.ExtendedTypes)
	set("skipACL", options.SkipACL)
	if options.StrictSync {
		set("cleave.sync", "quorum")
	}
	patience := options.BootPatience
	if patience == 0 {
		patience = options.ElectionBase
	}
	milliseconds("cleave.heartbeat", options.Tick)
	milliseconds("cleave.electionTimeout", options.ElectionBase)
	milliseconds("cleave.bootPatience", patience)
	milliseconds("cleave.syncTimeout", options.SyncLimit)
	milliseconds("cleave.requestTimeout", options.RequestTimeout)
	set("cleave.retain", options.Retain)
	for _, node := range places.Nodes {
		set("server."+serverNumber(node), at(places, node, storePeerPort))
	}
	return []byte(text.String())
}
