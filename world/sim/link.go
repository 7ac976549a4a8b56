package sim

import (
	"time"

	"cleave/history"
	"cleave/internal/rng"
)

// link is one direction between two endpoints.
type link struct {
	from, to *endpoint
	key      uint64 // randomness of this link: the seed and both names
	quality  *Quality
	sent     uint64 // transmissions so far: the n that keys the next decision
	cuts     int    // how many faults hold it cut
	cutSince history.Time
	dropped  int64 // messages lost to cuts
	lost     int64 // messages lost by chance
}

// The decisions taken for one transmission, so that each has randomness of its own.
const (
	decideLatency = iota
	decideLoss
	decideDuplicate
	decideReorder
)

func (l *link) draw(n, decision uint64) uint64 { return rng.Mix(l.key, n, decision) }

func (l *link) happens(chance Chance, n, decision uint64) bool {
	return chance.Of > 0 && rng.Below(l.draw(n, decision), chance.In) < chance.Of
}

func (s Spread) pick(random uint64) time.Duration {
	return s.Least + time.Duration(rng.Below(random, uint64(s.Jitter)+1))
}

// transmit decides about one message: whether it gets through, and when it would arrive. Every drop
// is counted.
func (l *link) transmit(now history.Time) (arrival history.Time, n uint64, passes bool) {
	n = l.sent
	l.sent++
	if l.cuts > 0 {
		l.dropped++
		return 0, n, false
	}
	if l.happens(l.quality.Loss, n, decideLoss) {
		l.lost++
		return 0, n, false
	}
	return now + history.Time(l.quality.Latency.pick(l.draw(n, decideLatency))), n, true
}

// sendDatagram sends once, perhaps twice, perhaps late, perhaps not at all.
func (w *World) sendDatagram(from, to *endpoint, payload []byte) {
	l := w.link(from, to)
	arrival, n, passes := l.transmit(w.now)
	if !passes {
		w.trace("drop", from, to, len(payload))
		return
	}
	if l.happens(l.quality.Reorder, n, decideReorder) {
		held := Spread{Jitter: 4 * (l.quality.Latency.Least + l.quality.Latency.Jitter)}
		arrival += history.Time(held.pick(l.draw(n, decideReorder+1)))
	}
	arrive := event{kind: datagramEvent, target: to, life: to.life, from: from, segment: segment{payload: payload}}
	w.push(arrival, arrive)
	if l.happens(l.quality.Duplicate, n, decideDuplicate) {
		w.push(arrival+history.Time(l.quality.Latency.pick(l.draw(n, decideDuplicate+2))), arrive)
	}
}

// arriveDatagram hands a datagram over, if the link was not cut on the way and somebody is there.
func (w *World) arriveDatagram(e *event) {
	if l := w.link(e.from, e.target); l.cuts > 0 {
		l.dropped++
		w.trace("drop", e.from, e.target, len(e.segment.payload))
		return
	}
	from, payload := e.from.name, e.segment.payload
	if e.target.paused > 0 {
		e.target.postpone(func(process processCalls) { process.Datagram(from, payload) })
	} else if e.target.alive() {
		e.target.enter().Datagram(from, payload)
	}
}
