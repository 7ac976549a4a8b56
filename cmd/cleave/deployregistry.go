package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"cleave/internal/eurekahttp"
	"cleave/systems/apregistry"
	"cleave/world"
	"cleave/world/host"
)

// registryPort is where the registry's nodes serve.
const registryPort = 8761

// deployRegistry is how the AP registry runs in containers: with the times that the same options have in
// simulation. Everybody speaks to everybody over HTTP.
func deployRegistry(options apregistry.Options) *world.Deployment {
	options.REST = true
	system := apregistry.System(options)
	return &world.Deployment{
		Version: version(),
		Boot:    bootLimit,
		Node: func(name string, places world.Places) world.Container {
			return world.Container{
				Command: serverCommand("apregistry", settings+"registry.yaml", places.Bug),
				Files:   []world.File{{Path: settings + "registry.yaml", Content: registryYAML(options, name, places)}, rollOf(places)},
			}
		},
		User: func(name, place string, places world.Places, edge world.Edge) (world.User, error) {
			bases := map[string]string{}
			for _, node := range places.Nodes {
				bases[node] = registryURL(places, node)
			}
			return registryUser(name, system.Client(name, place, places.Cluster), bases, eurekahttp.Exchange, edge)
		},
		Monitor: monitor,
		Clock:   setClock,
		Enlist:  enlist,
	}
}

// exchange carries one message over HTTP, as host.HTTP has it.
type exchange = func(ctx context.Context, client *http.Client, base string, message []byte) ([]byte, error)

// registryUser runs a client of the registry's that meets each node at a base URL.
func registryUser(name string, client world.Client, bases map[string]string, carry exchange, edge world.Edge) (world.User, error) {
	run := userOptions(name, client, edge)
	run.HTTP = &host.HTTP{Peers: bases, Exchange: carry}
	return host.NewUser(run)
}

func registryURL(places world.Places, node string) string {
	return "http://" + at(places, node, registryPort) + "/eureka"
}

// registryYAML is a node's configuration: everything that a file can say of options.
func registryYAML(o apregistry.Options, name string, places world.Places) []byte {
	var text strings.Builder
	set := func(key string, value any) { fmt.Fprintf(&text, "%s: %v\n", key, value) }
	set("name", name)
	set("listen", fmt.Sprintf("%q", at(places, name, registryPort)))
	set("profile", o.Profile)
	set("selfPreservation", o.SelfPreservation)
	set("renewalPercent", o.RenewalPercent)
	set("syncRetries", o.SyncRetries)
	set("expectedAtStart", o.OpenForTrafficCount)
	set("deltas", !o.NoDelta)
	set("dataDir", world.DataFolder)
	set("syncOnFirstBoot", o.SyncOnFirstBoot)
	set("limits", fmt.Sprintf("{registrations: %d}", o.MaxInstances))
	text.WriteString("intervals:\n")
	for _, interval := range []struct {
		key   string
		value time.Duration
	}{
		{"renewal", o.RenewalInterval}, {"lease", o.LeaseDuration}, {"eviction", o.EvictionInterval}, {"bucket", o.RenewsBucket},
		{"recount", o.RecountInterval}, {"responseCache", o.ResponseCacheInterval}, {"override", o.OverrideExpiry},
		{"syncRetry", o.SyncRetryWait}, {"waitWhenSyncEmpty", o.WaitWhenSyncEmpty}, {"peerTimeout", o.NetworkTimeout},
		{"syncTimeout", o.SyncTimeout}, {"batchDelay", o.BatchDelay}, {"deltaRetention", o.DeltaRetention}, {"deltaPurge", o.DeltaPurge},
		{"exchange", o.ExchangeInterval}, {"tombstone", o.TombstoneExpiry}, {"preservation", o.PreservationLimit},
		{"readWriteExpiry", o.ReadWriteExpiry}, {"taskExpiry", o.TaskExpiry}, {"congestionRetry", o.CongestionRetry},
		{"networkRetry", o.NetworkRetry},
	} {
		fmt.Fprintf(&text, "  %s: %s\n", interval.key, interval.value)
	}
	if len(places.Nodes) > 1 {
		text.WriteString("peers:\n")
	}
	for _, node := range places.Nodes {
		if node != name {
			fmt.Fprintf(&text, "  - {name: %s, url: %q}\n", node, registryURL(places, node))
		}
	}
	return []byte(text.String())
}
