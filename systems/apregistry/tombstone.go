package apregistry

import (
	"math"
	"time"
)

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

// noteEnd remembers a cancel for as long as news of before it may still be on its way from peer to peer. If the instance
// is not known here, any copy may be of before. Nothing is decided by it.
func (n *node) noteEnd(k key, held *lease) {
	now := n.env.Elapsed()
	n.ended.purge(now)
	if held != nil {
		n.ended.dig(k, held.instance.dirty, now)
	} else if _, again := n.ended.index[k]; !again {
		n.ended.dig(k, math.MaxInt64, now)
	}
}

// noteRevival tells the history of Eureka's own races, which there are no tombstones against: a peer's copy of before a
// cancel comes after it. The peer had a heartbeat under way, was told that nobody knows the instance, and registers it
// again; or the peer is the one to which the owner had said, before it canceled here, that the instance is down.
//
//	c1             |-cancel->n4                   c1  |-down->n3   |-cancel->n4
//	n3   |-heartbeat---->n4 404   |-register->n4   n3            |----register------>n4
//
// Then it is back at n4, until its lease ends. A copy that is later than the canceled one, and not down, is a new life.
func (n *node) noteRevival(copy *instance) {
	n.ended.purge(n.env.Elapsed())
	ended, found := n.ended.index[copy.key]
	if found && n.registry.index[copy.key] == nil && (copy.dirty <= ended.dirty || copy.status == down) {
		n.env.Note("revived", copy.key.id)
	}
}
