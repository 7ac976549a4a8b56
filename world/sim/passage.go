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
	p := s.out.passages[segment.number]
	from, to := s.owner, s.peer.owner
	w.options.Passed(world.Passage{ID: p.id, Sent: p.sent, Ended: w.now, Lost: lost, Message: world.Message{From: from.name,
		To: to.name, FromNode: from.client == nil, ToNode: to.client == nil, Payload: segment.payload}})
}
