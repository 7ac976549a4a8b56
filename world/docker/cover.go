package docker

import (
	"errors"
	"path/filepath"
	"sync/atomic"
	"time"

	"cleave/world"
	"cleave/world/docker/disk"
	"cleave/world/docker/engine"
	"cleave/world/docker/layer"
)

// SlowSync makes every sync of a node's disk that begins from now on take longer.
func (w *World) SlowSync(name string, longer time.Duration) {
	n := w.find(name)
	n.lag += longer
	n.layer.Slow(n.lag)
}

// FailSync has every sync of a node's disk fail. A node that ends of it stays down until the disk is well.
func (w *World) FailSync(name string) {
	n := w.find(name)
	n.failings++
	n.layer.Ail(true)
	n.want(func(s *state) { s.ails = true })
}

// MendSync undoes one FailSync.
func (w *World) MendSync(name string) {
	n := w.find(name)
	n.failings = undone(n.failings, "mending the syncs of", name)
	ails := n.failings > 0
	n.layer.Ail(ails)
	n.want(func(s *state) { s.ails = ails })
}

// KillWriting cuts the power of a node's disk in the midst of the next sync, and kills the node.
func (w *World) KillWriting(name string, draw uint64) {
	n := w.find(name)
	n.kills++
	n.layer.Doom(draw, n.perish)
}

// perish is the end of a node in the midst of a sync. What it wants is done when the layer lets go of the disk.
func (n *node) perish() {
	if err := n.disk.fail(); err != nil {
		n.world.fail(err)
		return
	}
	n.world.note(n.name, "kill", "in the midst of a sync")
	n.want(func(s *state) { s.life, s.outages, s.runs = s.life+1, s.outages+1, false })
}

// covered is a disk that can lose its power, below a layer that meets its syncs.
type covered struct {
	powered
	layer *layer.Layer
	off   atomic.Bool // it has lost its power, of a sync or of an outage
}

// cover lays a layer over a disk, or closes it on an error.
func cover(n *node, made *disk.Disk) (store, error) {
	over, err := layer.Put(made.Whole(), made.Above(), func() { n.world.note(n.name, "sync-failed", "input/output error") })
	if err != nil {
		return nil, errors.Join(err, made.Close())
	}
	n.layer = over
	return &covered{powered: powered{made}, layer: over}, nil
}

// mounts has the container bind the folder as the layer shows it.
func (c *covered) mounts() (node, holder []engine.Mount) {
	return []engine.Mount{{Source: filepath.Join(c.disk.Above(), filepath.Base(c.disk.Folder())), Path: world.DataFolder}}, nil
}

func (c *covered) fail() error {
	if c.off.Swap(true) {
		return nil // in the midst of a sync
	}
	return c.powered.fail()
}

func (c *covered) recover() error {
	if err := c.powered.recover(); err != nil {
		return err
	}
	c.off.Store(false)
	return nil
}

func (c *covered) close() error {
	if err := c.layer.Close(); err != nil {
		return err // the disk below is left to who collects what runs leave
	}
	return c.powered.close()
}
