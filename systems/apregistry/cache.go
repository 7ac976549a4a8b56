package apregistry

import (
	"slices"
	"sort"
	"time"

	"cleave/systems/eurekawire"
)

// cache is what a client was last told is registered. It has no end of life: it answers for ever, and says
// how old it is. Its list is replaced and never changed, so that readers may keep it.
type cache struct {
	known     bool          // there is one; an empty list is one too
	instances []instance    // in order of app and id, each once
	stamp     int64         // the client's wall clock, in nanoseconds, when it asked for the list
	asked     time.Duration // the same moment on the monotonic clock; of a list from a file, when it would have been
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

// applied gives the list with the changes of a delta. Of two of one instance the later counts. A delta tells
// of a change again and again, so most of it is known.
func applied(list, delta []instance) []instance {
	news := newsOf(list, delta)
	if len(news) == 0 {
		return list
	}
	merged := make([]instance, 0, len(list)+len(news))
	for _, next := range listOf(news) {
		for len(list) > 0 && list[0].before(next.key) {
			merged, list = append(merged, list[0]), list[1:]
		}
		if len(list) > 0 && list[0].key == next.key {
			next.key, list = list[0].key, list[1:]
		} else {
			next.key = next.key.own()
		}
		if next.change != deleted {
			merged = append(merged, next)
		}
	}
	return append(merged, list...)
}

// newsOf is what a delta tells that a list does not say yet, with all that follows it of the same instances.
func newsOf(list, delta []instance) []instance {
	const mostCompared = 32 // with more news, all that follows is taken for news
	var news []instance
	for i := range delta {
		next := &delta[i]
		if len(news) > mostCompared || !says(list, next) ||
			slices.ContainsFunc(news, func(other instance) bool { return other.key == next.key }) {
			if news == nil {
				news = make([]instance, 0, 8)
			}
			news = append(news, *next)
		}
	}
	return news
}

// says tells whether a list would be the same with a change.
func says(list []instance, next *instance) bool {
	place := placeIn(list, next.key)
	there := place < len(list) && list[place].key == next.key
	if next.change == deleted {
		return !there
	}
	return there && list[place] == *next
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

// hashOf gives how many instances of each status there are, as Eureka writes it.
func hashOf(list []instance) string {
	counts := tally{}
	for i := range list {
		counts[list[i].status]++
	}
	return counts.hash()
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
