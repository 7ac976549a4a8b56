package zkclient

import (
	"cleave/history"
	"cleave/systems/zkwire"
)

// The kinds of watches that a watch operation can ask for.
const (
	watchData       = "data"
	watchExist      = "exist"
	watchChildren   = "children"
	watchPersistent = "persistent"
	watchRecursive  = "recursive"
)

// isWatchKind tells whether a watch operation can ask for it.
func isWatchKind(kind string) bool {
	switch kind {
	case watchData, watchExist, watchChildren, watchPersistent, watchRecursive:
		return true
	}
	return false
}

// watch reads and arms. Where there is no znode, ZooKeeper arms no data and no children watch: those
// fail there.
func (o *operation) watch() {
	switch kind, _ := o.request.Value.AsText(); kind {
	case watchData:
		o.armOnNode(zkwire.Request{Op: zkwire.OpGetData, Path: o.path(), Watch: true})
	case watchExist:
		o.stat(zkwire.Request{Op: zkwire.OpExists, Path: o.path(), Watch: true})
	case watchChildren:
		o.armOnNode(zkwire.Request{Op: zkwire.OpGetChildren2, Path: o.path(), Watch: true})
	case watchPersistent:
		o.addWatch(modePersistent)
	case watchRecursive:
		o.addWatch(modeRecursive)
	}
}

// armOnNode arms in the request that reads.
func (o *operation) armOnNode(q zkwire.Request) {
	o.ask(q, func(p *zkwire.Reply) {
		number, good := integer(p.Data)
		switch {
		case p.Code != zkwire.OK:
			o.refused(p.Code)
		case q.Op == zkwire.OpGetChildren2:
			o.ok(history.List(history.Integer(p.Stat.Pzxid), history.Integer(int64(len(p.Names)))), p.Zxid)
		case !good:
			o.failed(ErrorNotInteger)
		default:
			o.ok(history.List(history.Integer(p.Stat.Mzxid), number), p.Zxid)
		}
	})
}

// addWatch arms a watch that stays, then reads: no change falls between the two.
func (o *operation) addWatch(mode int32) {
	o.ask(zkwire.Request{Op: zkwire.OpAddWatch, Path: o.path(), Mode: mode}, func(p *zkwire.Reply) {
		if p.Code == zkwire.OK {
			o.stat(get(o.path()))
		} else {
			o.refused(p.Code)
		}
	})
}
