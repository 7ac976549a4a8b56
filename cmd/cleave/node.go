package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

// nodeOptions are node's flags.
type nodeOptions struct {
	system string
	config string
	check  bool
}

func nodeCommand(s screen) *cobra.Command {
	var options nodeOptions
	command := &cobra.Command{
		Use:   "node",
		Short: "Run one server of a reference system on real sockets, files and clocks, until SIGTERM",
		Long: "Run one server of a reference system on real sockets, files and clocks, until SIGTERM.\n\n" +
			"The CP store is configured as ZooKeeper is: by a zoo.cfg and, in an ensemble, by a file myid in its dataDir. Unlike ZooKeeper,\n" +
			"it takes clients on the loopback address alone unless clientPortAddress says otherwise.\n\n" +
			"The AP registry is a Eureka server, configured by a file such as this, in which only the name is needed:\n\n" + registryExample,
		Example: "  cleave node --system cpstore --config zoo.cfg\n  cleave node --system apregistry --config registry.yaml",
		Args:    cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			return s.node(command.Context(), options)
		},
	}
	command.Flags().StringVar(&options.system, "system", "cpstore", "what is run: cpstore or apregistry")
	command.Flags().StringVar(&options.config, "config", "", "its configuration: a zoo.cfg, or a registry.yaml")
	command.Flags().BoolVar(&options.check, "check", false, "look whether the configuration is good, and run nothing")
	_ = command.MarkFlagRequired("config") // an error only for a flag that is not there
	return command
}

func (s screen) node(ctx context.Context, options nodeOptions) error {
	switch options.system {
	case "cpstore":
		return s.storeNode(ctx, options)
	case "apregistry":
		return s.registryNode(ctx, options)
	}
	return bad(fmt.Errorf("--system: there is no server of %.60q; there is: cpstore, apregistry", options.system))
}

// mostConfiguration is far above any configuration, in bytes.
const mostConfiguration = 1 << 20

// configuration reads the file of --config.
func configuration(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	if len(text) > mostConfiguration {
		return nil, fmt.Errorf("--config: %s is no configuration: it has %d bytes", file, len(text))
	}
	return text, nil
}
