package sim

import (
	"time"

	"cleave/history"
	"cleave/world"
)

var _ world.Inspected = (*World)(nil)

// Recent are the messages that a node's connections are at.
func (w *World) Recent(node string, ago time.Duration) []world.Message {
	var all []world.Message
	for _, s := range w.find(node).sides {
		for _, way := range [2]*side{s, s.peer} {
			payload, sent := way.out.at(w.now - history.Time(ago))
			if sent {
				from, to := way.owner, way.peer.owner
				all = append(all, world.Message{From: from.name, To: to.name, FromNode: from.client == nil, ToNode: to.client == nil, Payload: payload})
			}
		}
	}
	return all
}

// at is the message that a pipe is at, if that was sent since.
func (p *pipe) at(since history.Time) (payload []byte, sent bool) {
	if len(p.waiting) > 0 && p.waiting[0].kind == dataSegment {
		return p.waiting[0].payload, true
	}
	return p.last, len(p.last) > 0 && p.lastSent >= since
}

// Phase is what a node says that it is at.
func (w *World) Phase(node string) string {
	e := w.find(node)
	phased, says := e.process.(world.Phased)
	switch {
	case !e.alive():
		return "down"
	case e.paused > 0:
		return "paused"
	case says:
		return phased.Phase()
	}
	return "up"
}

// Marks counts what processes have marked.
func (w *World) Marks() map[string]int { return w.marks }

// Mark counts a state.
func (e *endpoint) Mark(state string) { e.world.marks[state]++ }

// Step is the trace's event with the hash as it is now.
func (w *World) Step(t Trace) world.Step {
	return world.Step{At: history.Time(t.At), Kind: t.Kind, From: t.From, To: t.To, Size: t.Size, Hash: w.hash}
}
