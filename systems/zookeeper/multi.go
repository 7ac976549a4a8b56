package zookeeper

import (
	"errors"

	"github.com/go-zookeeper/zk"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// multi sets both halves in one transaction, which leaves a trace of its own. That of a multi-fail
// ends with a check that cannot hold, so that a store which is atomic does nothing of it.
func (o *operation) multi() (history.Value, int64, error) {
	number, _ := o.request.Value.AsInteger()
	halves := zkclient.Halves(o.path())
	for {
		var wrong bool
		zxid, err := o.change(func(c *zk.Conn) error {
			parts := []any{
				&zk.SetDataRequest{Path: halves[0], Data: zkclient.Decimal(number), Version: zkclient.AnyVersion},
				&zk.SetDataRequest{Path: halves[1], Data: zkclient.Decimal(number), Version: zkclient.AnyVersion},
				&zk.CreateRequest{Path: o.path() + "/log-", Data: []byte{}, Acl: everybody(), Flags: zk.FlagSequence},
			}
			if o.request.Function == history.MultiFail {
				parts = append(parts, &zk.CheckVersionRequest{Path: halves[0], Version: zkclient.NeverVersion})
			}
			results, err := c.Multi(parts...)
			wrong = len(results) != len(parts)
			return err
		})
		switch {
		case err == nil && wrong:
			o.resolved(false)
			return history.Nothing, zxid, errBadReply
		case !errors.Is(err, zk.ErrNoNode):
			return history.Nothing, zxid, err
		}
		if err := o.makeHalves(); err != nil {
			return history.Nothing, 0, err
		}
	}
}

// makeHalves makes the pair, each half 0.
func (o *operation) makeHalves() error {
	if err := o.make([]byte{}, zkclient.Ancestors(zkclient.Halves(o.path())[0])...); err != nil {
		return err
	}
	return o.make(zkclient.Decimal(0), zkclient.Halves(o.path())...)
}

// check asks for a condition alone, which a server is to refuse, and which the library never does. A
// server that refuses it ends the connection then, and the client comes again at once: the server
// answers, so it will take the session. One before 3.8.5 and 3.9.3 takes it into its log, and dies of
// it (ZOOKEEPER-2623).
func (o *operation) check() (history.Value, int64, error) {
	p, err := o.ask(zkwire.Request{Op: zkwire.OpCheck, Path: zkclient.Halves(o.path())[0], Version: zkclient.AnyVersion})
	if errors.Is(err, refusal(zkwire.Unimplemented)) {
		o.user.mutex.Lock()
		o.user.hangUp()
		o.user.mutex.Unlock()
	}
	if err != nil {
		return history.Nothing, 0, err
	}
	return history.Nothing, p.Zxid, nil
}

// readPair reads both halves at one instant, for which the library has no request.
func (o *operation) readPair() (history.Value, int64, error) {
	q := zkwire.Request{Op: zkwire.OpMultiRead}
	for _, half := range zkclient.Halves(o.path()) {
		q.Operations = append(q.Operations, zkwire.Request{Op: zkwire.OpGetData, Path: half})
	}
	p, err := o.ask(q)
	if err != nil {
		return history.Nothing, 0, err
	}
	if len(p.Results) != len(q.Operations) {
		return history.Nothing, 0, errBadReply
	}
	values := make([]history.Value, len(p.Results))
	for i, result := range p.Results {
		switch {
		case result.Op == zkwire.OpGetData:
			if values[i], err = integer(result.Data); err != nil {
				return history.Nothing, 0, err
			}
		case result.Op != zkwire.OpError:
			return history.Nothing, 0, errBadReply
		case result.Code != zkwire.NoNode:
			return history.Nothing, 0, refusal(result.Code)
		}
	}
	return history.List(values...), p.Zxid, nil
}
