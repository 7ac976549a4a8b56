package docker

import (
	"context"
	"os"

	"cleave/world"
	"cleave/world/docker/disk"
	"cleave/world/docker/engine"
)

// store is a node's disk.
type store interface {
	// mounts are how the node's container has it, and how the holder's has.
	mounts() (node, holder []engine.Mount)
	// fill leaves no room, or makes some again.
	fill(ctx context.Context, full bool) error
	// within does something in the folder that is the node's disk.
	within(ctx context.Context, do func(folder *os.Root) error) error
	// fail cuts the power; recover brings back what was synced, once nobody uses the disk.
	fail() error
	recover() error
	// settle makes all durable that is there.
	settle() error
	close() error
}

// makeStore makes a node's disk: in memory, or one that can lose its power.
func (w *World) makeStore(n *node) (store, error) {
	if w.options.PowerLoss || w.options.Syncs {
		made, err := disk.Make(w.ctx, w.engine.Run+"-"+n.name, w.options.DiskSize)
		if err != nil {
			return nil, err
		}
		if w.options.Syncs {
			return cover(n, made)
		}
		return powered{made}, nil
	}
	volume, err := w.engine.Volume(w.ctx, n.name, w.options.DiskSize)
	if err != nil {
		return nil, err
	}
	return memory{n, volume}, nil
}

// memory is a disk in memory, which lasts as long as the holder runs.
type memory struct {
	node   *node
	volume string
}

func (m memory) mounts() (node, holder []engine.Mount) {
	mount := []engine.Mount{{Source: m.volume, Path: world.DataFolder}}
	return mount, mount
}

func (m memory) fill(ctx context.Context, full bool) error {
	if full {
		return m.node.world.engine.Fill(ctx, m.node.holder, world.DataFolder)
	}
	return m.node.world.engine.Drain(ctx, m.node.holder, world.DataFolder)
}

func (m memory) within(ctx context.Context, do func(folder *os.Root) error) error {
	return m.node.world.engine.Within(ctx, m.node.holder, world.DataFolder, do)
}

func (m memory) fail() error    { panic("docker: the power of a disk in memory fails") }
func (m memory) recover() error { panic("docker: the power of a disk in memory comes back") }
func (m memory) settle() error  { return nil }
func (m memory) close() error   { return nil } // it goes with the engine's other things

// powered is a disk that loses what was not synced when its power fails.
type powered struct{ disk *disk.Disk }

func (p powered) mounts() (node, holder []engine.Mount) {
	return []engine.Mount{{Source: p.disk.Folder(), Path: world.DataFolder}}, nil
}

func (p powered) fill(_ context.Context, full bool) error {
	if full {
		return p.disk.Fill()
	}
	return p.disk.Drain()
}

func (p powered) within(_ context.Context, do func(folder *os.Root) error) error {
	return p.disk.Within(do)
}

func (p powered) fail() error    { return p.disk.Fail() }
func (p powered) recover() error { return p.disk.Recover() }
func (p powered) settle() error  { return p.disk.Sync() }
func (p powered) close() error   { return p.disk.Close() }
