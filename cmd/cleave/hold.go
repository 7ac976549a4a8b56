package main

import (
	"github.com/spf13/cobra"
)

// holdCommand does nothing until it is told to end. It is what runs in the container that holds a node's
// place in the network while the node is killed and started again.
func holdCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "hold",
		Short:  "Do nothing until SIGTERM",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			<-command.Context().Done()
			return nil
		},
	}
}
