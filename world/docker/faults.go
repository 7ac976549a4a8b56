package docker

import (
	"time"

	"cleave/internal/link"
	"cleave/world"
)

// Cut stops a directed link, at once.
func (w *World) Cut(from, to string) { w.network.Cut(from, to) }

// Mend undoes one Cut.
func (w *World) Mend(from, to string) { w.network.Mend(from, to) }

// Dropped is how many frames a directed link lost to cuts.
func (w *World) Dropped(from, to string) int64 { return w.network.Dropped(from, to) }

// Disturb makes a directed link worse.
func (w *World) Disturb(from, to string, by link.Quality) { w.network.Disturb(from, to, by) }

// Calm undoes one Disturb.
func (w *World) Calm(from, to string, by link.Quality) { w.network.Calm(from, to, by) }

// Disturbed is how many frames of a directed link disturbances have touched.
func (w *World) Disturbed(from, to string) int64 { return w.network.Disturbed(from, to) }

// The rest ask for something that takes an engine its time: it is done soon after.

// Kill ends a node's process, as kill -9. What it wrote and did not sync is not lost.
func (w *World) Kill(name string) {
	n := w.find(name)
	n.kills++
	n.leading = false
	n.want(func(s *state) { s.life, s.runs = s.life+1, false })
}

// Restart undoes one Kill.
func (w *World) Restart(name string) {
	n := w.find(name)
	n.kills = undone(n.kills, "restarting", name)
	runs := n.kills == 0
	if runs && n.layer != nil {
		n.layer.Spare()
	}
	n.want(func(s *state) { s.runs = runs })
}

// PowerOff ends a node's process and loses what was not synced.
func (w *World) PowerOff(name string) {
	n := w.find(name)
	n.kills++
	n.leading = false
	n.want(func(s *state) { s.life, s.outages, s.runs = s.life+1, s.outages+1, false })
}

// PowerOn undoes one PowerOff.
func (w *World) PowerOn(name string) { w.Restart(name) }

// Pause stops a node from running.
func (w *World) Pause(name string) {
	n := w.find(name)
	n.pauses++
	n.want(func(s *state) { s.paused = true })
}

// Resume undoes one Pause.
func (w *World) Resume(name string) {
	n := w.find(name)
	n.pauses = undone(n.pauses, "resuming", name)
	paused := n.pauses > 0
	n.want(func(s *state) { s.paused = paused })
}

// Fill leaves no room on a node's disk.
func (w *World) Fill(name string) {
	n := w.find(name)
	n.fills++
	n.want(func(s *state) { s.full = true })
}

// Drain undoes one Fill.
func (w *World) Drain(name string) {
	n := w.find(name)
	n.fills = undone(n.fills, "draining", name)
	full := n.fills > 0
	n.want(func(s *state) { s.full = full })
}

// Skew moves the wall clocks of a node and of the clients beside it.
func (w *World) Skew(name string, offset time.Duration) {
	w.find(name).want(func(s *state) { s.offset += offset })
	for _, u := range w.users {
		if u.host == name {
			u.offset.Add(int64(offset))
		}
	}
}

// Expel has a node leave the membership: all nodes are told.
func (w *World) Expel(name string) {
	w.find(name).outs++
	w.enlist()
}

// Admit undoes one Expel.
func (w *World) Admit(name string) {
	n := w.find(name)
	n.outs = undone(n.outs, "admitting", name)
	w.enlist()
}

// Renew takes all files of a node that is down, and makes it another member: those that run are told, the others
// know it when they start.
func (w *World) Renew(name string) {
	w.LoseDisk(name)
	w.find(name).renewals++
	w.enlist()
}

func (w *World) enlist() {
	var roll world.Roll
	for _, n := range w.nodes {
		if n.outs > 0 {
			roll.Out = append(roll.Out, n.name)
		}
		for range n.renewals {
			roll.Renewed = append(roll.Renewed, n.name)
		}
	}
	for _, n := range w.nodes {
		n.want(func(s *state) { s.roll = roll })
	}
}

func (w *World) find(name string) *node {
	n := w.byName[name]
	if n == nil {
		panic("docker: nobody is named " + name)
	}
	return n
}

// undone is a count after one less.
func undone(count int, doing, name string) int {
	if count == 0 {
		panic("docker: " + doing + " " + name + " once too often")
	}
	return count - 1
}
