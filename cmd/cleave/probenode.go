package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"cleave/internal/conformance/probe"
	"cleave/world/host"
)

// probeConfig is the configuration of a node that worlds are looked at with.
type probeConfig struct {
	Name    string            `json:"name"`
	Nodes   []string          `json:"nodes"`
	Clients string            `json:"clients"` // where clients connect
	Peers   map[string]string `json:"peers"`   // where nodes do, by name
	DataDir string            `json:"dataDir"`
}

// probeNode runs a node of package probe. It is not meant for users.
func (s screen) probeNode(ctx context.Context, options nodeOptions) error {
	text, err := configuration(options.config)
	if err != nil {
		return bad(err)
	}
	var config probeConfig
	if err := json.Unmarshal(text, &config); err != nil {
		return bad(fmt.Errorf("%s: %w", options.config, err))
	}
	process, err := options.process(probe.System(), config.Name, config.Nodes)
	if err != nil {
		return bad(err)
	}
	// A full disk ends it, as it does the store's node.
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	err = host.Run(ctx, host.Options{
		Name:         config.Name,
		Process:      process,
		Peers:        config.Peers,
		PeerListen:   config.Peers[config.Name],
		ClientListen: []string{config.Clients},
		DataDir:      filepath.Join(config.DataDir, "probe"),
		Admin:        options.admin,
		Log:          s.err,
		Notes: func(kind, detail string) {
			if kind == "halt" {
				end(halted(detail))
			}
		},
	})
	var why halted
	if errors.As(context.Cause(ctx), &why) {
		err = why
	}
	return broken(err)
}
