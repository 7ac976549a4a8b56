package zookeeper

import (
	"errors"
	"strconv"

	"github.com/go-zookeeper/zk"

	"cleave/history"
)

// anyVersion in a change means that no particular one is expected.
const anyVersion int32 = -1

// scratch is the parent of the znodes that quorum reads write. No workload looks there.
const scratch = "/scratch"

// decimal is an integer as znodes hold it.
func decimal(number int64) []byte { return strconv.AppendInt(nil, number, 10) }

// integer reads the integer that a znode holds. An empty znode holds nothing.
func integer(data []byte) (value history.Value, err error) {
	if len(data) == 0 {
		return history.Nothing, nil
	}
	number, err := strconv.ParseInt(string(data), 10, 64)
	if err != nil {
		return history.Nothing, errNotInteger
	}
	return history.Integer(number), nil
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
	_, err := o.call(func(c *zk.Conn) error { _, err := c.Set(mine, []byte{}, anyVersion); return err })
	if errors.Is(err, zk.ErrNoNode) {
		err = o.make([]byte{}, append(ancestors(mine), mine)...)
		if err == nil { // it may have been there, by a client of the same name
			_, err = o.call(func(c *zk.Conn) error { _, err := c.Set(mine, []byte{}, anyVersion); return err })
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
		zxid, err := o.change(func(c *zk.Conn) error { _, err := c.Set(o.path(), decimal(number), anyVersion); return err })
		if !errors.Is(err, zk.ErrNoNode) {
			return history.Nothing, zxid, err
		}
		_, zxid, err = o.create(o.path(), decimal(number), zk.FlagPersistent)
		if !errors.Is(err, zk.ErrNodeExists) {
			return history.Nothing, zxid, err
		}
	}
}

// change reads the argument of a CAS: what is expected, an integer or nothing, and what is to be.
func change(argument history.Value) (from history.Value, to int64, good bool) {
	both, isList := argument.AsList()
	if !isList || len(both) != 2 {
		return history.Nothing, 0, false
	}
	_, isInteger := both[0].AsInteger()
	to, toGood := both[1].AsInteger()
	return both[0], to, toGood && (isInteger || both[0].IsNothing())
}

// compareAndSet reads here and sets there: the version makes the two one. From nothing, it creates.
func (o *operation) compareAndSet() (history.Value, int64, error) {
	from, to, _ := change(o.request.Value)
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
			_, err = c.Set(o.path(), decimal(to), stat.Version)
		} else {
			_, err = c.Create(o.path(), decimal(to), zk.FlagPersistent, everybody())
		}
		return err
	})
	return history.Nothing, zxid, err
}

// remove deletes a znode. That it is not there is as good.
func (o *operation) remove(path string) (history.Value, int64, error) {
	zxid, err := o.change(func(c *zk.Conn) error { return c.Delete(path, anyVersion) })
	if errors.Is(err, zk.ErrNoNode) {
		err = nil
	}
	return history.Nothing, zxid, err
}
