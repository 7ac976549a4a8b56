package sim

import (
	"cleave/history"
	"cleave/world"
)

type sideState uint8

const (
	dialling sideState = iota
	open
	closed
)

// side is one end of a connection. It implements world.Connection.
type side struct {
	world *World
	id    uint64
	owner *endpoint
	life  uint32 // the life of the owner that has it
	peer  *side
	state sideState
	out   pipe
	in    uint64       // number of the last segment that arrived
	since history.Time // when it was dialled
	tries int
}

// ID is unique in the world; both sides of a connection have it.
func (s *side) ID() uint64 { return s.id }

// Peer names the process on the other side.
func (s *side) Peer() string { return s.peer.owner.name }

// Send queues a message.
func (s *side) Send(message []byte) {
	if s.state == open {
		s.out.last, s.out.lastSent = message, s.world.now
		s.send(dataSegment, message)
	}
}

// Close ends the connection in good order.
func (s *side) Close() {
	if s.state == open {
		s.send(endSegment, nil)
	}
	s.state = closed
	s.owner.drop(s)
}

// connect makes both sides of a connection and sends the request.
func (w *World) connect(from, to *endpoint) *side {
	w.connections++
	near := &side{world: w, id: w.connections, owner: from, life: from.life, since: w.now}
	far := &side{world: w, id: w.connections, owner: to, state: closed}
	near.peer, far.peer = far, near
	near.out.link, far.out.link = w.link(from, to), w.link(to, from)
	from.sides = append(from.sides, near)
	near.request()
	return near
}

// request sends a connection request, and looks again later whether it was answered.
func (s *side) request() {
	w := s.world
	if arrival, passes := w.transmit(s.out.link, 0, false); passes {
		dial := w.push(arrival, dialEvent)
		dial.target, dial.side = s.peer.owner, s
	} else {
		w.trace("drop", s.owner, s.peer.owner, 0)
	}
	wait := firstDialRetry << s.tries
	s.tries++
	w.push(w.now+history.Time(wait), redialEvent).side = s
}

// redial repeats an unanswered request, until the dialler gives up.
func (s *side) redial() {
	switch {
	case s.state != dialling:
	case s.world.now-s.since >= history.Time(dialTimeout):
		s.abort(world.TimedOut)
	case s.peer.state == closed:
		s.request()
	default: // accepted, and the answer is on its way
		s.world.push(s.world.now+history.Time(firstDialRetry), redialEvent).side = s
	}
}

// requested is called at the dialled endpoint: the kernel accepts even for a process that is paused.
func (s *side) requested() {
	w, far := s.world, s.peer
	there := far.owner
	if s.state != dialling || far.state != closed {
		return
	}
	if isCut(s.out.link) {
		s.out.link.Drop()
		w.lost(s.owner, there)
		return
	}
	if !there.alive() {
		if arrival, passes := w.transmit(far.out.link, 0, false); passes {
			refusal := w.push(arrival, refusalEvent)
			refusal.target, refusal.side = s.owner, s
		}
		return
	}
	far.state = open
	far.life = there.life
	there.sides = append(there.sides, far)
	far.send(acceptSegment, nil)
	there.call(func(process processCalls) { process.Accepted(far) })
}

// refused is called at the dialler: nobody listens.
func (s *side) refused() {
	if s.state == dialling {
		s.abort(world.Refused)
	}
}

// deliver hands what arrived to the process.
func (s *side) deliver(segment segment) {
	switch segment.kind {
	case dataSegment:
		if !s.owner.held() { // the common way, without a closure
			s.owner.enter().Received(s, segment.payload)
			return
		}
		s.owner.postpone(func(process processCalls) {
			if s.state == open {
				process.Received(s, segment.payload)
			}
		})
	case acceptSegment:
		if s.state == dialling {
			s.state = open
			s.owner.call(func(process processCalls) {
				if s.state == open {
					process.Opened(s)
				}
			})
		}
	case endSegment:
		s.end(world.Ended)
	case resetSegment:
		s.end(world.Reset)
	}
}

// abort ends this side without a word to the other, which finds out when it next sends.
func (s *side) abort(reason world.CloseReason) {
	s.out.waiting, s.out.stalled = nil, false
	if s.state != closed {
		s.end(reason)
	}
}

// end closes this side and tells its process. What came before it, and waits for a paused process,
// is still handed over first.
func (s *side) end(reason world.CloseReason) {
	s.owner.drop(s)
	if !s.owner.held() {
		s.state = closed
		s.owner.call(func(process processCalls) { process.Closed(s, reason) })
		return
	}
	s.owner.postpone(func(process processCalls) {
		if s.state != closed {
			s.state = closed
			process.Closed(s, reason)
		}
	})
}
