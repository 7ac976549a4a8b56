package apregistry

import "time"

// preservation decides whether leases may expire at all. When more heartbeats are missing than a few
// crashes explain, a node takes it for a fault of the network and keeps every instance.
//
// In the plain profile it is not heartbeats that are counted but instances: those that were heard of
// within half of their lease. Half, because a cut is then noticed before the first lease ends. That a peer
// does not answer is a sign of a cut too: then even few are kept, and many for as long as it lasts. If every
// peer answers, the network is whole and whoever none of them hears is dead, and goes after another lease. A
// node without peers has nobody to ask, and waits longer.
type preservation struct {
	options   Options
	bug       string
	loose     bool  // planted bug: as many as the threshold are enough
	expected  int64 // clients that should send heartbeats
	threshold int64 // heartbeats per bucket that must be exceeded; plain: instances that must be heard
	current   int64 // heartbeats in the bucket that is filling
	last      int64 // heartbeats in the last whole bucket; plain: instances heard

	quorate bool          // plain: leases may expire, as of the last survey
	state   missing       // plain: what that survey found
	since   time.Duration // plain: since when it is so
	missed  bool          // plain: somebody was missing
	wasCut  bool          // plain: a peer did not answer
	cutAt   time.Duration // plain: when last
}

// expect sets how many clients should send heartbeats. Boot and recount do so outright.
func (p *preservation) expect(clients int64) {
	p.expected = clients
	if p.options.Profile == Plain {
		p.threshold = (clients*int64(p.options.RenewalPercent) + 99) / 100
		return
	}
	share, whole := clients*int64(p.options.RenewsBucket)*int64(p.options.RenewalPercent), int64(p.options.RenewalInterval)*100
	if p.bug == bugThresholdRounded {
		share += whole - 1
	}
	p.threshold = share / whole
}

// joined counts a new registration, but only from 1 upwards: a node that booted with nobody to
// expect learns its number from the first recount alone.
func (p *preservation) joined() {
	if p.expected > 0 {
		p.expect(p.expected + 1)
	}
}

// left counts a cancel or an eviction.
func (p *preservation) left() {
	if p.expected > 0 {
		p.expect(p.expected - 1)
	}
}

// renewed counts one heartbeat, a client's or a peer's.
func (p *preservation) renewed() { p.current++ }

// turn ends a bucket.
func (p *preservation) turn() {
	if p.options.Profile != Plain {
		p.last, p.current = p.current, 0
	}
	if p.bug == bugExpectsTheLiving {
		p.expect((p.last*int64(p.options.RenewalInterval) + int64(p.options.RenewsBucket) - 1) / int64(p.options.RenewsBucket))
	}
}

// recount adopts the size of the registry, unless so many are missing that they may be unreachable.
func (p *preservation) recount(registered int64) {
	if p.options.Profile == Plain {
		return // every survey counts
	}
	if registered*100 > p.expected*int64(p.options.RenewalPercent) || !p.options.SelfPreservation {
		p.expect(registered)
	}
}

// expires tells whether leases may end. The comparison is strict: at the threshold itself, nobody
// goes.
func (p *preservation) expires() bool {
	switch {
	case !p.options.SelfPreservation:
		return true
	case p.options.Profile == Plain:
		return p.quorate
	case p.loose:
		return p.threshold > 0 && p.last >= p.threshold
	}
	return p.threshold > 0 && p.last > p.threshold
}

// survey is how the plain profile decides. Few are missing if those heard are as many as the threshold, or
// all but one. When a peer answers again, everybody has the time of a lease to be heard of.
//
//	missing  every peer answers      there are no peers  a peer does not answer
//	nobody   leases may end          leases may end      leases may end
//	few      leases may end          leases may end      after the limit
//	many     after another lease     after the limit     never
func (p *preservation) survey(registered, heard int64, peers, answering int, now time.Duration) {
	p.expect(registered)
	p.last = heard
	few, cut := heard >= p.threshold || registered-heard <= 1, answering < peers
	if cut {
		p.wasCut, p.cutAt = true, now
	}
	state := missing{few, cut}
	if heard == registered || state != p.state || !p.missed {
		p.state, p.since = state, now
	}
	p.missed = heard < registered
	lasted := now - p.since
	switch {
	case !p.missed:
		p.quorate = true
	case cut && !few:
		p.quorate = false
	case cut || !few && peers == 0:
		p.quorate = lasted >= p.options.PreservationLimit
	default:
		p.quorate = (few || lasted >= p.options.LeaseDuration) && (!p.wasCut || now-p.cutAt >= p.options.LeaseDuration)
	}
}

// missing is how the plain profile found things: whether few were missing, and whether a peer was.
type missing struct{ few, cut bool }

// survey counts, in the plain profile, the instances that were heard of within half of their lease.
func (r *registry) survey(peers, answering int, now time.Duration) {
	if !r.plain {
		return
	}
	heard := int64(0)
	for _, held := range r.leases {
		if now <= held.lastUpdate+held.duration/2 {
			heard++
		}
	}
	r.preservation.survey(int64(len(r.leases)), heard, peers, answering, now)
}
