package cpstore

import (
	"math"

	"cleave/systems/zkwire"
	"cleave/systems/znodes"
)

// read answers a request that this node can answer by itself, from its own state, and sets the watch
// that comes with it.
func (n *node) read(l *link, q *zkwire.Request) (reply zkwire.Reply) {
	switch q.Op {
	case zkwire.OpSetWatches, zkwire.OpSetWatches2:
		n.rewatch(l, q.Watches)
	case zkwire.OpAddWatch:
		switch q.Mode {
		case zkwire.ModePersistent:
			n.watches.Add(l.id, q.Path, znodes.WatchPersistent)
		case zkwire.ModeRecursive:
			n.watches.Add(l.id, q.Path, znodes.WatchRecursive)
		default:
			reply.Code = zkwire.MarshallingError
		}
	case zkwire.OpCheckWatches, zkwire.OpRemoveWatches:
		reply.Code = n.unwatch(l, q)
	case zkwire.OpWhoAmI:
		for _, identity := range l.identities {
			reply.Identities = append(reply.Identities, userOf(identity))
		}
	default:
		if age := n.copyAge(); age > 0 && q.Op == zkwire.OpGetData && !q.Watch {
			return n.copied(l, q, age)
		}
		reply = n.state.Read(q, l.identities, l.session)
		if q.Watch {
			n.watchRead(l, q, reply.Code)
		}
	}
	return reply
}

// unwatch takes a client's watches of one kind off a znode, or only looks whether there are any.
func (n *node) unwatch(l *link, q *zkwire.Request) zkwire.Code {
	const children, either = 1, 3 // and 2 is data
	there := false
	switch {
	case q.Mode < children || q.Mode > either:
		return zkwire.MarshallingError
	case q.Op == zkwire.OpCheckWatches:
		there = n.watches.Watched(q.Path, q.Mode)
	default:
		there = n.watches.Remove(l.id, q.Path, q.Mode)
	}
	if !there {
		return zkwire.NoWatcher
	}
	return zkwire.OK
}

// userOf hides the hash of a digest.
func userOf(identity zkwire.Identity) zkwire.Identity {
	if identity.Scheme == "digest" {
		for i := range identity.ID {
			if identity.ID[i] == ':' {
				identity.ID = identity.ID[:i]
				break
			}
		}
	}
	return identity
}

// watchRead sets the watch of a read: an exists may watch for what is not there yet.
func (n *node) watchRead(l *link, q *zkwire.Request, code zkwire.Code) {
	switch {
	case q.Op == zkwire.OpExists && (code == zkwire.OK || code == zkwire.NoNode):
		n.watches.Add(l.id, q.Path, znodes.WatchExist)
	case code != zkwire.OK:
	case q.Op == zkwire.OpGetData:
		n.watches.Add(l.id, q.Path, znodes.WatchData)
	case q.Op == zkwire.OpGetChildren, q.Op == zkwire.OpGetChildren2:
		n.watches.Add(l.id, q.Path, znodes.WatchChildren)
	}
}

// rewatch sets the watches of a client that comes from another server, or tells it at once of what it
// has missed. As in ZooKeeper, what a persistent watch has missed is lost, and no permission is asked
// for: exists would say as much to anybody.
func (n *node) rewatch(l *link, w *zkwire.Watches) {
	since := w.RelativeZxid
	if n.cluster.Bug == BugLostWatches {
		since = math.MaxInt64
	}
	for _, path := range w.Data {
		switch _, modified, _, found := n.state.Find(path); {
		case !found:
			n.notify(l, zkwire.Event{Type: zkwire.EventDeleted, Path: path})
		case modified > since:
			n.notify(l, zkwire.Event{Type: zkwire.EventDataChanged, Path: path})
		default:
			n.watches.Add(l.id, path, znodes.WatchData)
		}
	}
	for _, path := range w.Exist {
		if _, _, _, found := n.state.Find(path); found {
			n.notify(l, zkwire.Event{Type: zkwire.EventCreated, Path: path})
		} else {
			n.watches.Add(l.id, path, znodes.WatchExist)
		}
	}
	for _, path := range w.Child {
		switch _, _, children, found := n.state.Find(path); {
		case !found:
			n.notify(l, zkwire.Event{Type: zkwire.EventDeleted, Path: path})
		case children > since:
			n.notify(l, zkwire.Event{Type: zkwire.EventChildren, Path: path})
		default:
			n.watches.Add(l.id, path, znodes.WatchChildren)
		}
	}
	if n.cluster.Bug == BugLostPersistent {
		return
	}
	for _, path := range w.Persistent {
		n.watches.Add(l.id, path, znodes.WatchPersistent)
	}
	for _, path := range w.PersistRecursive {
		n.watches.Add(l.id, path, znodes.WatchRecursive)
	}
}

// trigger tells watchers of what a transaction has changed, before anybody gets a reply that shows
// it. Who may not read a znode does not hear of it either.
func (n *node) trigger(changes []znodes.Change) {
	for i := range changes {
		n.watches.Trigger(&changes[i], func(owner uint64, event zkwire.Event, acl []zkwire.ACL) {
			l := n.linkOf[owner]
			if l == nil || !n.state.May(l.identities, acl, zkwire.PermRead) {
				return
			}
			n.tell(l, event)
		})
	}
}

// tell notifies at once, but for planted bugs.
func (n *node) tell(l *link, event zkwire.Event) {
	switch n.cluster.Bug {
	case BugLateEvents:
		n.env.After(lateEvent, func() { n.notify(l, event) })
		return
	case BugUnorderedEvents:
		n.flaws.late = append(n.flaws.late, lateNotice{l, event})
		return
	case BugLateGoodbye:
		n.count(l)
	case BugSheddingEvents, BugSlowDisk:
		if n.flaws.shedding {
			return
		}
	}
	n.notify(l, event)
}

func (n *node) notify(l *link, event zkwire.Event) {
	l.connection.Send(event.Append(nil))
	l.traffic.sent++
	n.traffic.sent++
}
