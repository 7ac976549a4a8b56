package checker

import (
	"math"
	"slices"
	"strings"

	"cleave/checker/evidence"
	"cleave/history"
)

// changes are what is known of the changes of one znode: the zxids of its creations and of the changes
// of its data, of its deletions, and from when on there may be some whose zxid is not known.
type changes struct {
	sets         []int64 // sorted, each once: of acknowledged writes, and those that anybody saw
	removes      []int64 // sorted: at which it may have been deleted
	unclear      int     // the index of the first event from which on there may be others
	writers      map[int64]*history.Operation
	acknowledged []int64 // sorted, each once: those of sets that a write was told
}

// changesOf gathers what is known of every znode's changes. A write of unknown outcome is known if its
// value, which nobody else wrote, was seen together with its zxid.
func changesOf(h *history.History) map[string]*changes {
	found := map[string]*changes{}
	for _, key := range h.Keys() {
		found[key] = changesAt(h.ByKey(key))
	}
	for i := range h.Operations {
		if operation := &h.Operations[i]; operation.Function.Mutates() {
			for parent := above(operation.Key); parent != ""; parent = above(parent) {
				if there := found[parent]; there != nil {
					there.unclear = min(there.unclear, operation.ID) // it may be made on the way
				}
			}
		}
	}
	return found
}

// above is the key of a znode's parent, "" if that is the root.
func above(key string) string { return key[:max(strings.LastIndexByte(key, '/'), 0)] }

func changesAt(operations []history.Operation) *changes {
	c := &changes{unclear: math.MaxInt, writers: map[int64]*history.Operation{}}
	seen, written := map[evidence.Identity]bool{}, map[evidence.Identity]int{}
	for i := range operations {
		operation := &operations[i]
		if shown, sees := glimpseOf(operation); sees && !shown.children && shown.change > 0 {
			c.sets = append(c.sets, shown.change)
			seen[evidence.Identify(shown.value)] = true
		}
		if operation.Function == history.Write && operation.Outcome != history.Fail {
			written[evidence.Identify(operation.Argument)]++
		}
	}
	for i := range operations {
		operation := &operations[i]
		known := operation.Outcome == history.Ok && operation.Version > 0
		switch {
		case operation.Outcome == history.Fail || !operation.Function.Mutates():
		case operation.Function == history.Write && known:
			c.sets = append(c.sets, operation.Version)
			c.acknowledged = append(c.acknowledged, operation.Version)
			c.writers[operation.Version] = operation
		case operation.Function == history.Remove && known:
			c.removes = append(c.removes, operation.Version)
		case operation.Function == history.Write && seen[evidence.Identify(operation.Argument)] && written[evidence.Identify(operation.Argument)] == 1:
		default:
			c.unclear = min(c.unclear, operation.ID)
		}
	}
	for _, list := range []*[]int64{&c.sets, &c.removes, &c.acknowledged} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return c
}

// between counts the acknowledged writes after a zxid, up to another one.
func (c *changes) between(after, until int64) int {
	first, _ := slices.BinarySearch(c.acknowledged, after+1)
	last, _ := slices.BinarySearch(c.acknowledged, until+1)
	return max(last-first, 0)
}

// nth is the n-th number of a sorted list above a limit, the highest of all if there are not as many.
func nth(sorted []int64, limit int64, n int) int64 {
	first, _ := slices.BinarySearch(sorted, limit+1)
	if at := first + n - 1; at < len(sorted) {
		return sorted[at]
	}
	return math.MaxInt64
}

// bounds of the zxid of the n-th event after a zxid, seen at some index. Deletes tells that deletions
// count too, as they do for a one-shot watch. The upper bound is that of the n-th change that is known,
// the lower one the same only if no others are possible.
func (c *changes) bounds(after int64, n, index int, deletes bool) (least, most int64) {
	most = nth(c.sets, after, n)
	if index > c.unclear {
		return after + 1, most
	}
	least = most
	if deletes {
		least = min(least, nth(c.removes, after, n))
	}
	return least, most
}
