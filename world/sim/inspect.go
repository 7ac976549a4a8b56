package sim

import (
	"time"

	"cleave/history"
	"cleave/world"
)

var _ world.Inspected = (*World)(nil)

// Recent are the messages that a node's connections are at, and its last datagrams.
func (w *World) Recent(node string, ago time.Duration) []world.Message {
	var all []world.Message
	for _, s := range w.find(node).sides {
		for _, way := range [2]*side{s, s.peer} {
			payload, sent := way.out.at(w.now - history.Time(ago))
			if sent {
				all = append(all, message(way.owner, way.peer.owner, payload))
			}
		}
	}
	return append(all, w.recentDatagrams(w.find(node), w.now-history.Time(ago))...)
}

// recentDatagrams are the last that a node has sent to each other endpoint, and been sent, since a time.
func (w *World) recentDatagrams(node *endpoint, since history.Time) []world.Message {
	var all []world.Message
	for _, other := range w.endpoints {
		for _, way := range [2][2]*endpoint{{node, other}, {other, node}} {
			if l := w.line(way[0], way[1]); len(l.last) > 0 && l.sent >= since {
				all = append(all, message(way[0], way[1], l.last))
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
