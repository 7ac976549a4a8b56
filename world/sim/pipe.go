package sim

import (
	"time"

	"cleave/history"
	"cleave/internal/link"
	"cleave/world"
)

// segment is what a connection carries: a message, or word about the connection itself.
type segment struct {
	kind    segmentKind
	number  uint64 // position in its pipe
	payload []byte
}

type segmentKind uint8

const (
	dataSegment   segmentKind = iota
	acceptSegment             // the answer to a dial
	endSegment                // the other side closed in good order
	resetSegment              // the other side is gone
)

// pipe is one direction of a connection. As in TCP, messages arrive once and in order; one that is
// lost, or meets a cut, holds up all behind it until a retransmission gets through.
//
//	sent      1   2   3          4
//	          |    \   \  (2 is lost: 3 arrives and waits, 4 waits at the sender)
//	arrives   1     x   .....2 3 4      after the wait for a retransmission
type pipe struct {
	link       *link.Link
	next       uint64       // number of the next segment
	floor      history.Time // nothing arrives before what was sent earlier
	stalled    bool
	since      history.Time // when the stall began
	wait       time.Duration
	waiting    []segment          // not delivered yet, in order
	unanswered history.Time       // when data first went out while no answer could come back; 0 if answers come
	passages   map[uint64]passage // by number, if somebody follows messages
	last       []byte             // the message that was sent last
	lastSent   history.Time
}

// send takes a segment in. It is delivered later, or waits.
func (s *side) send(kind segmentKind, payload []byte) {
	s.out.next++
	s.sending(s.out.next)
	s.forward(segment{kind: kind, number: s.out.next, payload: payload}, false)
}

// forward puts a segment on the link, perhaps in the packet of the one before it, or behind those that
// already wait.
func (s *side) forward(segment segment, along bool) {
	w, p := s.world, &s.out
	if p.stalled {
		p.insert(segment)
		return
	}
	arrival, passes := w.transmit(p.link, len(segment.payload), along)
	if !passes {
		w.trace("drop", s.owner, s.peer.owner, len(segment.payload))
		s.passed(segment, true)
		s.stall(segment)
		return
	}
	p.floor = max(p.floor, arrival)
	arrive := w.push(p.floor, segmentEvent)
	arrive.target, arrive.side, arrive.segment = s.peer.owner, s.peer, segment
	s.watchAnswers()
}

// stall begins to hold segments back until a retransmission gets through.
func (s *side) stall(segment segment) {
	p := &s.out
	p.insert(segment)
	if p.stalled {
		return
	}
	p.stalled = true
	p.since = s.world.now
	p.wait = firstRetransmit
	s.world.push(s.world.now+history.Time(p.wait), retryEvent).side = s
}

// insert keeps waiting segments in order: one that was under way when a cut began comes back after
// later ones were queued.
func (p *pipe) insert(new segment) {
	p.waiting = append(p.waiting, new)
	for i := len(p.waiting) - 1; i > 0 && p.waiting[i-1].number > p.waiting[i].number; i-- {
		p.waiting[i-1], p.waiting[i] = p.waiting[i], p.waiting[i-1]
	}
}

// retry is the retransmission timer. It gives the connection up when nothing has got through for too
// long.
func (s *side) retry() {
	w, p := s.world, &s.out
	if !p.stalled {
		return
	}
	if w.now-p.since >= history.Time(resetAfter) {
		s.abort(world.TimedOut)
		return
	}
	if isCut(p.link) {
		p.link.Drop()
		w.trace("drop", s.owner, s.peer.owner, len(p.waiting[0].payload))
		p.wait = min(2*p.wait, longestRetransmit)
		w.push(w.now+history.Time(p.wait), retryEvent).side = s
		return
	}
	waiting := p.waiting
	p.waiting, p.stalled = nil, false
	room := 0 // in the packet before
	for _, segment := range waiting {
		size := len(segment.payload)
		along := size < room
		if !along {
			room = packetSize
		}
		room -= size
		s.forward(segment, along)
	}
}

// watchAnswers remembers that data went out while the way back was cut: it arrives, but the
// acknowledgements do not, and after resetAfter the sender gives up.
func (s *side) watchAnswers() {
	p, back := &s.out, s.peer.out.link
	if !isCut(back) || p.unanswered != 0 {
		return
	}
	p.unanswered = s.world.now
	s.world.push(s.world.now+history.Time(resetAfter), ackEvent).side = s
}

func (s *side) checkAnswers() {
	p, back := &s.out, s.peer.out.link
	since := p.unanswered
	p.unanswered = 0
	if began, cut := back.IsCut(); cut && history.Time(began) <= since {
		s.abort(world.TimedOut)
	}
}

// arrive is called at the receiving side when a segment comes off the link.
func (s *side) arrive(segment segment) {
	w, sender := s.world, s.peer
	// What was lost holds up what was sent after it, not before.
	if cut := isCut(sender.out.link); cut || sender.out.stalled && sender.out.waiting[0].number < segment.number {
		if cut {
			sender.out.link.Drop()
			w.trace("drop", sender.owner, s.owner, len(segment.payload))
			sender.passed(segment, true)
		}
		sender.stall(segment)
		return
	}
	if s.state == closed {
		if segment.kind == dataSegment && sender.state == open {
			s.send(resetSegment, nil) // nobody is there any more: the answer to data is a reset
		}
		return
	}
	if segment.number != s.in+1 && segment.kind != resetSegment {
		return // the sender gave up on what came before: the rest of its stream is worth nothing
	}
	s.in = segment.number
	w.hash = absorbBytes(w.hash, segment.payload)
	sender.passed(segment, false)
	s.deliver(segment)
}
