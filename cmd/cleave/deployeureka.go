package main

import (
	"context"
	"net/http"

	"cleave/internal/eurekahttp"
	"cleave/systems/apregistry"
	"cleave/systems/eureka"
	"cleave/world"
)

// realRegistry is a real Eureka with clients of ours, which keep its rules.
func realRegistry(flavour eureka.Flavour, scale int) world.System {
	system := eureka.System(flavour, scale)
	system.Deployment.User = eurekaUsers(flavour, scale, func(places world.Places, node string) string {
		return flavour.Base(places.Addresses[node])
	})
	return system
}

// eurekaUsers make clients of the AP registry, with the rules of a flavour of Eureka, for servers whose addresses are base's.
func eurekaUsers(flavour eureka.Flavour, scale int, base func(places world.Places, node string) string,
) func(name, host string, places world.Places, edge world.Edge) (world.User, error) {
	options := eureka.Options(flavour, scale)
	options.REST = true
	clients := apregistry.System(options)
	carry := func(ctx context.Context, client *http.Client, base string, message []byte) ([]byte, error) {
		leased, err := eureka.Leased(message, options)
		if err != nil {
			return nil, err
		}
		return eurekahttp.Exchange(ctx, client, base, leased)
	}
	return func(name, host string, places world.Places, edge world.Edge) (world.User, error) {
		bases := map[string]string{}
		for _, node := range places.Nodes {
			bases[node] = base(places, node)
		}
		return registryUser(name, clients.Client(name, host, places.Cluster), bases, carry, edge)
	}
}
