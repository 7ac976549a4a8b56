package zkclient

import (
	"slices"

	"cleave/systems/zkwire"
)

// watches are those that this client believes to be armed, by kind and path. It must believe what the
// server does: a watch that only one of the two knows of is lost at the next reconnect, or fires twice.
type watches struct {
	data, exist, child    paths
	persistent, recursive paths
}

// paths is a set, in order.
type paths []string

func (p *paths) add(path string) {
	if at, found := slices.BinarySearch(*p, path); !found {
		*p = slices.Insert(*p, at, path)
	}
}

func (p *paths) drop(path string) {
	if at, found := slices.BinarySearch(*p, path); found {
		*p = slices.Delete(*p, at, at+1)
	}
}

// armed takes note of the watch that an answered request has armed, if it has. Of the reads only
// exists arms one where there is no znode, and only there is it an exist watch: on a znode that is
// there it waits for the same as a data watch.
func (w *watches) armed(q *zkwire.Request, code zkwire.Code) {
	switch {
	case q.Op == zkwire.OpExists && q.Watch && code == zkwire.NoNode:
		w.exist.add(q.Path)
	case code != zkwire.OK:
	case q.Op == zkwire.OpAddWatch && q.Mode == zkwire.ModeRecursive:
		w.recursive.add(q.Path)
	case q.Op == zkwire.OpAddWatch:
		w.persistent.add(q.Path)
	case !q.Watch:
	case q.Op == zkwire.OpExists || q.Op == zkwire.OpGetData:
		w.data.add(q.Path)
	case q.Op == zkwire.OpGetChildren || q.Op == zkwire.OpGetChildren2:
		w.child.add(q.Path)
	}
}

// eventNames are the types of events as notes show them.
var eventNames = map[zkwire.EventType]string{
	zkwire.EventCreated:     "created",
	zkwire.EventDeleted:     "deleted",
	zkwire.EventDataChanged: "changed",
	zkwire.EventChildren:    "children",
}

// fired takes out what an event has used up, as Java's ZKWatchManager does. Persistent watches stay.
func (w *watches) fired(event zkwire.Event) {
	switch event.Type {
	case zkwire.EventCreated, zkwire.EventDataChanged:
		w.data.drop(event.Path)
		w.exist.drop(event.Path)
	case zkwire.EventChildren:
		w.child.drop(event.Path)
	case zkwire.EventDeleted:
		w.data.drop(event.Path)
		w.exist.drop(event.Path)
		w.child.drop(event.Path)
	}
}

// request is what sets them all again after a reconnect, if there are any. The newer operation is
// sent only if it is needed, so that an older server will do.
func (w *watches) request(seen int64) (q zkwire.Request, some bool) {
	if len(w.data)+len(w.exist)+len(w.child)+len(w.persistent)+len(w.recursive) == 0 {
		return zkwire.Request{}, false
	}
	all := &zkwire.Watches{RelativeZxid: seen, Data: w.data, Exist: w.exist, Child: w.child}
	q = zkwire.Request{Xid: zkwire.XidSetWatches, Op: zkwire.OpSetWatches, Watches: all}
	if len(w.persistent)+len(w.recursive) > 0 {
		q.Op = zkwire.OpSetWatches2
		all.Persistent, all.PersistRecursive = w.persistent, w.recursive
	}
	return q, true
}
