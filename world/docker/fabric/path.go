package fabric

import (
	"sync"
	"time"

	"cleave/internal/link"
	"cleave/internal/rng"
)

// mostWaiting bounds the memory of the frames that wait on a link, in bytes; more are thrown away.
const mostWaiting = 16 << 20

// ends names a directed link.
type ends struct{ from, to string }

// path is a directed link with the frames that are under way on it. Its mutex is held while a frame is
// written to the target, so that after a Cut has returned nothing arrives any more.
//
//	reader ──forward──▶ the link decides ──┬─ due, and none before it waits ──────────▶ target's TAP
//	                                       └─ schedule, until due ──▶ cut by now? ──▶ target's TAP
type path struct {
	ends
	owner *Switch
	key   uint64 // of where frames are damaged

	mutex   sync.Mutex
	quality link.Quality // without disturbances
	link    *link.Link
	target  *endpoint     // nil while it is detached
	floor   time.Duration // no frame in turn arrives before the one sent earlier
	inTurn  int           // frames that wait and must not be overtaken
	waiting int           // all frames that wait

	bytes, delivered, overflowed, unclaimed int64
}

// damageKey keeps the place of damage apart from the link's own decisions.
const damageKey = 0xda3a6e

func newPath(owner *Switch, between ends) *path {
	seed := owner.options.Seed
	p := &path{ends: between, owner: owner, key: rng.Mix(seed, damageKey, rng.Text(between.from), rng.Text(between.to))}
	p.link = link.New(seed, between.from, between.to, &p.quality)
	return p
}

// improve sets what the link is without disturbances.
func (p *path) improve(quality link.Quality) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.quality = quality
}

// lead sets where the link leads.
func (p *path) lead(target *endpoint) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.target = target
}

// forward takes a frame in. Only the reader of the link's source calls it.
func (p *path) forward(frame []byte, packet packet) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	now := p.owner.now()
	fate := p.link.Transmit(now, len(frame))
	if !fate.Passes {
		return
	}
	if fate.Corrupt {
		damage(frame, packet, rng.Mix(p.key, fate.Number))
	}
	arrival := max(fate.Arrival, p.floor)
	if fate.Held > 0 {
		p.hold(frame, arrival+fate.Held, false)
	} else {
		p.floor = arrival
		p.pass(frame, now, arrival, true)
	}
	if fate.Twice {
		p.pass(frame, now, max(arrival, fate.Second), false)
	}
}

// pass delivers a frame now, if it is due and none waits before it; else it has to wait.
func (p *path) pass(frame []byte, now, arrival time.Duration, inTurn bool) {
	if p.inTurn == 0 && arrival <= now {
		p.deliver(frame)
	} else {
		p.hold(frame, arrival, inTurn)
	}
}

// hold has a frame wait.
func (p *path) hold(frame []byte, due time.Duration, inTurn bool) {
	if p.waiting >= mostWaiting/largestFrame {
		p.overflowed++
		return
	}
	p.waiting++
	if inTurn {
		p.inTurn++
	}
	p.owner.schedule.add(p, frame, due, inTurn)
}

// arrive delivers a frame that has waited, if the link was not cut meanwhile.
func (p *path) arrive(held *heldFrame) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.waiting--
	if held.inTurn {
		p.inTurn--
	}
	if _, cut := p.link.IsCut(); cut {
		p.link.Drop()
		return
	}
	p.deliver(held.data[:held.size])
}

// deliver writes a frame to the target's device.
func (p *path) deliver(frame []byte) {
	if p.target == nil {
		p.unclaimed++
		return
	}
	if _, err := p.target.device.Write(frame); err != nil {
		p.unclaimed++ // the device is down, or goes this moment
		return
	}
	p.delivered++
	p.bytes += int64(len(frame))
	if capture := p.owner.capture; capture != nil {
		capture.add(frame)
	}
}
