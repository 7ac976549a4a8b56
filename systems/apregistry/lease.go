package apregistry

import "time"

// lease is an instance in the registry and the time it may stay there without a heartbeat.
type lease struct {
	instance   instance
	registered time.Duration // wall clock
	lastUpdate time.Duration // wall clock; a renewal puts it one duration into the future
}

// renew prolongs the lease. Eureka puts the last update into the future, and expired adds the
// duration again: a renewed lease lasts twice its duration. That is Eureka's documented mistake,
// which will not be corrected because everybody depends on it (Lease.java).
func (l *lease) renew(now, duration time.Duration) { l.lastUpdate = now + duration }

// expired tells whether the lease has ended. Grace is what a late eviction run allows on top.
func (l *lease) expired(now, duration, grace time.Duration) bool {
	return now > l.lastUpdate+duration+grace
}
