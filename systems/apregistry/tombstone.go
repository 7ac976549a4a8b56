package apregistry

import "time"

// graves are the instances that were canceled lately, in the plain profile: so a copy of before the cancel,
// from a peer that has not heard of it, does not bring the instance back. Eureka has none.
type graves struct {
	none   bool // planted bug: nothing is remembered
	expiry time.Duration
	order  []key // as they were first dug
	index  map[key]grave
}

// grave says of which copy the cancel was: one with a later stamp is a new life.
type grave struct {
	dirty int64
	at    time.Duration // by the registry's clock
}

// bars tells whether a copy is too old to come back.
func (g *graves) bars(k key, dirty int64) bool {
	dug, found := g.index[k]
	return found && dirty <= dug.dirty
}

func (g *graves) dig(k key, dirty int64, at time.Duration) {
	if g.none || g.bars(k, dirty) {
		return
	}
	if _, again := g.index[k]; !again {
		k = k.own()
		g.order = append(g.order, k)
	}
	g.index[k] = grave{dirty, at}
}

// purge forgets the graves that are older than their time.
func (g *graves) purge(now time.Duration) {
	for len(g.order) > 0 {
		k := g.order[0]
		dug, found := g.index[k]
		if found && now-dug.at <= g.expiry {
			return
		}
		delete(g.index, k)
		g.order = g.order[1:]
	}
}

// bury ends a lease by a cancel of a copy with a stamp, and answers whether there was one. A copy that is
// later than the cancel stays.
func (r *registry) bury(k key, dirty int64, at, now time.Duration) bool {
	held := r.index[k]
	if held != nil && held.instance.dirty > dirty {
		return false
	}
	r.graves.dig(k, dirty, at)
	if held == nil {
		return false
	}
	return r.cancel(k, now)
}

// noteEnd remembers a cancel for as long as a heartbeat of before it may still be on its way from peer to
// peer. Nothing is decided by it.
func (n *node) noteEnd(held *lease) {
	if held == nil {
		return
	}
	now := n.env.Elapsed()
	n.ended.purge(now)
	n.ended.dig(held.instance.key, held.instance.dirty, now)
}

// noteRevival tells the history of Eureka's own race, which there are no tombstones against: a peer had a
// heartbeat under way when the instance was canceled, was told that nobody knows it, and registers it again.
//
//	c1           cancel --|
//	n3  -- heartbeat -----|-->      |-- register -->
//	n4              |--ok--|  |--404--|            the instance is back, until its lease ends
func (n *node) noteRevival(held *lease, r *request) {
	n.ended.purge(n.env.Elapsed())
	if k := r.instance.key; held == nil && r.replicated && n.ended.bars(k, r.instance.dirty) {
		n.env.Note("revived", k.id)
	}
}
