package zookeeper

import (
	"maps"
	"slices"

	"github.com/go-zookeeper/zk"

	"cleave/systems/zkwire"
)

// paths is a set.
type paths map[string]bool

// watches are those that this client believes to be armed, by kind and path, as Java's client keeps
// them (ZKWatchManager).
type watches struct {
	data, exist, child    paths
	persistent, recursive paths
}

func newWatches() watches { return watches{paths{}, paths{}, paths{}, paths{}, paths{}} }

// armed takes note of the watch that an answered request has armed, if it has. Of the reads only
// exists arms one where there is no znode.
func (w *watches) armed(q *zkwire.Request, code zkwire.Code) {
	switch {
	case q.Op == zkwire.OpExists && q.Watch && code == zkwire.NoNode:
		w.exist[q.Path] = true
	case code != zkwire.OK:
	case q.Op == zkwire.OpAddWatch && q.Mode == zkwire.ModeRecursive:
		w.recursive[q.Path] = true
	case q.Op == zkwire.OpAddWatch:
		w.persistent[q.Path] = true
	case !q.Watch:
	case q.Op == zkwire.OpGetChildren2:
		w.child[q.Path] = true
	default:
		w.data[q.Path] = true
	}
}

// eventNames are the types of events as notes show them.
var eventNames = map[zk.EventType]string{
	zk.EventNodeCreated:         "created",
	zk.EventNodeDeleted:         "deleted",
	zk.EventNodeDataChanged:     "changed",
	zk.EventNodeChildrenChanged: "children",
}

// fired takes out what an event has used up. Persistent watches stay.
func (w *watches) fired(event zk.Event) {
	if event.Type != zk.EventNodeChildrenChanged {
		delete(w.data, event.Path)
		delete(w.exist, event.Path)
	}
	if event.Type == zk.EventNodeChildrenChanged || event.Type == zk.EventNodeDeleted {
		delete(w.child, event.Path)
	}
}

// request is what sets them all again after a reconnect, if there are any. A client with more watches
// than fit a message would send several; this one never has as many.
func (w *watches) request(seen int64) (q zkwire.Request, some bool) {
	if len(w.data)+len(w.exist)+len(w.child)+len(w.persistent)+len(w.recursive) == 0 {
		return zkwire.Request{}, false
	}
	all := &zkwire.Watches{RelativeZxid: seen, Data: w.data.sorted(), Exist: w.exist.sorted(), Child: w.child.sorted()}
	q = zkwire.Request{Xid: zkwire.XidSetWatches, Op: zkwire.OpSetWatches, Watches: all}
	if len(w.persistent)+len(w.recursive) > 0 {
		q.Op = zkwire.OpSetWatches2
		all.Persistent, all.PersistRecursive = w.persistent.sorted(), w.recursive.sorted()
	}
	return q, true
}

func (p paths) sorted() []string { return slices.Sorted(maps.Keys(p)) }
