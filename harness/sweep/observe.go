package sweep

import (
	"errors"
	"time"

	"cleave/history"
	"cleave/world"
)

// simulated is what a sweep needs of a world: to be looked into, and to tell its runs apart.
type simulated interface {
	world.Inspected
	Events() uint64
	Hash() uint64
}

var errNoSimulation = errors.New("a sweep needs a world that can be run again to the byte: sim")

// observed is a world that is looked at just before each fault begins. It changes nothing in it.
type observed struct {
	simulated
	system  world.System
	nodes   []string
	moments map[int]moment // by the fault's place in the schedule
}

// moment is how things stand as a fault begins.
type moment struct {
	phases   []string          // of each node, in the order of the cluster
	messages [][]world.Message // that its connections are at
}

// recent is how long ago a message may have been sent that still counts as what a connection is at: on most
// ways, and with as many clients as usual, there is one.
const recent = 50 * time.Millisecond

// observe makes a world observed.
func observe(w world.World, system world.System) (*observed, error) {
	inner, can := w.(simulated)
	if !can {
		return nil, errors.Join(errNoSimulation, w.Close())
	}
	return &observed{simulated: inner, system: system, moments: map[int]moment{}}, nil
}

// Populate remembers who the nodes are.
func (o *observed) Populate(system world.System, cluster world.Cluster, clients []history.Placement) error {
	o.nodes = cluster.Nodes
	return o.simulated.Populate(system, cluster, clients)
}

// Before looks. It is the nemesis.Witness.
func (o *observed) Before(id int) {
	var m moment
	for _, node := range o.nodes {
		m.phases = append(m.phases, o.Phase(node))
		m.messages = append(m.messages, o.Recent(node, recent))
	}
	o.moments[id] = m
}
