package sim

import (
	"fmt"

	"cleave/history"
	"cleave/world"
)

// Populate adds the nodes of a system and its clients. It errs if the system does not run in
// simulation.
func (w *World) Populate(system world.System, cluster world.Cluster, clients []history.Placement) error {
	if system.Node == nil || system.Client == nil {
		return fmt.Errorf("%s does not run in simulation", system.Name)
	}
	for _, node := range cluster.Nodes {
		w.AddNode(node, func() world.Process {
			cluster := cluster
			cluster.Roll = w.roll()
			return system.Node(node, cluster)
		})
	}
	for _, place := range clients {
		w.AddClient(place.Client, place.Host, system.Client(place.Client, place.Host, cluster))
	}
	return nil
}
