package sim

import (
	"time"

	"cleave/history"
	"cleave/internal/link"
)

// transmit decides about one message of a connection: whether it gets through, and when it would arrive.
// One that goes along is in the packet of the one before it.
func (w *World) transmit(l *link.Link, size int, along bool) (arrival history.Time, passes bool) {
	var fate link.Fate
	if along {
		fate = l.Along(w.now.Duration(), size)
	} else {
		fate = l.Stream(w.now.Duration(), size)
	}
	return history.Time(fate.Arrival), fate.Passes
}

// isCut tells whether a link passes nothing.
func isCut(l *link.Link) bool {
	_, cut := l.IsCut()
	return cut
}

// severed tells whether nothing passes between two clients because nothing does between their hosts: faults name only links
// that have a node at one end.
func (w *World) severed(from, to *endpoint) bool {
	return from.client != nil && to.client != nil && from.host != to.host && isCut(w.link(w.find(from.host), w.find(to.host)))
}

// line keeps the datagrams of a link in turn, unless Options.Overtaking: what arrives earlier than one before it waits for that.
type line struct {
	*link.Link
	floor time.Duration
	last  []byte // the datagram that was sent last
	sent  history.Time
}

// sendDatagram sends once, perhaps twice, perhaps late, perhaps not at all. One that is damaged is thrown
// away where it arrives.
func (w *World) sendDatagram(from, to *endpoint, payload []byte) {
	l, number := w.line(from, to), w.sendingDatagram()
	l.last, l.sent = payload, w.now
	fate := l.Transmit(w.now.Duration(), len(payload))
	if !fate.Passes || fate.Corrupt || w.severed(from, to) {
		w.trace("drop", from, to, len(payload))
		w.passedDatagram(from, to, segment{number: number, payload: payload}, true)
		return
	}
	arrival := fate.Arrival + fate.Held
	if fate.Held == 0 && !w.options.Overtaking {
		l.floor = max(l.floor, arrival)
		arrival = l.floor
	}
	w.pushDatagram(history.Time(arrival), from, to, segment{number: number, payload: payload})
	if fate.Twice {
		w.pushDatagram(history.Time(max(fate.Second, arrival)), from, to, segment{number: number, payload: payload})
	}
}

func (w *World) pushDatagram(at history.Time, from, to *endpoint, datagram segment) {
	e := w.own(at, datagramEvent, to)
	e.from, e.segment = from, datagram
}

// arriveDatagram hands a datagram over, if the link was not cut on the way and somebody is there.
func (w *World) arriveDatagram(e *event) {
	if l := w.link(e.from, e.target); isCut(l) || w.severed(e.from, e.target) {
		l.Drop()
		w.trace("drop", e.from, e.target, len(e.segment.payload))
		w.passedDatagram(e.from, e.target, e.segment, true)
		return
	}
	w.passedDatagram(e.from, e.target, e.segment, false)
	from, payload := e.from.name, e.segment.payload
	if e.target.held() {
		e.target.postpone(func(process processCalls) { process.Datagram(from, payload) })
	} else if e.target.alive() {
		e.target.enter().Datagram(from, payload)
	}
}
