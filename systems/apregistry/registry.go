package apregistry

import (
	"slices"
	"sort"
	"time"

	"cleave/systems/eurekawire"
)

// registry is what one node knows: the leases of all instances, in order of app and id. It is kept in
// memory only. Times are the node's wall clock; in the plain profile its monotonic one.
type registry struct {
	options        Options
	plain          bool
	ignoreRenewals bool          // planted bug: a heartbeat does not prolong the lease
	offset         time.Duration // the wall clock less the registry's
	leases         []*lease
	index          map[key]*lease
	overrides      overrides
	preservation   preservation
	graves         graves
	recent         recentChanges
	changes        int64            // grows with every change that a reader can see
	appChanges     map[string]int64 // changes, as of the last change of each app
	counts         counts
}

// counts is what the registry has done since its boot.
type counts struct {
	registrations, renewals, cancels, evictions int64
	registered, canceled                        recent
}

func newRegistry(options Options, bug string) *registry {
	if bug == bugNoSelfPreservation || bug == bugEvictRenewed {
		options.SelfPreservation = false
	}
	return &registry{
		options:        options,
		plain:          options.Profile == Plain,
		ignoreRenewals: bug == bugEvictRenewed,
		index:          map[key]*lease{},
		overrides:      overrides{expiry: options.OverrideExpiry, entries: map[key]override{}},
		preservation:   preservation{options: options, loose: bug == bugThresholdReached, quorate: true, bug: bug},
		graves:         graves{expiry: options.TombstoneExpiry, index: map[key]grave{}, none: bug == bugNoTombstone},
		recent:         recentChanges{swapBlind: bug == bugDeltaSwap},
		appChanges:     map[string]int64{},
	}
}

// register takes an instance, with a new lease. If the copy that is there has the greater stamp it
// stays, and gets the new lease: the registrant is alive, only its news is old.
func (r *registry) register(incoming instance, replicated bool, now time.Duration) {
	incoming.change, incoming.times = unchanged, nil
	existing := r.index[incoming.key]
	incoming.key = ownKey(incoming.key, existing)
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
	if overridden, found := r.overrides.get(incoming.key, now); found {
		incoming.overridden = overridden
	}
	incoming.status = r.overrides.resolve(&incoming, existing, replicated, now)
	r.counts.registrations++
	r.counts.registered.add(r.event(incoming.key, now))
	r.hold(incoming, now, now)
}

// ownKey is a key that keeps no message in memory: that of the lease, if there is one.
func ownKey(k key, held *lease) key {
	if held != nil {
		return held.instance.key
	}
	return k.own()
}

// hold puts a copy into the registry with a lease that was last prolonged at some time.
func (r *registry) hold(copy instance, heard, now time.Duration) {
	held := r.index[copy.key]
	isNew := held == nil
	if isNew {
		held = &lease{instance: copy}
		r.insert(held)
	}
	held.instance, held.duration, held.registered, held.lastUpdate = copy, r.options.leaseDuration(&copy), now, heard
	if copy.status == up && !held.wasUp {
		held.up, held.wasUp = now, true
	}
	r.changed(held, added, isNew, now)
}

// changed tells the readers of a change.
func (r *registry) changed(held *lease, what change, isNew bool, now time.Duration) {
	held.change, held.changed = what, now
	r.changes++
	r.appChanges[held.instance.app] = r.changes
	shown := held.shown(r.offset)
	shown.change = what
	r.recent.add(changedInstance{instance: shown, isNew: isNew, at: now})
}

// holds is the lease that a request is about, nil if there is none.
func (r *registry) holds(asked *request) *lease {
	if held := asked.held; held != nil && !held.ended {
		return held
	}
	return r.index[asked.key]
}

// prolong takes a heartbeat of an instance, and answers whether it is one that may renew.
func (r *registry) prolong(held *lease, replicated bool, now time.Duration) bool {
	resolved := r.overrides.resolve(&held.instance, held, replicated, now)
	if resolved == unknown {
		return false
	}
	if held.instance.status != resolved {
		held.instance.status = resolved
		r.changed(held, modified, false, now)
	}
	r.preservation.renewed()
	r.counts.renewals++
	if !r.ignoreRenewals {
		held.renew(now, r.plain)
	}
	return true
}

// cancel ends a lease because its owner wants it, and answers whether there was one.
func (r *registry) cancel(k key, now time.Duration) bool {
	found := r.remove(k, now)
	if found {
		r.counts.cancels++
	}
	return found
}

