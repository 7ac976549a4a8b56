package cpstore

import (
	"slices"
	"strings"

	"cleave/history"
)

// servicesRoot is the parent of all services.
const servicesRoot = "/services"

func servicePath(service string) string { return servicesRoot + "/" + service }

// instancePath is the znode of an instance "service/name".
func instancePath(id string) string { return servicesRoot + "/" + id }

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
		o.unresolved = true // an earlier register of it may still come through
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
		c.ask(request{kind: requestDelete, path: instancePath(id), version: anyVersion}, func(p *reply) {
			if p.code == CodeOK || p.code == CodeNoNode {
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
func (i *instance) ask(q request, handle func(*reply)) {
	i.busy = true
	i.client.ask(q, func(p *reply) {
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
	if i.operation != nil {
		i.operation.unresolved = true
	}
	i.ask(request{kind: requestCreate, path: instancePath(i.id), ephemeral: true}, func(p *reply) {
		if p.code != CodeOK && i.operation != nil {
			i.operation.unresolved = false
		}
		switch p.code {
		case CodeOK:
			i.acknowledge(p.zxid)
		case CodeNoNode:
			i.createParent(servicesRoot)
		case CodeNodeExists:
			i.inspect()
		default:
			i.refused(p.code)
		}
	})
}

// createParent makes the root, then the service, then tries again.
func (i *instance) createParent(path string) {
	i.ask(request{kind: requestCreate, path: path}, func(p *reply) {
		switch {
		case p.code != CodeOK && p.code != CodeNodeExists:
			i.refused(p.code)
		case path == servicesRoot:
			service, _, _ := strings.Cut(i.id, "/")
			i.createParent(servicePath(service))
		default:
			i.create()
		}
	})
}

// inspect asks whose the node is that is already there: this session's, by an answer that got lost;
// an earlier one's, which will not go on renewing it; or a stranger's.
func (i *instance) inspect() {
	i.ask(request{kind: requestExists, path: instancePath(i.id)}, func(p *reply) {
		switch {
		case p.code == CodeNoNode:
			i.create()
		case p.code != CodeOK:
			i.refused(p.code)
		case p.stat.EphemeralOwner == i.client.session:
			i.acknowledge(p.zxid)
		case slices.Contains(i.client.former, p.stat.EphemeralOwner):
			i.ask(request{kind: requestDelete, path: instancePath(i.id), version: anyVersion}, func(*reply) { i.create() })
		default:
			i.refused(CodeNodeExists)
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
func (i *instance) refused(code Code) {
	if code == CodeSessionExpired {
		return // the server ends the connection; a new session will try again
	}
	if o := i.operation; o != nil {
		o.refused(code)
	}
	i.client.withdraw(i)
}
