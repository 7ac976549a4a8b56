package apregistry

import (
	"time"

	"cleave/internal/rng"
)

// evict takes out instances whose lease has ended, if leases may end now, and gives their keys. Of a
// registry, at most the share that may be missing without self-preservation goes in one run, chosen at
// random so that no app goes as a whole; in the plain profile all go. Grace is by how much the run came
// late: the heartbeats of that time may not have been heard.
func (r *registry) evict(now, grace time.Duration, random *rng.Stream) []key {
	if !r.preservation.expires() {
		return nil
	}
	var ended []key
	for _, held := range r.leases {
		if held.expired(now, grace) {
			ended = append(ended, held.instance.key)
		}
	}
	limit := len(ended)
	if r.preservation.bug == bugLastStays {
		limit = max(limit-1, 0)
	}
	if !r.plain {
		size := len(r.leases)
		limit = min(limit, size-size*r.options.RenewalPercent/100)
	}
	for i := range limit {
		other := i + int(random.Below(int64(len(ended)-i)))
		ended[i], ended[other] = ended[other], ended[i]
		r.remove(ended[i], now)
		r.counts.evictions++
	}
	return ended[:limit]
}
