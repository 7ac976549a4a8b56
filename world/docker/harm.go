package docker

import (
	"context"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"cleave/world"
	"cleave/world/docker/disk"
	"cleave/world/docker/engine"
	"cleave/world/host"
)

// chore is something to be done once to a node's disk, between two lives of the node or while it stands still.
type chore func(ctx context.Context) error

// Slow makes a node's processor slow, by a share of it: see throttle.
func (w *World) Slow(name string, pause time.Duration) {
	w.find(name).want(func(s *state) { s.rest += pause })
}

// FlipBit damages a file of a node that is down.
func (w *World) FlipBit(name string, draw uint64) {
	n := w.find(name)
	n.bits++
	n.ask(func(ctx context.Context) error { return n.flip(ctx, draw) })
}

// MendBit undoes the last FlipBit.
func (w *World) MendBit(name string) {
	n := w.find(name)
	n.bits = undone(n.bits, "mending a bit of", name)
	n.ask(n.mend)
}

// LoseDisk takes all files of a node that is down. What it was given before its first start, such as its
// number, it is given again.
func (w *World) LoseDisk(name string) {
	n := w.find(name)
	n.ask(n.lose)
}

// KeepDisk makes a copy of what a node has written, as a kill would leave it.
func (w *World) KeepDisk(name string) {
	n := w.find(name)
	n.ask(n.keep)
}

// RestoreDisk puts the copy in place of what is on the disk of a node that is down.
func (w *World) RestoreDisk(name string) {
	n := w.find(name)
	n.ask(n.restore)
}

// ask has the node's goroutine do something to the disk, after what was asked for before.
func (n *node) ask(do chore) {
	n.mutex.Lock()
	n.chores = append(n.chores, do)
	n.mutex.Unlock()
	n.rouse()
}

// work does what is to be done to the disk. A process that is there stands still meanwhile, and goes on when the
// node is made what it is to be; what leaves no room on the disk makes way.
func (n *node) work(ctx context.Context, chores []chore) error {
	if len(chores) == 0 {
		return nil
	}
	if n.is.runs && !n.is.paused {
		if err := n.freeze(ctx, true); err != nil {
			return err
		}
	}
	if n.is.full {
		if err := n.disk.fill(ctx, false); err != nil {
			return err
		}
	}
	for _, do := range chores {
		if err := do(ctx); err != nil {
			return err
		}
	}
	if n.is.full {
		return n.disk.fill(ctx, true)
	}
	return nil
}

func (n *node) lose(ctx context.Context) error {
	if err := n.disk.within(ctx, disk.Empty); err != nil {
		return err
	}
	_, given, _ := n.files()
	if err := n.world.engine.CopyTo(ctx, n.container, given); err != nil {
		return err
	}
	return n.disk.settle()
}

// files are those that its container is given: on the disk, before the first start, and elsewhere; and the folder where the
// container has the disk.
func (n *node) files() (folder string, given, others []world.File) {
	places := n.world.places
	places.Roll = n.noted
	c := n.world.deployment.Node(n.name, places)
	for _, each := range c.Files {
		if strings.HasPrefix(path.Clean(each.Path), c.Folder()+"/") {
			given = append(given, each)
		} else {
			others = append(others, each)
		}
	}
	return c.Folder(), given, others
}

func (n *node) keep(ctx context.Context) error {
	return n.disk.within(ctx, func(folder *os.Root) (err error) {
		n.copied, err = disk.Take(folder)
		return err
	})
}

func (n *node) restore(ctx context.Context) error {
	if n.copied == nil {
		return n.lose(ctx)
	}
	if err := n.disk.within(ctx, n.copied.Put); err != nil {
		return err
	}
	return n.disk.settle()
}

func (n *node) flip(ctx context.Context, draw uint64) error {
	folder, given, _ := n.files()
	spare := func(file string) bool {
		file = path.Join(folder, file)
		return host.IsMark(path.Base(file)) || slices.ContainsFunc(given, func(each world.File) bool { return path.Clean(each.Path) == file })
	}
	return n.disk.within(ctx, func(folder *os.Root) error {
		bit, err := disk.Turn(folder, draw, spare)
		n.flips = append(n.flips, bit)
		fmt.Fprintf(n.log, "cleave: a bit on the disk is turned around: %s\n", bit)
		return err
	})
}

// mend undoes the last flip. A node that has ended of it starts a little later.
func (n *node) mend(ctx context.Context) error {
	last := len(n.flips) - 1
	bit := n.flips[last]
	n.flips = n.flips[:last]
	if n.hurt {
		n.hurt, n.again = last > 0, time.Now().Add(restartWait)
	}
	return n.disk.within(ctx, bit.Mend)
}

// work at one thing, such as a message, takes a process so much of a processor's time.
const workAtOne = 50 * time.Microsecond

// throttle has a node rest before each thing it does, as far as that can be done from outside: of every
// rest + workAtOne it gets workAtOne, in slices that are longer.
//
//	asked for   |-- rest --|w|-- rest --|w|-- rest --|w|-- rest --|w|
//	done        |w w w w|------------------ throttled --------------|
//
// So a node that has little to do hardly notices, and one that has much is as slow as was asked for.
func (n *node) throttle(ctx context.Context, rest time.Duration) error {
	period := time.Duration(0)
	if rest > 0 {
		period = engine.Slice * (rest + workAtOne) / workAtOne
	}
	return n.order(ctx, "making it slow", func(ctx context.Context) error {
		return n.world.engine.Throttle(ctx, n.container, period)
	}, func() { n.is.rest = rest })
}
