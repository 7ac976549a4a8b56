package apregistry

// preservation decides whether leases may expire at all. When more heartbeats are missing than a few
// crashes explain, a node takes it for a fault of the network and keeps every instance.
type preservation struct {
	options   Options
	expected  int64 // clients that should send heartbeats
	threshold int64 // heartbeats per bucket that must be exceeded
	current   int64 // heartbeats in the bucket that is filling
	last      int64 // heartbeats in the last whole bucket
}

// expect sets how many clients should send heartbeats. Boot and recount do so outright.
func (p *preservation) expect(clients int64) {
	p.expected = clients
	p.threshold = clients * int64(p.options.RenewsBucket) * int64(p.options.RenewalPercent) / (int64(p.options.RenewalInterval) * 100)
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
func (p *preservation) turn() { p.last, p.current = p.current, 0 }

// recount adopts the size of the registry, unless so many are missing that they may be unreachable.
func (p *preservation) recount(registered int64) {
	if registered*100 > p.expected*int64(p.options.RenewalPercent) || !p.options.SelfPreservation {
		p.expect(registered)
	}
}

// expires tells whether leases may end. The comparison is strict: at the threshold itself, nobody
// goes.
func (p *preservation) expires() bool {
	return !p.options.SelfPreservation || p.threshold > 0 && p.last > p.threshold
}
