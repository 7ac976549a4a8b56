package apregistry

import (
	"strings"
	"time"
)

// responseCache is what readers of lists get: copies that are refreshed all together, every so often,
// and in between do not follow the registry. A list that nobody asked for before is made at once.
//
// Eureka has two caches, one behind the other: the first is invalidated by every change and lives for
// three minutes at most, the second is copied from it every 30 seconds. What readers see of it is this.
type responseCache struct {
	registry *registry
	lists    map[listName]*cachedList
	names    []listName // in order of their first reading
	version  uint64     // of the list made last
	deltas   uint64     // how many deltas were made
	byVIP    map[string][]int
	bySecure map[string][]int
	indexed  int64 // the registry's changes when the indexes were made, -1 for never
	hashes   hashes
}

// listName is what a list is of: an app or an address, if the action needs one.
type listName struct {
	action Action
	name   string
}

// cachedList is a list as it was at some refresh. It is there until a later one, which may use its memory again.
type cachedList struct {
	instances []instance
	version   uint64
	delta     uint64
	hash      string
	bytes     []byte // of a response with it, once one was sent; empty before
	changes   int64  // the registry's, or the app's, when it was made
	made      time.Duration
}

// mostLists bounds how many lists of nothing are kept, for they cost whoever invents names nothing.
const mostLists = 1000

// newResponseCache numbers its lists from a first version on, which is to differ from boot to boot.
func newResponseCache(registry *registry, first uint64) *responseCache {
	return &responseCache{registry: registry, lists: map[listName]*cachedList{}, version: first, indexed: -1}
}

// read gives a list.
func (c *responseCache) read(action Action, name string, now time.Duration) *cachedList {
	asked := listName{action, name}
	list := c.lists[asked]
	if list == nil {
		list = &cachedList{}
		c.make(list, asked, now)
		if len(list.instances) > 0 || name == "" || len(c.names) < mostLists {
			c.lists[asked] = list
			c.names = append(c.names, asked)
		}
	}
	return list
}

// refresh brings every list that was ever read up to date. Lists of nothing are forgotten if there are too
// many.
func (c *responseCache) refresh(now time.Duration) {
	kept := c.names[:0]
	many := len(c.names) >= mostLists
	for _, name := range c.names {
		list := c.lists[name]
		if list.changes != c.changes(name) || now-list.made >= c.registry.options.ReadWriteExpiry {
			c.make(list, name, now)
		}
		if many && len(list.instances) == 0 && name.name != "" {
			delete(c.lists, name)
			continue
		}
		kept = append(kept, name)
	}
	c.names = kept
}

// changes tells lists that are up to date from others.
func (c *responseCache) changes(name listName) int64 {
	if name.action == actionGetApp {
		return c.registry.appChanges[name.name]
	}
	return c.registry.changes
}

// make makes a list what it is now. The hash of a delta is that of the whole registry.
func (c *responseCache) make(list *cachedList, name listName, now time.Duration) {
	c.version++
	*list = cachedList{version: c.version, changes: c.changes(name), made: now, instances: list.instances[:0], bytes: list.bytes[:0]}
	switch name.action {
	case actionGetAll:
		list.instances = c.registry.copies(list.instances, c.registry.leases)
	case actionGetApp:
		list.instances = c.registry.copies(list.instances, c.registry.leasesOf(name.name))
	case actionGetDelta:
		c.deltas++
		list.instances, list.delta = c.registry.recent.delta(list.instances), c.deltas
		list.hash = c.hashes.of(c.registry.tally())
		return
	default:
		list.instances = c.addressed(list.instances, name)
	}
	list.hash = c.hashes.of(tallyOf(list.instances))
}

// addressed gives the instances of a virtual address. An instance may have several, between commas.
func (c *responseCache) addressed(list []instance, name listName) []instance {
	if c.indexed != c.registry.changes {
		c.indexed = c.registry.changes
		c.byVIP, c.bySecure = map[string][]int{}, map[string][]int{}
		for i, held := range c.registry.leases {
			if more := held.instance.more; more != nil {
				enter(c.byVIP, more.VIP, i)
				enter(c.bySecure, more.SecureVIP, i)
			}
		}
	}
	index := c.byVIP
	if name.action == actionGetSecureVIP {
		index = c.bySecure
	}
	for _, place := range index[name.name] {
		list = append(list, c.registry.leases[place].shown(c.registry.offset))
	}
	return list
}

func enter(index map[string][]int, addresses string, place int) {
	for address := range strings.SplitSeq(addresses, ",") {
		if have := index[address]; address != "" && (len(have) == 0 || have[len(have)-1] != place) {
			index[address] = append(have, place)
		}
	}
}
