package znodes

import (
	"cmp"
	"maps"
	"slices"

	"cleave/systems/zkwire"
)

// modes are the ways in which an owner watches one path, or-ed.
type modes uint8

const (
	standard  modes = 1 << iota // fires once
	lasting                     // stays
	recursive                   // stays, and watches all below, but not the list of children
)

// watcher is an owner's watches of a path.
type watcher struct {
	owner uint64
	modes modes
}

// watchTable has the watches of one kind of change: ZooKeeper's WatchManager.
type watchTable struct {
	byPath    map[string][]watcher // by owner, none without a mode
	byOwner   map[uint64]*paths
	count     int                     // pairs of owner and path
	recursive int                     // those that watch all below: mostly there are none, and no ancestor need be looked at
	weaken    bool                    // Bug4466
	spare     bool                    // BugFiresTwice
	deaf      func(owner uint64) bool // who hears nothing by watches that stay, by a planted bug; nil without it
}

func newWatchTable(bug string) watchTable {
	return watchTable{byPath: map[string][]watcher{}, byOwner: map[uint64]*paths{}, weaken: bug == Bug4466, spare: bug == BugFiresTwice}
}

func (t *watchTable) search(owner uint64, path string) (at int, found bool) {
	return slices.BinarySearchFunc(t.byPath[path], owner, func(one watcher, owner uint64) int { return cmp.Compare(one.owner, owner) })
}

func (t *watchTable) has(owner uint64, path string) bool {
	_, found := t.search(owner, path)
	return found
}

func (t *watchTable) add(owner uint64, path string, mode modes) {
	at, found := t.search(owner, path)
	if !found {
		t.byPath[path] = slices.Insert(t.byPath[path], at, watcher{owner: owner})
		if t.byOwner[owner] == nil {
			t.byOwner[owner] = &paths{}
		}
		t.byOwner[owner].add(path)
		t.count++
	}
	one := &t.byPath[path][at]
	t.recursive -= one.modes.deep()
	switch {
	case mode != standard: // the last addWatch counts
		one.modes = one.modes&standard | mode
	case t.weaken:
		one.modes = standard
	default:
		one.modes |= standard
	}
	t.recursive += one.modes.deep()
}

// deep is 1 if all below is watched, else 0.
func (m modes) deep() int {
	if m&recursive != 0 {
		return 1
	}
	return 0
}

func (t *watchTable) remove(owner uint64, path string) bool {
	at, found := t.search(owner, path)
	if !found {
		return false
	}
	t.forget(owner, path)
	t.recursive -= t.byPath[path][at].modes.deep()
	t.keep(path, slices.Delete(t.byPath[path], at, at+1))
	return true
}

// forget takes a path off an owner's list.
func (t *watchTable) forget(owner uint64, path string) {
	owned := t.byOwner[owner]
	if owned.remove(path); owned.count == 0 {
		delete(t.byOwner, owner)
	}
	t.count--
}

// keep replaces a path's watchers.
func (t *watchTable) keep(path string, watchers []watcher) {
	if len(watchers) == 0 {
		delete(t.byPath, path)
	} else {
		t.byPath[path] = watchers
	}
}

func (t *watchTable) drop(owner uint64) {
	owned := t.byOwner[owner]
	if owned == nil {
		return
	}
	for _, path := range owned.list() {
		t.remove(owner, path)
	}
}

// fire lists the owners, in order, who watch for an event at a path, and takes out the watches that
// fire once.
func (t *watchTable) fire(path string, event zkwire.EventType) []uint64 {
	if t.count == 0 {
		return nil
	}
	var owners []uint64
	watchers := t.byPath[path]
	left := watchers[:0]
	for _, one := range watchers {
		if event != zkwire.EventChildren || one.modes&(standard|lasting) != 0 {
			if one.modes&standard != 0 || t.tells(one.owner) {
				owners = append(owners, one.owner)
			}
			if !t.spare || event != zkwire.EventDataChanged {
				one.modes &^= standard
			}
		}
		if one.modes != 0 {
			left = append(left, one)
		} else {
			t.forget(one.owner, path)
		}
	}
	if len(left) < len(watchers) {
		t.keep(path, left)
	}
	if t.recursive == 0 || event == zkwire.EventChildren || path == rootPath {
		return owners
	}
	for above := parentOf(path); ; above = parentOf(above) {
		for _, one := range t.byPath[above] {
			if one.modes&recursive != 0 && t.tells(one.owner) {
				owners = append(owners, one.owner)
			}
		}
		if above == rootPath {
			break
		}
	}
	slices.Sort(owners)
	return slices.Compact(owners)
}

// tells tells whether an owner hears by watches that stay.
func (t *watchTable) tells(owner uint64) bool { return t.deaf == nil || !t.deaf(owner) }

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
