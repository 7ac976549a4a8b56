package docker

import (
	"io"

	"cleave/internal/link"
	"cleave/world/docker/engine"
)

// Options fix what a world of containers is. A zero field takes its default.
type Options struct {
	// Program is what the reference nodes' image is made of, default the one that runs.
	Program engine.Program
	// Seed is of the decisions of the network, and of what clients draw.
	Seed uint64
	// Network is the quality of every link between different hosts, on top of what the machine adds; Local
	// that between a node and the clients beside it.
	Network link.Quality
	Local   link.Quality
	// DiskSize bounds a node's disk, in bytes, default 256 MiB.
	DiskSize int64
	// PowerLoss gives nodes disks that can lose what was not synced; others cannot.
	PowerLoss bool
	// Syncs gives nodes such disks too, and puts a layer over each that meets the syncs: others cannot be slow or failing,
	// nor end in the midst of a sync.
	Syncs bool
	// SlowNodes says that nodes are to be slowed down: New errs if this machine cannot do that.
	SlowNodes bool
	// Log gives each process's log a writer; nil keeps none.
	Log func(process string) io.Writer
	// Capture takes every frame that arrives, as a pcap file; nil keeps none.
	Capture io.Writer
}

// MostNodes and MostClients are how many there may be.
const (
	MostNodes   = 15
	MostClients = 200
)

const defaultDiskSize = 256 << 20

func (o Options) withDefaults() Options {
	if o.DiskSize == 0 {
		o.DiskSize = defaultDiskSize
	}
	if o.Log == nil {
		o.Log = func(string) io.Writer { return io.Discard }
	}
	return o
}
