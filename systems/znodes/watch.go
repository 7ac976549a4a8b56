package znodes

import (
	"slices"

	"cleave/systems/zkwire"
)

// WatchKind is how a watch was set.
type WatchKind uint8

// The kinds of watches.
const (
	WatchData       WatchKind = 1 + iota // by getData: fires once, when the data changes or the node goes
	WatchExist                           // by exists: in the same table as WatchData, for a node that may not be there yet
	WatchChildren                        // by getChildren: fires once, when a child comes or goes or the node goes
	WatchPersistent                      // by addWatch: both, until it is removed
	WatchRecursive                       // by addWatch: what happens to the data of the node and of all below it, until it is removed
)

// The watches that checkWatches and removeWatches mean, with ZooKeeper's numbers.
const (
	RemoveChildren int32 = 1
	RemoveData     int32 = 2
	RemoveAny      int32 = 3
)

// Watches are who on one server wants to hear of changes of which paths. An owner is a connection.
type Watches struct {
	data, children watchTable
}

// NewWatches makes empty tables. bug is a planted bug's name, or "".
func NewWatches(bug string) *Watches {
	return &Watches{data: newWatchTable(bug), children: newWatchTable(bug)}
}

// Deafen plants a bug: watches that stay tell an owner nothing if deaf says so.
func (w *Watches) Deafen(deaf func(owner uint64) bool) { w.data.deaf, w.children.deaf = deaf, deaf }

// Add sets a watch. An owner may have watches of several kinds on a path, but of the two lasting ones
// only that which was set last, as in ZooKeeper; setting one again does nothing.
func (w *Watches) Add(owner uint64, path string, kind WatchKind) {
	switch kind {
	case WatchData, WatchExist:
		w.data.add(owner, path, standard)
	case WatchChildren:
		w.children.add(owner, path, standard)
	case WatchPersistent:
		w.data.add(owner, path, lasting)
		w.children.add(owner, path, lasting)
	case WatchRecursive:
		w.data.add(owner, path, recursive)
		w.children.add(owner, path, recursive)
	}
}

// Remove takes away all watches of an owner on exactly that path, in the table of the children, of
// the data or in both, and tells whether there were any.
func (w *Watches) Remove(owner uint64, path string, kind int32) bool {
	removed := false
	if kind == RemoveChildren || kind == RemoveAny {
		removed = w.children.remove(owner, path)
	}
	if kind == RemoveData || kind == RemoveAny {
		removed = w.data.remove(owner, path) || removed
	}
	return removed
}

// Has tells whether Remove would find any.
func (w *Watches) Has(owner uint64, path string, kind int32) bool {
	return (kind == RemoveChildren || kind == RemoveAny) && w.children.has(owner, path) ||
		(kind == RemoveData || kind == RemoveAny) && w.data.has(owner, path)
}

// Watched tells whether anybody watches exactly this path: what ZooKeeper 3.8 answers a checkWatches
// with, whoever asks.
func (w *Watches) Watched(path string, kind int32) bool {
	return (kind == RemoveChildren || kind == RemoveAny) && len(w.children.byPath[path]) > 0 ||
		(kind == RemoveData || kind == RemoveAny) && len(w.data.byPath[path]) > 0
}

// Drop takes away all watches of an owner.
func (w *Watches) Drop(owner uint64) {
	w.data.drop(owner)
	w.children.drop(owner)
}

// Trigger tells everybody who watches a change of it, each by deliver with the event and the ACL of
// the event's node, and takes out the watches that fire once. As in ZooKeeper an owner hears of a
// deletion once however many watches it has there, and of a node before its parent; who hears the
// same event are told in the order of their numbers.
func (w *Watches) Trigger(c *Change, deliver func(owner uint64, event zkwire.Event, acl []zkwire.ACL)) {
	told := w.data.fire(c.Path, c.Type)
	own := zkwire.Event{Type: c.Type, Path: c.Path}
	for _, owner := range told {
		deliver(owner, own, c.ACL)
	}
	if c.Type == zkwire.EventDataChanged {
		return
	}
	if c.Type == zkwire.EventDeleted {
		for _, owner := range w.children.fire(c.Path, c.Type) {
			if _, already := slices.BinarySearch(told, owner); !already {
				deliver(owner, own, c.ACL)
			}
		}
	}
	if c.Path == rootPath {
		return
	}
	above := zkwire.Event{Type: zkwire.EventChildren, Path: parentOf(c.Path)}
	for _, owner := range w.children.fire(above.Path, above.Type) {
		deliver(owner, above, c.ParentACL)
	}
}

// Total counts the watches of both tables, a persistent one twice: ZooKeeper's watch_count.
func (w *Watches) Total() int { return w.data.count + w.children.count }

// Count counts the watches of data and existence, the paths they are on and the owners they have. As
// ZooKeeper's wchs, it says nothing of those of children.
func (w *Watches) Count() (watches, paths, owners int) {
	return w.data.count, len(w.data.byPath), len(w.data.byOwner)
}

// ByOwner shows, in order, who has which watches of data and existence: ZooKeeper's wchc.
func (w *Watches) ByOwner(show func(owner uint64, paths []string)) {
	for _, owner := range sortedKeys(w.data.byOwner) {
		show(owner, w.data.byOwner[owner].list())
	}
}

// ByPath shows, in order, which paths are watched by whom for data or existence: ZooKeeper's wchp.
func (w *Watches) ByPath(show func(path string, owners []uint64)) {
	for _, path := range sortedKeys(w.data.byPath) {
		var owners []uint64
		for _, one := range w.data.byPath[path] {
			owners = append(owners, one.owner)
		}
		show(path, owners)
	}
}
