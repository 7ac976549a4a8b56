package apregistry

import "time"

// bootedFile marks a disk on which the node has run before. It is all that is ever written: the
// registry lives in memory.
const bootedFile = "booted"

// boot is the start of a node: it fetches the registry from a peer before it serves.
type boot struct {
	others  []string // the peers' names, in the order in which they are asked
	syncing bool
	tries   int
	empty   bool          // nobody gave an instance
	opened  time.Duration // wall clock
	since   time.Duration // the same moment on the monotonic clock
}

// listable tells whether lists may be read: not for a while after a boot that fetched nobody, because
// an empty answer would make consumers forget everybody. now is the monotonic clock.
func (b *boot) listable(now, wait time.Duration) bool {
	return !b.empty || now > b.since+wait
}

// begin syncs, but for the very first boot, when there is nothing that could be fetched.
func (n *node) begin() {
	if !n.options.SyncOnFirstBoot && n.env.Disk().Read(bootedFile) == nil {
		n.env.Disk().Replace(bootedFile, []byte{1}, func(error) {}) // a lost mark only means a first boot again
		n.openForTraffic(n.options.OpenForTrafficCount)
		return
	}
	n.boot.syncing, n.boot.empty = true, true
	if n.options.Profile == Spring && len(n.peers) == 0 {
		n.openForTraffic(n.options.OpenForTrafficCount) // a server that registers with nobody tries nobody
		return
	}
	n.sync()
}

// sync is one try to fetch: the first peer that answers decides it.
func (n *node) sync() {
	n.boot.tries++
	n.syncFrom(0)
}

func (n *node) syncFrom(place int) {
	if place >= len(n.peers) { // there may be fewer than there were
		n.synced(nil)
		return
	}
	n.peers[place].caller.askWithin(n.options.SyncTimeout, &request{action: actionGetAll, replicated: true}, hears(func(answer *response, why failure) {
		if why != answered || answer.code != codeOK {
			n.syncFrom(place + 1)
			return
		}
		n.synced(answer.instances)
	}))
}

// synced ends a try. Nobody fetched, it is repeated some times before the node opens empty.
func (n *node) synced(instances []instance) {
	switch {
	case len(instances) > 0:
		for _, copy := range instances {
			n.registry.register(copy, true, n.now())
		}
		n.openForTraffic(len(instances))
	case n.boot.tries < n.options.SyncRetries:
		n.env.After(n.options.SyncRetryWait, n.sync)
	default:
		n.openForTraffic(n.options.OpenForTrafficCount)
	}
}

// openForTraffic starts to serve, expecting heartbeats of so many clients, and starts the eviction. Who
// expects anybody, even the one client that Spring makes up, gives lists at once.
func (n *node) openForTraffic(expected int) {
	n.boot.syncing, n.boot.opened, n.boot.since = false, n.env.Now(), n.env.Elapsed()
	if expected > 0 {
		n.boot.empty = false
	}
	n.registry.preservation.expect(int64(expected))
	n.evictedAt = n.env.Elapsed()
	n.every(n.options.RenewsBucket, n.options.RenewsBucket, n.turnBucket)
	n.every(n.options.EvictionInterval, n.options.EvictionInterval, n.evict)
	if n.options.Profile == Plain {
		n.every(0, n.options.ExchangeInterval, n.exchange)
	}
}
