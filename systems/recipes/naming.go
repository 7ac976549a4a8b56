package recipes

import (
	"fmt"
	"slices"

	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// naming gives out unique names: the numbers of sequential nodes that stay. A node's name begins with what is unique to the
// request, by which it is found again when its creation was not answered (Curator's protection mode). One that comes too late
// for its request is given back: its number is never given again.
//
//	c1 create /names/c1.4-id- ... connection lost ... list: c1.4-id-0000000017 ──▶ 17
type naming struct {
	*kit
	claims []*claim // all that are not done with, as they came
}

// claim is a name on its way.
type claim struct {
	naming *naming
	task   *task
	parent string // path
	owner  string // what is unique in its node's name
	unsure bool   // its creation was not answered
	node   string // path, once it is to be given back
}

func newNaming(k *kit) zkclient.Application { return &naming{kit: k} }

// Has tells which functions are its own.
func (n *naming) Has(function history.Function) bool {
	return has(function, history.CreateSequential, history.Children)
}

// Invoke starts a request.
func (n *naming) Invoke(request history.Request, done func(history.Completion)) {
	t := n.begin(request, done, nil)
	switch {
	case request.Function == history.Children:
		n.list(t)
	case !n.kit.Attached():
		t.failed(zkclient.ErrorNotConnected)
	default:
		c := &claim{naming: n, task: t, parent: path(request.Key)}
		n.claims = append(n.claims, c)
		c.name()
		c.create()
	}
}

// name makes up what its node is found again by.
func (c *claim) name() {
	if c.naming.bug != BugSharedName {
		c.naming.ids++
	}
	c.owner = fmt.Sprintf("%s.%d", c.naming.Environment().Name(), c.naming.ids)
}

// create asks for the node.
func (c *claim) create() {
	c.task.unsure = true
	name := c.parent + "/" + c.owner + "-id-"
	c.naming.Ask(zkclient.Create(name, []byte{}, zkwire.FlagSequential), func(p *zkwire.Reply) {
		switch {
		case p == nil:
			c.unsure = true
		case p.Code == zkwire.OK:
			c.made(p.Path, p.Zxid)
		case p.Code == zkwire.NoNode:
			c.task.unsure = false
			c.naming.parents(name, c.create, func(*zkwire.Reply) { c.refused(zkclient.ErrorConnectionLoss) })
		default:
			c.task.unsure = false
			c.refused(p.Code.String())
		}
	})
}

// refused ends a claim of which nothing was made.
func (c *claim) refused(reason string) {
	c.forget()
	c.task.failed(reason)
}

// forget is done with it.
func (c *claim) forget() {
	c.naming.claims = slices.DeleteFunc(c.naming.claims, func(other *claim) bool { return other == c })
}

// find looks for a node whose creation was not answered, after a sync, and asks for it again if it is not there and
// still wanted.
func (c *claim) find() {
	if c.naming.bug == BugNamesAgain {
		c.again()
		return
	}
	c.naming.synced(children(c.parent), func(p *zkwire.Reply) {
		if p == nil || p.Code != zkwire.OK && p.Code != zkwire.NoNode {
			return // with the next connection
		}
		for _, one := range slices.Backward(placesIn(p.Names)) {
			if one.owner == c.owner {
				c.made(c.parent+"/"+one.name, p.Zxid)
				return
			}
		}
		c.again()
	})
}

// again asks once more, unless it is too late.
func (c *claim) again() {
	if c.unsure = false; c.task.over {
		c.forget()
		return
	}
	c.name()
	c.create()
}

// made hands the number over, or gives the node back if nobody waits for it any more.
func (c *claim) made(node string, zxid int64) {
	c.unsure = false
	if c.task.over {
		c.node = node
		c.giveBack()
		return
	}
	c.forget()
	if c.naming.bug == BugCountsNames {
		c.count()
		return
	}
	if one, is := placeOf(node[len(c.parent)+1:]); is {
		c.task.ok(history.Integer(one.number), zxid)
	} else {
		c.task.failed(zkclient.ErrorBadReply)
	}
}

// count is BugCountsNames: it goes by how many there are besides its own.
func (c *claim) count() {
	c.task.ask(children(c.parent), func(p *zkwire.Reply) { c.task.ok(history.Integer(int64(len(p.Names)-1)), p.Zxid) })
}

// giveBack removes a node that nobody was told of, however often that takes.
func (c *claim) giveBack() {
	if c.naming.bug == BugNamesAgain {
		c.forget()
		return
	}
	c.naming.Ask(zkclient.Remove(c.node), func(p *zkwire.Reply) {
		if p != nil && (p.Code == zkwire.OK || p.Code == zkwire.NoNode) {
			c.forget()
		}
	})
}

// Attached goes on with what the loss of the connection has left.
func (n *naming) Attached(bool) {
	for _, c := range slices.Clone(n.claims) {
		switch {
		case c.node != "":
			c.giveBack()
		case c.unsure:
			c.find()
		}
	}
}

// Suspended has nothing to let go.
func (n *naming) Suspended() {}

// Expired has nothing to lose: the nodes stay.
func (n *naming) Expired() {}

// Died has forgotten what it was about.
func (n *naming) Died() { n.claims = nil }

// Event is not waited for.
func (n *naming) Event(zkwire.Event) {}
