package apregistry

import "time"

// lease is an instance in the registry and the time it may stay there without a heartbeat. Times are the
// registry's clock.
type lease struct {
	instance   instance
	duration   time.Duration
	registered time.Duration
	lastUpdate time.Duration // a renewal puts it one duration into the future, but not in the plain profile
	changed    time.Duration
	up         time.Duration // when it was first up
	wasUp      bool
	ended      bool   // it is in the registry no longer
	change     change // what last happened to it
	next       *lease // the one that was named after it in the last message; it may have ended
}

// renew prolongs the lease. Eureka puts the last update into the future, and expired adds the
// duration again: a renewed lease lasts twice its duration. That is Eureka's documented mistake,
// which will not be corrected because everybody depends on it (Lease.java). The plain profile has it
// last once.
func (l *lease) renew(now time.Duration, plain bool) {
	l.lastUpdate = now
	if !plain {
		l.lastUpdate += l.duration
	}
}

// expired tells whether the lease has ended. Grace is what a late eviction run allows on top.
func (l *lease) expired(now, grace time.Duration) bool {
	return now > l.lastUpdate+l.duration+grace
}

// leaseDuration is what the instance asks for, or the registry's own.
func (o *Options) leaseDuration(i *instance) time.Duration {
	if i.more != nil && i.more.Lease.Duration > 0 {
		return time.Duration(i.more.Lease.Duration) * time.Second
	}
	return o.LeaseDuration
}

// shown is the instance as lists have it. If there is more of it, it has the times of the lease, as the
// wall clock of the node would have them, which is ahead of the registry's by an offset.
func (l *lease) shown(offset time.Duration) (i instance) {
	l.show(&i, offset)
	return i
}

// show writes what shown gives.
func (l *lease) show(i *instance, offset time.Duration) {
	*i = l.instance
	i.change = l.change
	if i.more == nil {
		return
	}
	i.times = &times{updated: int64(l.changed + offset), registered: int64(l.registered + offset), renewed: int64(l.lastUpdate + offset)}
	if l.wasUp {
		i.times.up = int64(l.up + offset)
	}
	if l.change == deleted {
		i.times.evicted = int64(l.changed + offset)
	}
}
