package sim

import (
	"cleave/history"
	"cleave/world"
)

var _ world.Inspected = (*World)(nil)

// InFlight are the messages that are on a link just now. Those that wait for a cut to end are not.
func (w *World) InFlight() []world.Message {
	var all []world.Message
	for _, entry := range w.queue.heap {
		e := &w.queue.slab[entry.slot]
		from := e.from
		switch {
		case e.kind == segmentEvent && e.segment.kind == dataSegment:
			from = e.side.peer.owner
		case e.kind != datagramEvent:
			continue
		}
		all = append(all, world.Message{From: from.name, To: e.target.name, FromNode: from.client == nil, ToNode: e.target.client == nil,
			Payload: e.segment.payload})
	}
	return all
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
