package sim

import (
	"fmt"

	"cleave/history"
	"cleave/world"
)

// Populate adds the nodes of a system, its clients and its services. It errs if the system does not run in
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
	for _, service := range system.Services {
		w.addService(service)
	}
	return nil
}

// addService adds a service. It lives on a host of its own, and starts when time next passes.
func (w *World) addService(service world.Service) {
	e := w.add(service.Name, service.Name)
	e.service = true
	w.startSoon(e, service.New)
}
