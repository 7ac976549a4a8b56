package sim

import (
	"time"

	"cleave/internal/link"
	"cleave/world"
)

var _ world.World = (*World)(nil)

// Cut stops a directed link. Segments on their way are lost too, and are sent again after it.
func (w *World) Cut(from, to string) { w.between(from, to).Cut(w.now.Duration()) }

// Mend undoes one Cut.
func (w *World) Mend(from, to string) {
	if !w.between(from, to).Mend() {
		panic("sim: mending " + from + ">" + to + ", which is not cut")
	}
}

// Dropped is how many messages a directed link lost to cuts.
func (w *World) Dropped(from, to string) int64 { return w.between(from, to).Dropped() }

// Disturb makes a directed link worse. Messages on their way are not touched.
func (w *World) Disturb(from, to string, by link.Quality) { w.between(from, to).Disturb(by) }

// Calm undoes one Disturb of an equal quality.
func (w *World) Calm(from, to string, by link.Quality) {
	if !w.between(from, to).Calm(by) {
		panic("sim: calming " + from + ">" + to + ", which is not so disturbed")
	}
}

// Disturbed is how many messages of a directed link disturbances have lost, delayed, doubled or held back.
// Those of connections are not doubled, and not held back.
func (w *World) Disturbed(from, to string) int64 { return w.between(from, to).Disturbed() }

func (w *World) between(from, to string) *link.Link { return w.link(w.find(from), w.find(to)) }

// Kill crashes a node.
func (w *World) Kill(node string) {
	e := w.find(node)
	e.kills++
	e.crash()
}

// Restart undoes one Kill; after the last the node boots from its disk.
func (w *World) Restart(node string) {
	e := w.find(node)
	if e.kills == 0 {
		panic("sim: restarting " + node + ", which was not killed")
	}
	e.kills--
	if e.kills == 0 {
		e.disk.doom = nil
		if !e.alive() {
			w.apart(e.start)
		}
	}
}

// Pause stops a node from running.
func (w *World) Pause(node string) { w.find(node).paused++ }

// Resume undoes one Pause; after the last the node works off what came meanwhile.
func (w *World) Resume(node string) {
	e := w.find(node)
	if e.paused == 0 {
		panic("sim: resuming " + node + ", which is not paused")
	}
	e.paused--
	if e.paused == 0 && e.slow == 0 {
		w.apart(e.catchUp)
	}
	e.rouse()
}

// Skew moves the wall clocks of a node and of the clients beside it.
func (w *World) Skew(node string, offset time.Duration) {
	host := w.find(node).host
	for _, e := range w.endpoints {
		if e.host == host {
			e.offset += offset
		}
	}
}

// PowerOff crashes a node: unsynced writes are lost.
func (w *World) PowerOff(node string) { w.Kill(node) }

// PowerOn undoes one PowerOff.
func (w *World) PowerOn(node string) { w.Restart(node) }

// Fill leaves no room on a node's disk.
func (w *World) Fill(node string) { w.find(node).disk.full++ }

// Drain undoes one Fill. If the node has ended of it, it boots a second after the last.
func (w *World) Drain(node string) {
	e := w.find(node)
	if e.disk.full == 0 {
		panic("sim: draining the disk of " + node + ", which is not full")
	}
	e.disk.full--
	e.rebootIfFit()
}
