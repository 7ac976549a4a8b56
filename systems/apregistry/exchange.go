package apregistry

import "time"

// summary is what one node tells another of one instance in an exchange.
type summary struct {
	key    key
	dirty  int64
	age    int64 // nanoseconds since it was heard of; of one that is gone, since it was canceled
	status status
	gone   bool
}

// Anti-entropy, in the plain profile: every so often each node tells each peer what it has, and is told
// what it misses. So cancels arrive however long the partition was, and what is registered anywhere
// spreads to nodes that the one that took it does not know. Ages travel instead of times, because clocks
// differ.
//
//	n1 --(a dirty 7, 2 s ago; b gone at 5)--> n2      n2 has a newer a, an unknown c, and takes b out
//	n1 <--(a dirty 9, 1 s ago; c dirty 3)---- n2

// summaries is all that the registry has, graves included.
func (r *registry) summaries(now time.Duration) []summary {
	list := make([]summary, 0, len(r.leases)+len(r.graves.index))
	for _, held := range r.leases {
		i := &held.instance
		list = append(list, summary{key: i.key, dirty: i.dirty, age: max(int64(now-held.lastUpdate), 0), status: i.status})
	}
	for _, k := range r.graves.order {
		if dug := r.graves.index[k]; r.index[k] == nil {
			list = append(list, summary{key: k, dirty: dug.dirty, age: max(int64(now-dug.at), 0), gone: true})
		}
	}
	return list
}

// compare takes over what a peer's summaries tell by themselves, and gives the copies that the peer lacks
// or has older, with their ages.
func (r *registry) compare(told []summary, now time.Duration) (copies []instance, ages []int64) {
	theirs := make(map[key]*summary, len(told))
	for i := range told {
		t := &told[i]
		theirs[t.key] = t
		if t.gone {
			r.bury(t.key, t.dirty, now-time.Duration(t.age), now)
		} else if held := r.index[t.key]; held != nil && held.instance.dirty == t.dirty {
			held.lastUpdate = max(held.lastUpdate, now-time.Duration(t.age))
		}
	}
	for _, held := range r.leases {
		age := max(int64(now-held.lastUpdate), 0)
		if held.expired(now, 0) || !misses(theirs[held.instance.key], &held.instance, age, int64(r.options.ExchangeInterval)) {
			continue
		}
		copies, ages = append(copies, held.instance), append(ages, age)
	}
	for _, k := range r.graves.order {
		dug := r.graves.index[k]
		if t := theirs[k]; r.index[k] == nil && (t == nil || !t.gone || t.dirty < dug.dirty) {
			copies, ages = append(copies, instance{key: k, dirty: dug.dirty, change: deleted}), append(ages, max(int64(now-dug.at), 0))
		}
	}
	return copies, ages
}

// misses tells whether a peer lacks a copy, or has not heard of the instance for much longer.
func misses(t *summary, held *instance, age, interval int64) bool {
	switch {
	case t == nil:
		return true
	case t.gone:
		return t.dirty < held.dirty
	}
	return t.dirty < held.dirty || t.dirty == held.dirty && (t.status < held.status || t.age-age > interval/2)
}

// merge takes what a peer gave in an exchange, and answers of how many copies it made a difference.
func (r *registry) merge(copies []instance, ages []int64, now time.Duration) (taken int64) {
	if len(ages) != len(copies) {
		return 0
	}
	for i := range copies {
		heard := now - time.Duration(ages[i])
		if copies[i].change == deleted {
			if r.bury(copies[i].key, copies[i].dirty, heard, now) {
				taken++
			}
		} else if r.take(copies[i], heard, now) {
			taken++
		}
	}
	return taken
}

// take adopts a peer's copy if it is later than the one here, or there is none and its lease has not
// ended. Its override comes with it. On a tie the greater status stays, everywhere the same.
func (r *registry) take(copy instance, heard, now time.Duration) bool {
	held := r.index[copy.key]
	copy.change, copy.times, copy.key = unchanged, nil, ownKey(copy.key, held)
	if held == nil {
		if r.graves.bars(copy.key, copy.dirty) || now > heard+r.options.leaseDuration(&copy) {
			return false
		}
		r.counts.registrations++
		r.counts.registered.add(r.event(copy.key, now))
		r.override(&copy, now)
		r.hold(copy, heard, now)
		return true
	}
	held.lastUpdate = max(held.lastUpdate, heard)
	if !later(&copy, &held.instance) {
		return false
	}
	r.override(&copy, now)
	held.instance, held.duration = copy, r.options.leaseDuration(&copy)
	r.changed(held, modified, false, now)
	return true
}

func (r *registry) override(copy *instance, now time.Duration) {
	if copy.overridden == unknown {
		r.overrides.forget(copy.key)
		return
	}
	r.overrides.set(copy.key, copy.overridden, now)
}

// later orders two copies of an instance.
func later(a, b *instance) bool {
	if a.dirty != b.dirty {
		return a.dirty > b.dirty
	}
	return a.status > b.status
}