// remove ends a lease at once and answers whether there was one. Nothing remains of it.
func (r *registry) remove(k key, now time.Duration) bool {
	held := r.index[k]
	k = ownKey(k, held)
	r.overrides.forget(k)
	r.counts.canceled.add(r.event(k, now))
	if held == nil {
		return false
	}
	delete(r.index, k)
	held.ended, held.next = true, nil
	place := r.place(k)
	r.leases = append(r.leases[:place], r.leases[place+1:]...)
	r.preservation.left()
	r.changed(held, deleted, false, now)
	if place == len(r.leases) || r.leases[place].instance.app != k.app {
		if place == 0 || r.leases[place-1].instance.app != k.app {
			delete(r.appChanges, k.app) // a list of nothing is always up to date
		}
	}
	return true
}

// setStatus overrides the status of an instance and answers whether it is known. A greater stamp of a
// peer is taken over with it.
func (r *registry) setStatus(k key, s status, dirty int64, stamped bool, now time.Duration) bool {
	held := r.index[k]
	if held == nil {
		return false
	}
	held.renew(now, r.plain)
	if held.instance.status == s {
		return true
	}
	r.overrides.set(held.instance.key, s, now)
	r.restate(held, s, s, dirty, stamped, now)
	return true
}

// deleteStatus ends an override, and answers whether the instance is known. The status that follows
// stands until the instance's next registration, or heartbeat if it is one that a heartbeat accepts.
func (r *registry) deleteStatus(k key, s status, dirty int64, stamped bool, now time.Duration) bool {
	held := r.index[k]
	if held == nil {
		return false
	}
	held.renew(now, r.plain)
	if _, found := r.overrides.get(k, now); found {
		r.overrides.forget(k)
		r.restate(held, s, unknown, dirty, stamped, now)
	}
	return true
}

func (r *registry) restate(held *lease, s, overridden status, dirty int64, stamped bool, now time.Duration) {
	if s == up && !held.wasUp {
		held.up, held.wasUp = now, true
	}
	held.instance.status, held.instance.overridden = s, overridden
	if stamped && dirty > held.instance.dirty {
		held.instance.dirty = dirty
	}
	r.changed(held, modified, false, now)
}

// storeOverride takes over the override that a peer has for an instance of which it has news.
func (r *registry) storeOverride(k key, overridden status, now time.Duration) {
	if have, found := r.overrides.get(k, now); !found || have != overridden {
		r.overrides.set(r.index[k].instance.key, overridden, now)
		r.index[k].instance.overridden = overridden
	}
}

// withMetadata is the held copy of an instance with more metadata, to be registered again.
func (r *registry) withMetadata(k key, pairs []eurekawire.Pair) (instance, bool) {
	held := r.index[k]
	if held == nil {
		return instance{}, false
	}
	next := held.instance
	more := eurekawire.Instance{}
	if next.more != nil {
		more = *next.more
	}
	more.Metadata = merged(more.Metadata, pairs)
	next.more, next.value = &more, valueOf(more.Metadata)
	return next, true
}

// merged gives the pairs of both lists in order of their keys. Of two values of a key the later stays.
func merged(have, more []eurekawire.Pair) []eurekawire.Pair {
	list := append(append(make([]eurekawire.Pair, 0, len(have)+len(more)), have...), more...)
	sort.SliceStable(list, func(i, j int) bool { return list[i].Key < list[j].Key })
	kept := list[:0]
	for i := range list {
		if i+1 == len(list) || list[i].Key != list[i+1].Key {
			kept = append(kept, list[i])
		}
	}
	return kept
}

// get gives one instance, always as it is now. An expired lease is hidden only while leases may
// expire.
func (r *registry) get(k key, now time.Duration) (instance, bool) {
	held := r.index[k]
	if held == nil || r.preservation.expires() && held.expired(now, 0) {
		return instance{}, false
	}
	return held.shown(r.offset), true
}

// byID gives the first instance of an id, whatever its app.
func (r *registry) byID(id string, now time.Duration) (instance, bool) {
	for _, held := range r.leases {
		if held.instance.id == id {
			if found, there := r.get(held.instance.key, now); there {
				return found, true
			}
		}
	}
	return instance{}, false
}

// leasesOf gives the leases of an app in order of their instances' ids, expired ones too.
func (r *registry) leasesOf(name string) []*lease {
	first := r.place(key{app: name})
	last := first
	for last < len(r.leases) && r.leases[last].instance.app == name {
		last++
	}
	return r.leases[first:last]
}

// copies adds copies of the instances of leases to a list.
func (r *registry) copies(list []instance, leases []*lease) []instance {
	begin := len(list)
	list = slices.Grow(list, len(leases))[:begin+len(leases)]
	for i, held := range leases {
		held.show(&list[begin+i], r.offset)
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

// tally is how many instances of each status there are.
func (r *registry) tally() (counts tally) {
	for _, held := range r.leases {
		counts[held.instance.status]++
	}
	return counts
}

func (r *registry) event(k key, now time.Duration) Event {
	return Event{At: int64((now + r.offset) / time.Millisecond), App: k.app, ID: k.id}
}
