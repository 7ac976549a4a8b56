package zookeeper

import (
	"errors"

	"github.com/go-zookeeper/zk"

	"cleave/history"
	"cleave/systems/zkclient"
)

// scratch is the parent of the znodes that quorum reads write. No workload looks there.
const scratch = "/scratch"

// integer reads the integer that a znode holds.
func integer(data []byte) (history.Value, error) {
	value, good := zkclient.Integer(data)
	if !good {
		return history.Nothing, errNotInteger
	}
	return value, nil
}

// get reads a znode. That there is none is no error: its stat is all zero then.
func (o *operation) get(path string) (data []byte, stat *zk.Stat, zxid int64, err error) {
	zxid, err = o.call(func(c *zk.Conn) (err error) {
		data, stat, err = c.Get(path)
		return err
	})
	if errors.Is(err, zk.ErrNoNode) {
		return nil, &zk.Stat{}, zxid, nil
	}
	return data, stat, zxid, err
}

func (o *operation) read() (history.Value, int64, error) {
	data, stat, zxid, err := o.get(o.path())
	if err != nil || stat.Czxid == 0 {
		return history.Nothing, zxid, err
	}
	value, err := integer(data)
	if err == nil && value.IsNothing() {
		err = errNotInteger
	}
	return value, zxid, err
}

// syncRead reads after ZooKeeper's own sync, which brings a follower up to its leader, and does not ask
// whether that still leads.
func (o *operation) syncRead() (history.Value, int64, error) {
	if _, err := o.call(func(c *zk.Conn) error { _, err := c.Sync(o.path()); return err }); err != nil {
		return history.Nothing, 0, err
	}
	return o.read()
}

// quorumRead writes to a znode of this client's alone and then reads, on the same connection. A server
// answers a write when it has applied it, and it applies all transactions in order (Hunt and others,
// USENIX ATC 2010, section 2.3: linearizable writes and the FIFO order of a client). The write is later
// than every write acknowledged before it was asked for, so what is read after it is no older. A sync
// in its place is not enough: it is no quorum operation (ZOOKEEPER-1675), and a leader that had lost
// its followers was seen to answer them for seconds.
func (o *operation) quorumRead() (history.Value, int64, error) {
	mine := scratch + "/" + o.user.name
	_, err := o.call(func(c *zk.Conn) error { _, err := c.Set(mine, []byte{}, zkclient.AnyVersion); return err })
	if errors.Is(err, zk.ErrNoNode) {
		err = o.make([]byte{}, append(zkclient.Ancestors(mine), mine)...)
		if err == nil { // it may have been there, by a client of the same name
			_, err = o.call(func(c *zk.Conn) error { _, err := c.Set(mine, []byte{}, zkclient.AnyVersion); return err })
		}
	}
	if err != nil {
		return history.Nothing, 0, err
	}
	return o.read()
}

// stat completes with the znode's mzxid and its integer: [0, nil] if there is no znode.
func (o *operation) stat() (history.Value, int64, error) {
	data, stat, zxid, err := o.get(o.path())
	if err != nil {
		return history.Nothing, zxid, err
	}
	value, err := integer(data)
	return history.List(history.Integer(stat.Mzxid), value), zxid, err
}

// write sets the value, and creates the znode if it is not there yet; somebody else may be faster.
func (o *operation) write() (history.Value, int64, error) {
	number, _ := o.request.Value.AsInteger()
	for {
		zxid, err := o.change(func(c *zk.Conn) error {
			_, err := c.Set(o.path(), zkclient.Decimal(number), zkclient.AnyVersion)
			return err
		})
		if !errors.Is(err, zk.ErrNoNode) {
			return history.Nothing, zxid, err
		}
		_, zxid, err = o.create(o.path(), zkclient.Decimal(number), zk.FlagPersistent)
		if !errors.Is(err, zk.ErrNodeExists) {
			return history.Nothing, zxid, err
		}
	}
}

// compareAndSet reads here and sets there: the version makes the two one. From nothing, it creates.
func (o *operation) compareAndSet() (history.Value, int64, error) {
	from, to, _ := zkclient.Exchange(o.request.Value)
	data, stat, _, err := o.get(o.path())
	if err != nil {
		return history.Nothing, 0, err
	}
	there := stat.Czxid != 0
	value, err := integer(data)
	if err != nil || there == from.IsNothing() || !from.Equal(value) {
		return history.Nothing, 0, errValueDiffers
	}
	zxid, err := o.change(func(c *zk.Conn) (err error) {
		if there {
			_, err = c.Set(o.path(), zkclient.Decimal(to), stat.Version)
		} else {
			_, err = c.Create(o.path(), zkclient.Decimal(to), zk.FlagPersistent, everybody())
		}
		return err
	})
	return history.Nothing, zxid, err
}

// remove deletes a znode. That it is not there is as good.
func (o *operation) remove(path string) (history.Value, int64, error) {
	zxid, err := o.change(func(c *zk.Conn) error { return c.Delete(path, zkclient.AnyVersion) })
	if errors.Is(err, zk.ErrNoNode) {
		err = nil
	}
	return history.Nothing, zxid, err
}
