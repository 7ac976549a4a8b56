package apregistry

import (
	"slices"
	"time"
)

// recentChanges is what has happened to instances lately, in order. Clients that follow it need not fetch
// the whole registry.
type recentChanges struct {
	swapBlind bool // planted bug: a registration and an end in one delta are both forgotten
	entries   []changedInstance
	last      map[key]int // the place of each instance's last change, counted from one that has long gone
	gone      int         // what is to be taken from it
	offered   int         // how many of the entries were there when the last delta was made
	room      int         // with more entries they are compacted
}

// changedInstance is an instance as it was after a change.
type changedInstance struct {
	instance instance
	isNew    bool // it was not there before
	outdated bool // a later change of it is there too
	at       time.Duration
}

func (c *recentChanges) add(entry changedInstance) {
	c.append(entry)
	if len(c.entries) > c.room {
		c.compact()
	}
}

func (c *recentChanges) append(entry changedInstance) {
	if c.last == nil {
		c.last = map[key]int{}
	}
	if before, known := c.last[entry.instance.key]; known {
		c.entries[before-c.gone].outdated = true
	}
	c.last[entry.instance.key] = len(c.entries) + c.gone
	c.entries = append(c.entries, entry)
}

// compact forgets what later changes of the same instances have made needless, once there is much of it:
// a client that registers again and again costs no memory.
func (c *recentChanges) compact() {
	const least = 4096
	if c.room > 0 {
		c.keep(func(_ int, entry *changedInstance) bool { return !entry.outdated })
		c.offered = min(c.offered, len(c.entries))
	}
	c.room = max(2*len(c.entries), least)
}

// keep forgets all entries but some.
func (c *recentChanges) keep(wanted func(place int, entry *changedInstance) bool) {
	old := c.entries
	c.entries, c.gone = make([]changedInstance, 0, len(old)), 0
	clear(c.last)
	for i := range old {
		if wanted(i, &old[i]) {
			old[i].outdated = false
			c.append(old[i])
		}
	}
}

// purge forgets what is older than the retention.
func (c *recentChanges) purge(before time.Duration) {
	old := 0
	for old < len(c.entries) && c.entries[old].at < before {
		if entry := &c.entries[old]; !entry.outdated {
			delete(c.last, entry.instance.key)
		}
		old++
	}
	c.entries = slices.Delete(c.entries, 0, old)
	c.gone += old
	c.offered = max(c.offered-old, 0)
}

// delta gives the last change of every instance that changed, in the order of those last changes, in the memory
// of a list.
func (c *recentChanges) delta(list []instance) []instance {
	if c.swapBlind {
		c.swap()
	}
	c.offered = len(c.entries)
	for i := range c.entries {
		if entry := &c.entries[i]; !entry.outdated {
			list = append(list, entry.instance)
		}
	}
	return list
}

// swap is the planted bug: of the changes that no delta has had yet it forgets one new instance and one
// that has gone, so that the counts in the hash agree.
func (c *recentChanges) swap() {
	came, went := -1, -1
	for i := c.offered; i < len(c.entries); i++ {
		switch entry := &c.entries[i]; {
		case entry.isNew && entry.instance.status == up && came < 0:
			came = i
		case entry.instance.change == deleted && went < 0:
			went = i
		}
	}
	if came < 0 || went < 0 || c.entries[came].instance.key == c.entries[went].instance.key {
		return
	}
	drop := [2]key{c.entries[came].instance.key, c.entries[went].instance.key}
	offered := c.offered
	c.keep(func(place int, entry *changedInstance) bool {
		k := entry.instance.key
		return place < offered || k != drop[0] && k != drop[1]
	})
}
