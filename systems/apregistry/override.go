package apregistry

import "time"

// overrides are the statuses that operators set, by instance. An entry that is not used for the
// expiry is forgotten.
type overrides struct {
	expiry  time.Duration
	entries map[key]override
}

type override struct {
	status status
	used   time.Duration // wall clock
}

func (o *overrides) get(k key, now time.Duration) (status, bool) {
	entry, found := o.entries[k]
	if !found {
		return unknown, false
	}
	if now-entry.used > o.expiry {
		delete(o.entries, k)
		return unknown, false
	}
	o.entries[k] = override{entry.status, now}
	return entry.status, true
}

func (o *overrides) set(k key, s status, now time.Duration) { o.entries[k] = override{s, now} }

func (o *overrides) forget(k key) { delete(o.entries, k) }

// resolve decides the status of an instance that comes in, by Eureka's order of rules: what is not
// up or out of service stands; then an override; then, unless a peer sent it, the status of the copy
// that is there; then its own.
func (o *overrides) resolve(incoming *instance, existing *lease, replicated bool, now time.Duration) status {
	if incoming.status != up && incoming.status != outOfService {
		return incoming.status
	}
	if overridden, found := o.get(incoming.key, now); found {
		return overridden
	}
	if existing != nil && !replicated {
		if s := existing.instance.status; s == up || s == outOfService {
			return s
		}
	}
	return incoming.status
}
