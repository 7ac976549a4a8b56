package zookeeper

import (
	"errors"
	"slices"
	"strings"

	"github.com/go-zookeeper/zk"

	"cleave/history"
	"cleave/systems/zkclient"
)

// instance is something that the client is to keep registered, as an ephemeral node of its session. The
// user's mutex guards it.
type instance struct {
	user      *user
	id        string     // service/name
	held      bool       // acknowledged in this session
	withdrawn bool       // no longer wanted
	operation *operation // the register that waits for it, if one does
}

// desire changes what is to be registered, at once: what a register or deregister asks for is wanted
// from its invocation on. The mutex is held.
func (u *user) desire(o *operation) *instance {
	at := slices.IndexFunc(u.desired, func(i *instance) bool { return i.id == o.request.Key })
	if o.request.Function == history.Deregister {
		if at >= 0 {
			u.withdraw(u.desired[at])
		}
		u.unwanted = append(u.unwanted, o.request.Key)
		return nil
	}
	u.removed(o.request.Key)
	if at >= 0 {
		u.desired[at].operation = o
		return u.desired[at]
	}
	wanted := &instance{user: u, id: o.request.Key, operation: o}
	u.desired = append(u.desired, wanted)
	return wanted
}

// removed says that an instance is gone, or wanted again: nothing is left to remove. The mutex is held.
func (u *user) removed(id string) {
	u.unwanted = slices.DeleteFunc(u.unwanted, func(other string) bool { return other == id })
}

// withdraw gives an instance up. The mutex is held.
func (u *user) withdraw(i *instance) {
	i.withdrawn = true
	u.desired = slices.DeleteFunc(u.desired, func(other *instance) bool { return other == i })
}

// tidy looks after what the client keeps up, on a new connection: it takes out what a deregister could
// not in its time, and registers what is not.
func (u *user) tidy(number int) {
	u.mutex.Lock()
	unwanted, desired := slices.Clone(u.unwanted), slices.Clone(u.desired)
	u.mutex.Unlock()
	for _, id := range unwanted {
		_, err := u.call(number, func(c *zk.Conn) error { return c.Delete(zkclient.InstancePath(id), zkclient.AnyVersion) })
		if err == nil || errors.Is(err, zk.ErrNoNode) {
			u.mutex.Lock()
			u.removed(id)
			u.mutex.Unlock()
		}
	}
	for _, i := range desired {
		u.mutex.Lock()
		later := i.withdrawn || i.operation != nil && !i.operation.begun // the operation itself comes next
		u.mutex.Unlock()
		if !later {
			_, _ = i.ensure(number) // if it fails, what is to be done is done: it is given up, or tried again with the next connection
		}
	}
}

// ensure registers the instance, unless it is registered, and gives the zxid of the reply. What the
// store will not have is given up.
func (i *instance) ensure(number int) (zxid int64, err error) {
	if zxid, held := i.isHeld(); held {
		return zxid, nil
	}
	for err = zk.ErrNoNode; errors.Is(err, zk.ErrNoNode); {
		zxid, err = i.create(number)
		switch {
		case errors.Is(err, zk.ErrNodeExists):
			zxid, err = i.inspect(number)
		case errors.Is(err, zk.ErrNoNode):
			if err := i.createParents(number); err != nil {
				return 0, i.refused(err)
			}
		}
	}
	if err != nil {
		return 0, i.refused(err)
	}
	i.acknowledge(number)
	return zxid, nil
}

func (i *instance) create(number int) (zxid int64, err error) {
	return i.user.call(number, func(c *zk.Conn) error {
		_, err := c.Create(zkclient.InstancePath(i.id), []byte{}, zk.FlagEphemeral, everybody())
		return err
	})
}

// createParents makes the root, then the service.
func (i *instance) createParents(number int) error {
	service, _, _ := strings.Cut(i.id, "/")
	for _, path := range []string{zkclient.ServicesRoot, zkclient.ServicePath(service)} {
		_, err := i.user.call(number, func(c *zk.Conn) error {
			_, err := c.Create(path, []byte{}, zk.FlagPersistent, everybody())
			return err
		})
		if err != nil && !errors.Is(err, zk.ErrNodeExists) {
			return err
		}
	}
	return nil
}

// inspect asks whose the node is that is already there: this session's, by an answer that got lost;
// an earlier one's, which will not go on renewing it; or a stranger's. ErrNoNode says that there is none
// any more, to be made anew.
func (i *instance) inspect(number int) (zxid int64, err error) {
	u := i.user
	var there bool
	var stat *zk.Stat
	zxid, err = u.call(number, func(c *zk.Conn) (err error) {
		there, stat, err = c.Exists(zkclient.InstancePath(i.id))
		return err
	})
	if err != nil {
		return 0, err
	}
	if !there {
		return 0, zk.ErrNoNode
	}
	u.mutex.Lock()
	mine, former := stat.EphemeralOwner == u.id, slices.Contains(u.former, stat.EphemeralOwner)
	u.mutex.Unlock()
	switch {
	case mine:
		return zxid, nil
	case former:
		if _, err := u.call(number, func(c *zk.Conn) error { return c.Delete(zkclient.InstancePath(i.id), zkclient.AnyVersion) }); err != nil {
			return 0, err
		}
		return 0, zk.ErrNoNode
	}
	return 0, zk.ErrNodeExists
}

func (i *instance) isHeld() (zxid int64, held bool) {
	i.user.mutex.Lock()
	defer i.user.mutex.Unlock()
	return i.user.seen, i.held
}

// acknowledge takes note that it is registered, if the session is still the same.
func (i *instance) acknowledge(number int) {
	i.user.mutex.Lock()
	defer i.user.mutex.Unlock()
	i.held = i.user.attached && i.user.tap.number == number
}

// refused gives up what the store will not have. After the end of a connection or a session it is tried
// again. The error is the same.
func (i *instance) refused(err error) error {
	if refuses(err) && !errors.Is(err, errUnsent) {
		i.user.mutex.Lock()
		i.user.withdraw(i)
		i.user.mutex.Unlock()
	}
	return err
}

// lookup lists a service's instances by their full ids.
func (o *operation) lookup() (history.Value, int64, error) {
	service := o.request.Key
	var names []string
	zxid, err := o.call(func(c *zk.Conn) (err error) {
		names, _, err = c.Children(zkclient.ServicePath(service))
		return err
	})
	if err != nil && !errors.Is(err, zk.ErrNoNode) {
		return history.Nothing, zxid, err
	}
	ids := make([]string, len(names))
	for i, name := range names {
		ids[i] = service + "/" + name
	}
	slices.Sort(ids)
	return history.Texts(ids), zxid, nil
}

// deregister deletes the node, whoever's session it belongs to by now.
func (o *operation) deregister() (history.Value, int64, error) {
	value, zxid, err := o.remove(zkclient.InstancePath(o.request.Key))
	if err == nil {
		o.user.mutex.Lock()
		o.user.removed(o.request.Key)
		o.user.mutex.Unlock()
	}
	return value, zxid, err
}
