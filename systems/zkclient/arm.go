package zkclient

import (
	"cleave/history"
	"cleave/systems/zkwire"
)

// watch reads and arms. Where there is no znode, ZooKeeper arms no data and no children watch: those
// fail there.
func (o *operation) watch() {
	switch kind, _ := o.request.Value.AsText(); kind {
	case WatchData:
		o.armOnNode(zkwire.Request{Op: zkwire.OpGetData, Path: o.path(), Watch: true})
	case WatchExist:
		o.stat(zkwire.Request{Op: zkwire.OpExists, Path: o.path(), Watch: true})
	case WatchChildren:
		o.armOnNode(zkwire.Request{Op: zkwire.OpGetChildren2, Path: o.path(), Watch: true})
	case WatchPersistent:
		o.addWatch(zkwire.ModePersistent)
	case WatchRecursive:
		o.addWatch(zkwire.ModeRecursive)
	}
}

// armOnNode arms in the request that reads.
func (o *operation) armOnNode(q zkwire.Request) {
	o.ask(q, func(p *zkwire.Reply) {
		number, good := Integer(p.Data)
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
			o.stat(Get(o.path()))
		} else {
			o.refused(p.Code)
		}
	})
}
