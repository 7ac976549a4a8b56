package zkclient

import (
	"slices"
	"strings"

	"cleave/history"
	"cleave/systems/zkwire"
)

// instance is something that the client is to keep registered, as an ephemeral node of its session.
type instance struct {
	client    *client
	id        string     // service/name
	held      bool       // acknowledged in this session
	busy      bool       // something was sent for it and is not answered
	withdrawn bool       // no longer wanted
	operation *operation // the register that waits for it, if one does
}

// desire changes what is to be registered, at once: what a register or deregister asks for is wanted
// from its invocation on.
func (c *client) desire(o *operation) *instance {
	at := slices.IndexFunc(c.desired, func(i *instance) bool { return i.id == o.request.Key })
	if o.request.Function == history.Deregister {
		if at >= 0 {
			c.withdraw(c.desired[at])
		}
		c.unwanted = append(c.unwanted, o.request.Key)
		return nil
	}
	c.removed(o.request.Key)
	if at >= 0 {
		c.desired[at].operation = o
		return c.desired[at]
	}
	wanted := &instance{client: c, id: o.request.Key, operation: o}
	c.desired = append(c.desired, wanted)
	return wanted
}

// removed says that an instance is gone, or wanted again: nothing is left to remove.
func (c *client) removed(id string) {
	c.unwanted = slices.DeleteFunc(c.unwanted, func(other string) bool { return other == id })
}

// remove takes out what a deregister could not in its time. Without it, an instance whose removal
// was lost with a connection would stay as long as the session.
func (c *client) remove() {
	for _, id := range slices.Clone(c.unwanted) {
		c.ask(Remove(InstancePath(id)), func(p *zkwire.Reply) {
			if p.Code == zkwire.OK || p.Code == zkwire.NoNode {
				c.removed(id)
			}
		})
	}
}

func (c *client) withdraw(i *instance) {
	i.withdrawn = true
	c.desired = slices.DeleteFunc(c.desired, func(other *instance) bool { return other == i })
}

// interrupted says that nothing asked for it will be answered any more.
func (i *instance) interrupted() { i.busy = false }

// ask sends a request for the instance. The reply is dropped if it is no longer wanted.
func (i *instance) ask(q zkwire.Request, handle func(*zkwire.Reply)) {
	i.busy = true
	i.client.ask(q, func(p *zkwire.Reply) {
		i.busy = false
		if !i.withdrawn {
			handle(p)
		}
	})
}

// ensure registers it, unless it is registered or about to be. A register that waits begins with it.
func (i *instance) ensure() {
	if o := i.operation; o != nil {
		o.begun = true
	}
	switch {
	case i.held:
		i.acknowledge(i.client.seen)
	case !i.busy:
		i.create()
	}
}

func (i *instance) create() {
	i.ask(Create(InstancePath(i.id), []byte{}, zkwire.FlagEphemeral), func(p *zkwire.Reply) {
		switch p.Code {
		case zkwire.OK:
			i.acknowledge(p.Zxid)
		case zkwire.NoNode:
			i.createParent(ServicesRoot)
		case zkwire.NodeExists:
			i.inspect()
		default:
			i.refused(p.Code)
		}
	})
}

// createParent makes the root, then the service, then tries again.
func (i *instance) createParent(path string) {
	i.ask(Create(path, []byte{}, zkwire.FlagPersistent), func(p *zkwire.Reply) {
		switch {
		case p.Code != zkwire.OK && p.Code != zkwire.NodeExists:
			i.refused(p.Code)
		case path == ServicesRoot:
			service, _, _ := strings.Cut(i.id, "/")
			i.createParent(ServicePath(service))
		default:
			i.create()
		}
	})
}

// inspect asks whose the node is that is already there: this session's, by an answer that got lost;
// an earlier one's, which will not go on renewing it; or a stranger's.
func (i *instance) inspect() {
	i.ask(Exists(InstancePath(i.id)), func(p *zkwire.Reply) {
		switch {
		case p.Code == zkwire.NoNode:
			i.create()
		case p.Code != zkwire.OK:
			i.refused(p.Code)
		case p.Stat.EphemeralOwner == i.client.session:
			i.acknowledge(p.Zxid)
		case slices.Contains(i.client.former, p.Stat.EphemeralOwner):
			i.ask(Remove(InstancePath(i.id)), func(*zkwire.Reply) { i.create() })
		default:
			i.refused(zkwire.NodeExists)
		}
	})
}

func (i *instance) acknowledge(zxid int64) {
	i.held = true
	if o := i.operation; o != nil {
		o.ok(history.Nothing, zxid)
	}
}

// refused gives up what the store will not have.
func (i *instance) refused(code zkwire.Code) {
	if code == zkwire.SessionExpired {
		return // the server ends the connection; a new session will try again
	}
	i.client.withdraw(i) // before the completion, which may bring the next register
	if o := i.operation; o != nil {
		o.refused(code)
	}
}

// lookup lists a service's instances by their full ids.
func (o *operation) lookup() {
	service := o.request.Key
	o.ask(zkwire.Request{Op: zkwire.OpGetChildren, Path: ServicePath(service)}, func(p *zkwire.Reply) {
		if p.Code != zkwire.OK && p.Code != zkwire.NoNode {
			o.refused(p.Code)
			return
		}
		ids := make([]string, len(p.Names))
		for i, name := range p.Names {
			ids[i] = service + "/" + name
		}
		slices.Sort(ids)
		o.ok(history.Texts(ids), p.Zxid)
	})
}

// deregister deletes the node, whoever's session it belongs to by now.
func (o *operation) deregister() {
	o.change(Remove(InstancePath(o.request.Key)), func(p *zkwire.Reply) {
		if p.Code == zkwire.NoNode {
			p.Code = zkwire.OK
		}
		if p.Code == zkwire.OK {
			o.client.removed(o.request.Key)
		}
		o.acknowledged(p)
	})
}
