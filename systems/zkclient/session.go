package zkclient

import (
	"slices"

	"cleave/history"
	"cleave/systems/zkwire"
)

// own makes an ephemeral node that says whose it is. Unlike an instance it is not pursued: once the
// operation has ended, nothing is sent for it again, and what was sent may only come late.
func (o *operation) own() {
	owner := SessionText(o.client.session)
	o.change(Create(o.path(), []byte(owner), zkwire.FlagEphemeral), func(p *zkwire.Reply) {
		switch p.Code {
		case zkwire.OK:
			o.ok(history.Text(owner), p.Zxid)
		case zkwire.NoNode:
			o.parents(o.path(), o.own)
		default:
			o.refused(p.Code)
		}
	})
}

// owners lists the children of a node with what they hold: who owns them.
func (o *operation) owners() {
	o.ask(zkwire.Request{Op: zkwire.OpGetChildren2, Path: o.path()}, func(p *zkwire.Reply) {
		switch {
		case p.Code == zkwire.NoNode || p.Code == zkwire.OK && len(p.Names) == 0:
			o.ok(history.List(), p.Zxid)
		case p.Code != zkwire.OK:
			o.refused(p.Code)
		default:
			o.ownersOf(p.Names)
		}
	})
}

// ownersOf asks for the children by name, and again for the list, as of one instant. If somebody has
// come in the meantime, it asks again; who has left is left out.
func (o *operation) ownersOf(names []string) {
	slices.Sort(names)
	q := zkwire.Request{Op: zkwire.OpMultiRead, Operations: make([]zkwire.Request, 0, 1+len(names))}
	q.Operations = append(q.Operations, zkwire.Request{Op: zkwire.OpGetChildren, Path: o.path()})
	for _, name := range names {
		q.Operations = append(q.Operations, Get(o.path()+"/"+name))
	}
	o.ask(q, func(p *zkwire.Reply) {
		switch {
		case p.Code != zkwire.OK:
			o.refused(p.Code)
		case len(p.Results) != len(q.Operations):
			o.failed(ErrorBadReply)
		case p.Results[0].Op == zkwire.OpError && p.Results[0].Code != zkwire.NoNode:
			o.refused(p.Results[0].Code)
		case !slices.Equal(p.Results[0].Names, names) &&
			slices.ContainsFunc(p.Results[0].Names, func(name string) bool { return !sortedHas(names, name) }):
			o.ownersOf(p.Results[0].Names)
		default:
			o.listed(names, p)
		}
	})
}

func sortedHas(names []string, name string) bool {
	_, found := slices.BinarySearch(names, name)
	return found
}

// listed completes with pairs of a child and its owner, in order of name.
func (o *operation) listed(names []string, p *zkwire.Reply) {
	var list []history.Value
	for i := range names {
		result := &p.Results[1+i]
		switch {
		case result.Op == zkwire.OpGetData:
			if list == nil {
				list = make([]history.Value, 0, len(names))
			}
			list = append(list, history.Texts([]string{names[i], string(result.Data)}))
		case result.Op != zkwire.OpError:
			o.failed(ErrorBadReply)
			return
		case result.Code != zkwire.NoNode:
			o.refused(result.Code)
			return
		}
	}
	o.ok(history.List(list...), p.Zxid)
}

// closeSession ends the session in good order; the client then opens another.
func (o *operation) closeSession() {
	session := o.client.session
	o.change(zkwire.Request{Op: zkwire.OpCloseSession}, func(p *zkwire.Reply) {
		if p.Code != zkwire.OK {
			o.refused(p.Code)
			return
		}
		o.client.abandon() // before the completion, which may bring the next request
		o.ok(history.Text(SessionText(session)), p.Zxid)
	})
}

// die leaves without a word: the session, and what it holds, is left to expire. The client starts anew
// with the server it had: its own may be out of reach, and it has no more time to search than before.
func (o *operation) die() {
	c, session := o.client, history.Nothing
	if c.session != 0 {
		session = history.Text(SessionText(c.session))
	}
	c.desired = nil
	c.retire()
	if mortal, is := c.application.(Mortal); is {
		mortal.Died()
	}
	c.leave()
	c.connect()
	o.ok(session, 0)
}
