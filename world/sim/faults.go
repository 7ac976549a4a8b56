package sim

import (
	"time"

	model "cleave/internal/link"
	"cleave/world"
)

var _ world.World = (*World)(nil)

// Cut stops a directed link. Segments on their way are lost too, and are sent again after it.
func (w *World) Cut(from, to string) {
	l := w.link(w.find(from), w.find(to))
	if l.cuts == 0 {
		l.cutSince = w.now
	}
	l.cuts++
}

// Mend undoes one Cut.
func (w *World) Mend(from, to string) {
	l := w.link(w.find(from), w.find(to))
	if l.cuts == 0 {
		panic("sim: mending " + from + ">" + to + ", which is not cut")
	}
	l.cuts--
}

// Dropped is how many messages a directed link lost to cuts.
func (w *World) Dropped(from, to string) int64 { return w.link(w.find(from), w.find(to)).dropped }

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
	if e.kills == 0 && !e.alive() {
		e.start()
	}
	w.running = nil
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
	if e.paused == 0 {
		e.catchUp()
	}
	w.running = nil
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

// Disturb makes a directed link worse.
func (w *World) Disturb(from, to string, by model.Quality) { panic("sim: not built yet") }

// Calm undoes one Disturb.
func (w *World) Calm(from, to string, by model.Quality) { panic("sim: not built yet") }

// Disturbed is how many messages disturbances have touched.
func (w *World) Disturbed(from, to string) int64 { return 0 }

// PowerOff crashes a node: unsynced writes are lost.
func (w *World) PowerOff(node string) { w.Kill(node) }

// PowerOn undoes one PowerOff.
func (w *World) PowerOn(node string) { w.Restart(node) }

// Fill leaves no room on a node's disk.
func (w *World) Fill(node string) { panic("sim: not built yet") }

// Drain undoes one Fill.
func (w *World) Drain(node string) { panic("sim: not built yet") }
