package zookeeper

import (
	"errors"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// watch reads and arms, past the library: it does not know watches that stay, and would set the others
// again at a time of its own choosing. Where there is no znode, ZooKeeper arms no data and no children
// watch: those fail there.
func (o *operation) watch() (history.Value, int64, error) {
	switch kind, _ := o.request.Value.AsText(); kind {
	case zkclient.WatchExist:
		return o.armAnywhere()
	case zkclient.WatchPersistent:
		return o.addWatch(zkwire.ModePersistent)
	case zkclient.WatchRecursive:
		return o.addWatch(zkwire.ModeRecursive)
	case zkclient.WatchChildren:
		return o.armOnNode(zkwire.OpGetChildren2)
	}
	return o.armOnNode(zkwire.OpGetData)
}

// armOnNode arms in the request that reads.
func (o *operation) armOnNode(op zkwire.Op) (history.Value, int64, error) {
	p, err := o.ask(zkwire.Request{Op: op, Path: o.path(), Watch: true})
	if err != nil {
		return history.Nothing, 0, err
	}
	if op == zkwire.OpGetChildren2 {
		return history.List(history.Integer(p.Stat.Pzxid), history.Integer(int64(len(p.Names)))), p.Zxid, nil
	}
	number, err := integer(p.Data)
	return history.List(history.Integer(p.Stat.Mzxid), number), p.Zxid, err
}

// armAnywhere arms whether there is a znode or not. It does not fetch the data.
func (o *operation) armAnywhere() (history.Value, int64, error) {
	p, err := o.ask(zkwire.Request{Op: zkwire.OpExists, Path: o.path(), Watch: true})
	if err != nil && !errors.Is(err, refusal(zkwire.NoNode)) {
		return history.Nothing, 0, err
	}
	return history.List(history.Integer(p.Stat.Mzxid), history.Nothing), p.Zxid, nil
}

// addWatch arms a watch that stays, then reads: no change falls between the two.
func (o *operation) addWatch(mode int32) (history.Value, int64, error) {
	if _, err := o.ask(zkwire.Request{Op: zkwire.OpAddWatch, Path: o.path(), Mode: mode}); err != nil {
		return history.Nothing, 0, err
	}
	return o.stat()
}
