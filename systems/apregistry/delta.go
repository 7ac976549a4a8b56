package apregistry

import "time"

// recentChanges is what has happened to instances lately, in order. Clients that follow it need not fetch
// the whole registry.
type recentChanges struct {
	swapBlind bool // planted bug: a registration and an end in one delta are both forgotten
	entries   []changedInstance
	offered   int // how many of them were there when the last delta was made
	room      int // with more entries they are compacted
}

// changedInstance is an instance as it was after a change.
type changedInstance struct {
	instance instance
	isNew    bool // it was not there before
	at       time.Duration
}

func (c *recentChanges) add(entry changedInstance) {
	c.entries = append(c.entries, entry)
	if len(c.entries) > c.room {
		c.compact()
	}
}

// compact forgets what later changes of the same instances have made needless, once there is much of it:
// a client that registers again and again costs no memory.
func (c *recentChanges) compact() {
	const least = 4096
	if c.room > 0 {
		c.entries = c.latest()
		c.offered = min(c.offered, len(c.entries))
	}
	c.room = max(2*len(c.entries), least)
}

// latest is the last change of every instance, in order.
func (c *recentChanges) latest() []changedInstance {
	last := make(map[key]int, len(c.entries))
	for i := range c.entries {
		last[c.entries[i].instance.key] = i
	}
	list := make([]changedInstance, 0, len(last))
	for i := range c.entries {
		if last[c.entries[i].instance.key] == i {
			list = append(list, c.entries[i])
		}
	}
	return list
}

// purge forgets what is older than the retention.
func (c *recentChanges) purge(before time.Duration) {
	old := 0
	for old < len(c.entries) && c.entries[old].at < before {
		old++
	}
	if old == 0 {
		return
	}
	c.entries = append([]changedInstance(nil), c.entries[old:]...)
	c.offered = max(c.offered-old, 0)
}

// delta gives the last change of every instance that changed, in the order of those last changes.
func (c *recentChanges) delta() []instance {
	if c.swapBlind {
		c.swap()
	}
	c.offered = len(c.entries)
	latest := c.latest()
	list := make([]instance, len(latest))
	for i := range latest {
		list[i] = latest[i].instance
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
	kept := c.entries[:0]
	for i := range c.entries {
		k := c.entries[i].instance.key
		if i < c.offered || k != drop[0] && k != drop[1] {
			kept = append(kept, c.entries[i])
		}
	}
	c.entries = kept
}
