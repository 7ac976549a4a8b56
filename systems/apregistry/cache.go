package apregistry

import (
	"slices"
	"sort"
	"time"

	"cleave/systems/eurekawire"
)

// cache is what a client was last told is registered. It has no end of life: it answers for ever, and says
// how old it is.
type cache struct {
	known     bool          // there is one; an empty list is one too
	shared    bool          // somebody keeps the list, which must not be changed any more
	instances []instance    // in order of app and id, each once
	stamp     int64         // the client's wall clock, in nanoseconds, when it asked for the list
	asked     time.Duration // the same moment on the monotonic clock; of a list from a file, when it would have been
	told      told          // by the last delta
	behind    bool          // the list does not say all of that
	spare     []saying      // memory for the next
}

// listOf puts a server's list in order. Of two instances of one key the later stays.
func listOf(instances []instance) []instance {
	// Places are sorted, not instances, which are large.
	order := make([]int32, len(instances))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		switch one, other := instances[a].key, instances[b].key; {
		case one.before(other):
			return -1
		case other.before(one):
			return 1
		}
		return 0
	})
	kept := make([]instance, 0, len(instances))
	for i, at := range order {
		if i+1 == len(order) || instances[at].key != instances[order[i+1]].key {
			kept = append(kept, instances[at])
		}
	}
	return kept
}

// apply changes the list by what a delta tells.
func (c *cache) apply(delta []instance) {
	c.behind = false
	if len(delta) == 0 {
		return
	}
	if c.shared {
		c.instances, c.shared = slices.Clone(c.instances), false
	}
	c.instances = applied(c.instances, delta)
}

// applied gives a list with the changes of a delta, in the same memory if there are few. Of two of one instance
// the later counts. Keys that are new are kept, so they are not to share memory with a message.
func applied(list, delta []instance) []instance {
	const few = 8
	if len(delta) > few {
		return merge(list, listOf(delta))
	}
	for i := range delta {
		next := delta[i]
		place := placeIn(list, next.key)
		there := place < len(list) && list[place].key == next.key
		switch {
		case there && next.change == deleted:
			list = slices.Delete(list, place, place+1)
		case there:
			next.key = list[place].key
			list[place] = next
		case next.change != deleted:
			list = slices.Insert(list, place, next)
		}
	}
	return list
}

// merge is applied for many changes, in order and each of another instance.
func merge(list, delta []instance) []instance {
	merged := make([]instance, 0, len(list)+len(delta))
	for _, next := range delta {
		for len(list) > 0 && list[0].before(next.key) {
			merged, list = append(merged, list[0]), list[1:]
		}
		if len(list) > 0 && list[0].key == next.key {
			next.key, list = list[0].key, list[1:]
		}
		if next.change != deleted {
			merged = append(merged, next)
		}
	}
	return append(merged, list...)
}

// tally is how many instances there are, by status.
type tally [statuses]int

// hash is the tally as Eureka writes it.
func (t *tally) hash() string {
	counts := eurekawire.Counts{}
	for s, n := range t {
		counts.Add(statusName(status(s)), n)
	}
	return eurekawire.Hash(counts)
}

func tallyOf(list []instance) (counts tally) {
	for i := range list {
		counts[list[i].status]++
	}
	return counts
}

// hashes writes hashes. Most are what the last one was.
type hashes struct {
	counts tally
	last   string
}

func (h *hashes) of(counts tally) string {
	if h.last == "" || h.counts != counts {
		h.counts, h.last = counts, counts.hash()
	}
	return h.last
}

// placeIn is where a key is, or would be, in a list in order.
func placeIn(list []instance, k key) int {
	return sort.Search(len(list), func(i int) bool { return !list[i].before(k) })
}

// app gives the instances of an app.
func (c *cache) app(name string) []instance {
	first := placeIn(c.instances, key{app: name})
	last := first
	for last < len(c.instances) && c.instances[last].app == name {
		last++
	}
	return c.instances[first:last:last]
}

// age is how long ago the list was asked for.
func (c *cache) age(now time.Duration) time.Duration { return max(now-c.asked, 0) }
