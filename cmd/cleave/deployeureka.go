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
	system.Deployment.User = func(name, place string, places world.Places, edge world.Edge) (world.User, error) {
		bases := map[string]string{}
		for _, node := range places.Nodes {
			bases[node] = flavour.Base(places.Addresses[node])
		}
		return registryUser(name, clients.Client(name, place, places.Cluster), bases, carry, edge)
	}
	return system
}
