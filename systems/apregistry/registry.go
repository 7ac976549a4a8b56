package apregistry

import (
	"sort"
	"time"
)

// registry is what one node knows: the leases of all instances, in order of app and id. It is kept in
// memory only. Times are the node's wall clock.
type registry struct {
	options        Options
	ignoreRenewals bool // planted bug: a heartbeat does not prolong the lease
	leases         []*lease
	index          map[key]*lease
	overrides      overrides
	preservation   preservation
	changes        int64 // grows with every change that a reader can see
}

func newRegistry(options Options, bug string) *registry {
	if bug == bugNoSelfPreservation || bug == bugEvictRenewed {
		options.SelfPreservation = false
	}
	return &registry{
		options:        options,
		ignoreRenewals: bug == bugEvictRenewed,
		index:          map[key]*lease{},
		overrides:      overrides{expiry: options.OverrideExpiry, entries: map[key]override{}},
		preservation:   preservation{options: options},
	}
}

// register takes an instance, with a new lease. If the copy that is there has the greater stamp it
// stays, and gets the new lease: the registrant is alive, only its news is old.
func (r *registry) register(incoming instance, replicated bool, now time.Duration) {
	existing := r.index[incoming.key]
	if existing == nil {
		r.preservation.joined()
	} else if existing.instance.dirty > incoming.dirty {
		incoming = existing.instance
	}
	if incoming.overridden != unknown {
		if _, found := r.overrides.get(incoming.key, now); !found {
			r.overrides.set(incoming.key, incoming.overridden, now)
		}
	}
	incoming.status = r.overrides.resolve(incoming, existing, replicated, now)
	r.changes++
	if existing != nil {
		existing.instance, existing.registered, existing.lastUpdate = incoming, now, now
		return
	}
	r.insert(&lease{instance: incoming, registered: now, lastUpdate: now})
}

// renew takes a heartbeat and answers whether the instance is known.
func (r *registry) renew(k key, replicated bool, now time.Duration) bool {
	held := r.index[k]
	if held == nil {
		return false
	}
	resolved := r.overrides.resolve(held.instance, held, replicated, now)
	if resolved == unknown {
		return false
	}
	if held.instance.status != resolved {
		held.instance.status = resolved
		r.changes++
	}
	r.preservation.renewed()
	if !r.ignoreRenewals {
		held.renew(now, r.options.LeaseDuration)
	}
	return true
}

// cancel ends a lease at once and answers whether there was one. Nothing remains of it.
func (r *registry) cancel(k key) bool {
	r.overrides.forget(k)
	if r.index[k] == nil {
		return false
	}
	delete(r.index, k)
	place := r.place(k)
	r.leases = append(r.leases[:place], r.leases[place+1:]...)
	r.preservation.left()
	r.changes++
	return true
}

// setStatus overrides the status of an instance and answers whether it is known. A greater stamp of a
// peer is taken over with it.
func (r *registry) setStatus(k key, s status, dirty int64, stamped bool, now time.Duration) bool {
	held := r.index[k]
	if held == nil {
		return false
	}
	held.renew(now, r.options.LeaseDuration)
	if held.instance.status == s {
		return true
	}
	r.overrides.set(k, s, now)
	held.instance.status, held.instance.overridden = s, s
	if stamped && dirty > held.instance.dirty {
		held.instance.dirty = dirty
	}
	r.changes++
	return true
}

// get gives one instance, always as it is now. An expired lease is hidden only while leases may
// expire.
func (r *registry) get(k key, now time.Duration) (instance, bool) {
	held := r.index[k]
	if held == nil || r.preservation.expires() && held.expired(now, r.options.LeaseDuration, 0) {
		return instance{}, false
	}
	return held.instance, true
}

// app copies the instances of an app in order of their ids, expired ones too.
func (r *registry) app(name string) []instance {
	first := r.place(key{app: name})
	last := first
	for last < len(r.leases) && r.leases[last].instance.app == name {
		last++
	}
	return copies(r.leases[first:last])
}

// all copies every instance.
func (r *registry) all() []instance { return copies(r.leases) }

func copies(leases []*lease) []instance {
	list := make([]instance, len(leases))
	for i, held := range leases {
		list[i] = held.instance
	}
	return list
}

func (r *registry) insert(held *lease) {
	k := held.instance.key
	r.index[k] = held
	place := r.place(k)
	r.leases = append(r.leases, nil)
	copy(r.leases[place+1:], r.leases[place:])
	r.leases[place] = held
}

// place is where a key is, or would be, among the leases.
func (r *registry) place(k key) int {
	return sort.Search(len(r.leases), func(i int) bool { return !r.leases[i].instance.before(k) })
}
