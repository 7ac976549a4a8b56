package zookeeper

import (
	"errors"
	"strconv"
	"strings"

	"github.com/go-zookeeper/zk"

	"cleave/history"
	"cleave/systems/zkclient"
)

// everybody is the access list of all that this client makes.
func everybody() []zk.ACL { return zk.WorldACL(zk.PermAll) }

// create makes the znode that an operation is judged by, and what is missing above it.
func (o *operation) create(path string, data []byte, flags int32) (made string, zxid int64, err error) {
	for {
		zxid, err = o.change(func(c *zk.Conn) (err error) {
			made, err = c.Create(path, data, flags, everybody())
			return err
		})
		above := zkclient.Ancestors(path)
		if !errors.Is(err, zk.ErrNoNode) || len(above) == 0 {
			return made, zxid, err
		}
		if err := o.make([]byte{}, above...); err != nil {
			return "", 0, err
		}
	}
}

// make makes persistent znodes that are not there yet, in order. They are no part of what the operation
// is judged by: if it ends here, it certainly did not happen.
func (o *operation) make(data []byte, missing ...string) error {
	for _, path := range missing {
		_, err := o.call(func(c *zk.Conn) error {
			_, err := c.Create(path, data, zk.FlagPersistent, everybody())
			return err
		})
		if err != nil && !errors.Is(err, zk.ErrNodeExists) {
			return err
		}
	}
	return nil
}

// createSequential makes a child whose name ends in the number that the store gives it.
func (o *operation) createSequential() (history.Value, int64, error) {
	prefix := o.path() + "/n-"
	made, zxid, err := o.create(prefix, []byte{}, zk.FlagSequence)
	if err != nil {
		return history.Nothing, zxid, err
	}
	suffix, found := strings.CutPrefix(made, prefix)
	number, err := strconv.ParseInt(suffix, 10, 64)
	if !found || err != nil {
		o.resolved(false)
		return history.Nothing, zxid, errBadReply
	}
	return history.Integer(number), zxid, nil
}
