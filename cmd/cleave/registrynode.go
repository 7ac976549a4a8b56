package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"cleave/internal/eurekahttp"
	"cleave/systems/apregistry"
	"cleave/world/host"
)

// registryNode runs a node of the AP registry.
func (s screen) registryNode(ctx context.Context, options nodeOptions) error {
	text, err := configuration(options.config)
	if err != nil {
		return bad(err)
	}
	config, err := parseRegistry(options.config, text)
	if err != nil {
		return bad(err)
	}
	run, err := s.registryHost(config, options)
	if err != nil {
		return bad(err)
	}
	if options.check {
		fmt.Fprintf(s.out, "%s is good: apregistry node %s, profile %s, on %s\n", options.config, config.name, config.options.Profile, config.listen)
		return nil
	}
	err = host.Run(ctx, run)
	var listen *host.ListenError
	switch {
	case errors.Is(err, host.ErrOptions), errors.Is(err, host.ErrForeign):
		return bad(fmt.Errorf("%s: %w", options.config, err))
	case errors.As(err, &listen) && listen.Role == "admin":
		return broken(fmt.Errorf("--admin: %w", err))
	case errors.As(err, &listen):
		return broken(fmt.Errorf("%s: listen: %w", options.config, err))
	}
	return broken(err)
}

// registryHost is what the configuration means for sockets.
func (s screen) registryHost(c registryConfig, flags nodeOptions) (host.Options, error) {
	nodes, peers := []string{c.name}, map[string]string{}
	for _, peer := range c.peers {
		nodes = append(nodes, peer.name)
		peers[peer.name] = peer.url
	}
	process, err := flags.process(apregistry.System(c.options), c.name, nodes)
	options := host.Options{
		Name:                 c.name,
		Process:              process,
		MaxClientConnections: c.connectionsPerAddress,
		Admin:                flags.admin,
		Log:                  s.err,
		Ready: func(a host.Addresses) {
			fmt.Fprintf(s.out, "apregistry node %s: http://%s/eureka, dashboard http://%[2]s/\n", c.name, a.HTTP[0])
		},
		HTTP: &host.HTTP{
			Listen: []string{c.listen},
			Handler: func(ask host.Ask) http.Handler {
				return eurekahttp.New(eurekahttp.Options{Name: c.name, Environment: c.environment, DataCenter: c.dataCenter,
					MaxBody: c.body, MaxBatch: c.batch}, ask)
			},
			MaxBody:        max(c.body, c.batch),
			MaxConnections: c.connections,
			Peers:          peers,
			Exchange:       eurekahttp.Exchange,
		},
	}
	if c.dataDir != "" {
		options.DataDir, options.Identity = folder(c.dataDir), "apregistry node "+c.name
	}
	return options, err
}
