package sim

import (
	"cleave/history"
	"cleave/world"
)

// passage is a message that was sent while somebody follows them.
type passage struct {
	id   uint64
	sent history.Time
}

// sending notes when a message was sent, if somebody follows them.
func (s *side) sending(number uint64) {
	w := s.world
	if w.options.Passed == nil {
		return
	}
	if s.out.passages == nil {
		s.out.passages = map[uint64]passage{}
	}
	w.passages++
	s.out.passages[number] = passage{w.passages, w.now}
}

// passed tells what became of a message that this side has sent.
func (s *side) passed(segment segment, lost bool) {
	w := s.world
	if w.options.Passed == nil || segment.kind != dataSegment {
		return
	}
	w.tell(s.out.passages[segment.number], s.owner, s.peer.owner, segment.payload, lost)
}

func (w *World) tell(p passage, from, to *endpoint, payload []byte, lost bool) {
	w.options.Passed(world.Passage{ID: p.id, Sent: p.sent, Ended: w.now, Lost: lost, Message: message(from, to, payload)})
}

// message is what one endpoint says to another.
func message(from, to *endpoint, payload []byte) world.Message {
	return world.Message{From: from.name, To: to.name, FromNode: from.node(), ToNode: to.node(), Payload: payload}
}

// sendingDatagram gives a datagram a number, and notes when it was sent, if somebody follows them.
func (w *World) sendingDatagram() (number uint64) {
	if w.options.Passed == nil {
		return 0
	}
	w.passages++
	w.datagrams[w.passages] = passage{w.passages, w.now}
	return w.passages
}

// passedDatagram tells what became of a datagram. One that nobody was there to take has arrived all the same.
func (w *World) passedDatagram(from, to *endpoint, datagram segment, lost bool) {
	if w.options.Passed != nil {
		w.tell(w.datagrams[datagram.number], from, to, datagram.payload, lost)
	}
}
