package zookeeper

import (
	"errors"
	"slices"

	"github.com/go-zookeeper/zk"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// own makes an ephemeral node that says whose it is. Unlike an instance it is not pursued: once the
// operation has ended, nothing is sent for it again, and what was sent may only come late.
func (o *operation) own() (history.Value, int64, error) {
	owner := zkclient.SessionText(o.session())
	_, zxid, err := o.create(o.path(), []byte(owner), zk.FlagEphemeral)
	return history.Text(owner), zxid, err
}

// session is the one that the client has now, which that of the operation is as long as it can ask.
func (o *operation) session() int64 {
	o.user.mutex.Lock()
	defer o.user.mutex.Unlock()
	return o.user.id
}

// owners lists the children of a node with what they hold: who owns them.
func (o *operation) owners() (history.Value, int64, error) {
	var names []string
	zxid, err := o.call(func(c *zk.Conn) (err error) {
		names, _, err = c.Children(o.path())
		return err
	})
	switch {
	case errors.Is(err, zk.ErrNoNode) || err == nil && len(names) == 0:
		return history.List(), zxid, nil
	case err != nil:
		return history.Nothing, zxid, err
	}
	return o.ownersOf(names)
}

// ownersOf asks for the children by name, and again for the list, as of one instant, for which the
// library has no request. If somebody has come in the meantime, it asks again; who has left is left out.
func (o *operation) ownersOf(names []string) (history.Value, int64, error) {
	for {
		slices.Sort(names)
		q := zkwire.Request{Op: zkwire.OpMultiRead, Operations: []zkwire.Request{{Op: zkwire.OpGetChildren, Path: o.path()}}}
		for _, name := range names {
			q.Operations = append(q.Operations, zkwire.Request{Op: zkwire.OpGetData, Path: o.path() + "/" + name})
		}
		p, err := o.ask(q)
		switch {
		case err != nil:
			return history.Nothing, 0, err
		case len(p.Results) != len(q.Operations):
			return history.Nothing, 0, errBadReply
		case p.Results[0].Op == zkwire.OpError && p.Results[0].Code != zkwire.NoNode:
			return history.Nothing, 0, refusal(p.Results[0].Code)
		case slices.ContainsFunc(p.Results[0].Names, func(name string) bool { return !slices.Contains(names, name) }):
			names = p.Results[0].Names
		default:
			return listed(names, p)
		}
	}
}

// listed gives pairs of a child and its owner, in order of name.
func listed(names []string, p *zkwire.Reply) (history.Value, int64, error) {
	var list []history.Value
	for i, result := range p.Results[1:] {
		switch {
		case result.Op == zkwire.OpGetData:
			list = append(list, history.List(history.Text(names[i]), history.Text(string(result.Data))))
		case result.Op != zkwire.OpError:
			return history.Nothing, 0, errBadReply
		case result.Code != zkwire.NoNode:
			return history.Nothing, 0, refusal(result.Code)
		}
	}
	return history.List(list...), p.Zxid, nil
}

// closeSession ends the session in good order; the client then opens another. It is asked past the
// library, whose Close does not say what came of it.
func (o *operation) closeSession() (history.Value, int64, error) {
	session := o.session()
	o.resolved(false)
	p, err := o.ask(zkwire.Request{Op: zkwire.OpCloseSession})
	if err != nil {
		o.resolved(refuses(err))
		return history.Nothing, 0, err
	}
	return history.Text(zkclient.SessionText(session)), p.Zxid, nil
}

// die leaves without a word: the session, and what it holds, is left to expire. The mutex is held.
func (o *operation) die() {
	session := history.Nothing
	if o.user.id != 0 {
		session = history.Text(zkclient.SessionText(o.user.id))
	}
	o.user.abandon()
	o.end(session, 0, nil)
}
