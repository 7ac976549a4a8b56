package apregistry

import (
	"fmt"
	"strings"
	"time"
)

// evict is one run of the eviction, which allows for how late it comes.
func (n *node) evict() {
	now := n.env.Elapsed()
	late := max(now-n.evictedAt-n.options.EvictionInterval, 0)
	n.evictedAt = now
	n.survey()
	n.notePreservation() // before anybody goes
	gone := n.registry.evict(n.now(), late, n.env.Random())
	if len(gone) > 0 {
		n.noteEvicted(gone)
	}
	if n.bug == bugEvictionsReplicated {
		for _, k := range gone {
			n.replicate(&request{action: actionCancel, key: k}, &instance{key: k})
		}
	}
	n.notePreservation()
}

func (n *node) noteEvicted(gone []key) {
	ids := make([]string, len(gone))
	for i, k := range gone {
		ids[i] = k.id
	}
	n.env.Note("evicted", strings.Join(ids, " "))
	n.env.Logf("evicted %d of %d instances", len(gone), len(gone)+len(n.registry.leases))
}

// survey counts anew, in the plain profile, who is missing.
func (n *node) survey() {
	answering := 0
	for _, p := range n.peers {
		if p.available {
			answering++
		}
	}
	n.registry.survey(len(n.peers), answering, n.now())
}

func (n *node) turnBucket() {
	n.registry.preservation.turn()
	n.survey()
	n.notePreservation()
}

func (n *node) recount() {
	if !n.boot.syncing {
		n.registry.preservation.recount(int64(len(n.registry.leases)))
		n.notePreservation()
	}
}

// notePreservation tells the history when self-preservation begins and ends, and the figures that say so.
func (n *node) notePreservation() {
	p := &n.registry.preservation
	preserving := !p.expires()
	if preserving == n.preserving {
		return
	}
	n.preserving = preserving
	turn := "left"
	if preserving {
		turn = "entered"
	}
	renews := "renews"
	if n.options.Profile == Plain {
		renews = "heard"
	}
	n.env.Note("self-preservation", fmt.Sprintf("%s expected=%d threshold=%d %s=%d", turn, p.expected, p.threshold, renews, p.last))
}

// exchange asks every peer for what this node misses, in the plain profile.
func (n *node) exchange() {
	now := n.now()
	n.registry.graves.purge(now)
	summaries := n.registry.summaries(now)
	for _, p := range n.peers {
		p.exchange(summaries)
	}
}

// figures is what the node knows of itself.
func (n *node) figures() *Figures {
	r, p := n.registry, &n.registry.preservation
	now := n.now()
	f := &Figures{
		Profile: n.options.Profile, SelfPreservation: p.options.SelfPreservation, Preserving: !p.expires(),
		Listable: !n.boot.syncing && n.boot.listable(n.env.Elapsed(), n.options.WaitWhenSyncEmpty), Version: uint64(r.changes),
		Boot: int64(n.boot.opened / time.Millisecond), Now: int64((now + r.offset) / time.Millisecond),
		Registered: int64(len(r.leases)), Expected: p.expected, Threshold: p.threshold, Renews: p.last,
		Registrations: r.counts.registrations, Renewals: r.counts.renewals, Cancels: r.counts.cancels, Evictions: r.counts.evictions,
		Replications: n.replications, Exchanged: n.exchanged,
		LastRegistered: r.counts.registered.latest(), LastCanceled: r.counts.canceled.latest(),
	}
	for _, peer := range n.peers {
		q := peer.queue
		f.Peers = append(f.Peers, PeerFigures{Name: peer.caller.to, Available: peer.available,
			Queued: int64(len(q.waiting)), Delivered: q.delivered, Expired: q.expired, Dropped: q.dropped})
	}
	return f
}
