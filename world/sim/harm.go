package sim

import (
	"bytes"
	"errors"
	"slices"
	"time"

	"cleave/history"
	"cleave/internal/rng"
)

// errSync is what a failing disk says, as Linux does.
var errSync = errors.New("input/output error")

// flip is a bit that a fault has turned around, and the whole file as it was then: if it is no longer the
// beginning of the file, the bit has gone with it.
type flip struct {
	name    string
	at      int
	mask    byte
	content []byte
}

// KillWriting crashes a node during its next sync.
func (w *World) KillWriting(node string, draw uint64) {
	e := w.find(node)
	e.kills++
	e.disk.doom = &draw
}

// meetDoom lets a sync that has begun be the end of the process, some time before it is done.
func (d *disk) meetDoom() {
	doom := d.doom
	if doom == nil {
		return
	}
	w, life := d.owner.world, d.owner.life
	w.At(w.now+history.Time(rng.Below(*doom, uint64(d.floor-w.now)+1)), func() {
		if d.owner.life == life && d.doom == doom {
			d.owner.Note("kill", "in the midst of a sync")
			d.owner.crash()
			d.doom, w.running = nil, nil
		}
	})
}

// Slow has a node take up one thing after another, with a pause before each.
func (w *World) Slow(node string, pause time.Duration) {
	e := w.find(node)
	e.slow += pause
	if e.slow == 0 && e.paused == 0 {
		w.apart(e.catchUp)
	}
}

// rouse sees to it that a slow process takes up the next thing.
func (e *endpoint) rouse() {
	if e.slow > 0 && !e.roused && len(e.waiting) > 0 {
		e.roused = true
		e.world.own(e.world.now+history.Time(e.slow), wakeEvent, e)
	}
}

// wake has a slow process take up one thing.
func (e *endpoint) wake() {
	e.roused = false
	if e.paused > 0 || len(e.waiting) == 0 {
		return
	}
	what := e.waiting[0]
	e.waiting = e.waiting[1:]
	e.rouse()
	what(e.enter())
}

// SlowSync makes a disk slow.
func (w *World) SlowSync(node string, longer time.Duration) { w.find(node).disk.lag += longer }

// FailSync has the syncs of a disk fail.
func (w *World) FailSync(node string) { w.find(node).disk.failing++ }

// MendSync undoes one FailSync. If the node has ended of it, it boots a second after the last.
func (w *World) MendSync(node string) {
	e := w.find(node)
	if e.disk.failing == 0 {
		panic("sim: mending the syncs of " + node + ", which do not fail")
	}
	e.disk.failing--
	e.rebootIfFit()
}

// FlipBit damages a file. On an empty disk it does nothing.
func (w *World) FlipBit(node string, draw uint64) {
	d := &w.find(node).disk
	full := slices.DeleteFunc(slices.Clone(d.files), func(f *file) bool { return len(f.durable) == 0 })
	if len(full) == 0 {
		d.flips = append(d.flips, flip{})
		return
	}
	f := full[rng.Below(rng.Mix(draw, 0), uint64(len(full)))]
	bit := flip{name: f.name, at: int(rng.Below(rng.Mix(draw, 1), uint64(len(f.durable)+1)/2)), mask: 1 << rng.Below(rng.Mix(draw, 2), 8)}
	d.turn(f, &bit)
	bit.content = f.durable
	d.flips = append(d.flips, bit)
}

// turn turns a bit around, in new memory: what a process has read stays as it was.
func (d *disk) turn(f *file, bit *flip) {
	f.current, f.durable = slices.Clone(f.current), slices.Clone(f.durable)
	f.current[bit.at] ^= bit.mask
	f.durable[bit.at] ^= bit.mask
}

// MendBit undoes the last FlipBit. If the node has ended of it, it boots a second after the last.
func (w *World) MendBit(node string) {
	e := w.find(node)
	d := &e.disk
	last := len(d.flips) - 1
	if last < 0 {
		panic("sim: mending a bit of " + node + ", which is not damaged")
	}
	bit := d.flips[last]
	d.flips = d.flips[:last]
	if f := d.find(bit.name, false); f != nil && len(bit.content) > 0 && bytes.HasPrefix(f.durable, bit.content) && bytes.HasPrefix(f.current, bit.content) {
		d.turn(f, &bit)
	}
	e.rebootIfFit()
}

// LoseDisk takes all files.
func (w *World) LoseDisk(node string) { w.find(node).disk.files = nil }

// KeepDisk copies what is durable.
func (w *World) KeepDisk(node string) {
	d := &w.find(node).disk
	d.image = nil
	for _, f := range d.files {
		if f.exists {
			d.image = append(d.image, &file{name: f.name, current: f.durable, durable: f.durable, exists: true})
		}
	}
}

// RestoreDisk puts the copy back.
func (w *World) RestoreDisk(node string) {
	d := &w.find(node).disk
	d.files = nil
	for _, f := range d.image {
		copied := *f
		copied.current, copied.durable = slices.Clone(f.current), slices.Clone(f.durable)
		d.files = append(d.files, &copied)
	}
}
