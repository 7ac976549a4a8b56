package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"cleave/world"
	"cleave/world/host"
)

// nodeOptions are node's flags.
type nodeOptions struct {
	system string
	config string
	check  bool
	admin  string
	roll   string
	bug    string
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
	command.Flags().StringVar(&options.admin, "admin", "",
		"where the node is watched, its clock set and its members named, such as 127.0.0.1:7979; a port alone is on the loopback address")
	command.Flags().StringVar(&options.roll, "roll", "",
		`a file that says who is a member at the start, such as {"out":["n3"],"renewed":["n2"]}: all but n3, and n2 anew, for its disk was lost`)
	command.Flags().StringVar(&options.bug, "bug", "", "plant a bug of the system (see: cleave list --bugs)")
	_ = command.Flags().MarkHidden("bug")  // as below
	_ = command.MarkFlagRequired("config") // an error only for a flag that is not there
	return command
}

func (s screen) node(ctx context.Context, options nodeOptions) error {
	if err := options.readAdmin(); err != nil {
		return bad(err)
	}
	switch options.system {
	case "cpstore":
		return s.storeNode(ctx, options)
	case "apregistry":
		return s.registryNode(ctx, options)
	case "probe": // for tests of worlds
		return s.probeNode(ctx, options)
	}
	return bad(fmt.Errorf("--system: there is no server of %.60q; there is: cpstore, apregistry", options.system))
}

// readAdmin takes "7979", ":7979" and an address. Whoever reaches it can set the clock: it is elsewhere than
// on the loopback address only if that is said.
func (o *nodeOptions) readAdmin() error {
	if o.admin == "" {
		return nil
	}
	address, port, err := net.SplitHostPort(o.admin)
	if err != nil {
		address, port = "", o.admin
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || address != "" && net.ParseIP(address) == nil {
		return fmt.Errorf("--admin: an address and a port are wanted, such as 127.0.0.1:7979, and not %.60q", o.admin)
	}
	if address == "" {
		address = "127.0.0.1"
	}
	o.admin = net.JoinHostPort(address, strconv.FormatUint(number, 10))
	return nil
}

// process gives a system's node with the bug of --bug, "" for none, and the members of --roll.
func (o nodeOptions) process(system world.System, name string, nodes []string) (world.Process, error) {
	known := func(b world.Bug) bool { return b.Name == o.bug }
	if o.bug != "" && !slices.ContainsFunc(system.Bugs, known) {
		return nil, fmt.Errorf("--bug: %s has no bug %.60q", system.Name, o.bug)
	}
	roll, err := o.readRoll(nodes)
	if err != nil {
		return nil, fmt.Errorf("--roll: %w", err)
	}
	return system.Node(name, world.Cluster{Nodes: nodes, Bug: o.bug, Roll: roll}), nil
}

// readRoll reads the file of --roll, which speaks of a cluster's nodes.
func (o nodeOptions) readRoll(nodes []string) (roll world.Roll, err error) {
	if o.roll == "" {
		return roll, nil
	}
	text, err := bounded(o.roll)
	if err != nil {
		return roll, err
	}
	if roll, err = host.DecodeRoll(text); err != nil {
		return roll, fmt.Errorf("%s: %w", o.roll, err)
	}
	for _, name := range slices.Concat(roll.Out, roll.Renewed) {
		if !slices.Contains(nodes, name) {
			return roll, fmt.Errorf("%s: %.60q is none of the nodes %s", o.roll, name, strings.Join(nodes, " "))
		}
	}
	return roll, nil
}

// mostConfiguration is far above any configuration, in bytes.
const mostConfiguration = 1 << 20

// configuration reads the file of --config.
func configuration(file string) ([]byte, error) {
	text, err := bounded(file)
	if err != nil {
		return nil, fmt.Errorf("--config: %w", err)
	}
	return text, nil
}

// bounded reads a file that is small.
func bounded(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if err == nil && len(text) > mostConfiguration {
		err = fmt.Errorf("%s is no configuration: it has %d bytes", file, len(text))
	}
	return text, err
}
