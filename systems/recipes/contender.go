package recipes

import (
	"fmt"
	"time"

	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
	"cleave/world"
)

// contender is a place in a queue of numbered ephemeral nodes below a parent (ZooKeeper Recipes, "Leader Election"
// and "Locks"): whose number is the lowest holds what they contend for, everybody else watches the node before his own, so
// that one departure wakes one. A node's name begins with what is unique to it, by which it is found again when
// its creation was not answered (Curator's protection mode).
//
// The place is kept through losses of the connection. With the session it is gone, and taken anew if it is still
// wanted.
//
//	absent ──▶ asked ──▶ seated ──▶ leaving ──▶ absent
//	             ╰▶ unsure ──╯ (after a loss: found, or asked for again)
type contender struct {
	kit    *kit
	parent string // path
	kind   string // "w", "read", "write": the word before the number
	shares bool   // it waits only for those that do not share
	// careless: what it holds it believes to hold until it leaves, whatever becomes of the connection and the session.
	careless bool
	// changed is called when first has changed.
	changed func()

	wanted bool
	stage  stage
	owner  string // what is unique in its node's name
	node   string // path, once seated
	token  int64  // the zxid that created it: higher for every later holder
	first  bool   // as far as it knows, it holds what it contends for
	ahead  string // path of the node that it watches
	down   bool   // BugStaysDown: it has stepped down with this node
	vigil  world.Timer
}

// stage is how far a contender is.
type stage uint8

const (
	absent  stage = iota // it has no node
	asked                // its creation was asked for
	unsure               // and not answered: there is one, or there is none
	seated               // it has
	leaving              // it is to be removed
)

// join takes a place.
func (c *contender) join() {
	c.wanted = true
	if c.stage == absent && c.kit.Attached() {
		c.sit()
	}
}

// leave gives the place up.
func (c *contender) leave() {
	c.wanted = false
	c.believe(false)
	if c.stage == seated {
		c.stage = leaving
		c.removeNode()
	}
}

// sit asks for a new node, under a name of its own.
func (c *contender) sit() {
	c.kit.ids++
	c.down = false
	c.owner = fmt.Sprintf("%s.%d", c.kit.Environment().Name(), c.kit.ids)
	c.create()
}

// create asks for the node.
func (c *contender) create() {
	c.stage = asked
	name := c.parent + "/" + c.owner + "-" + c.kind + "-"
	c.kit.Ask(zkclient.Create(name, []byte(c.owner), zkwire.FlagEphemeralSequential), func(p *zkwire.Reply) {
		switch {
		case c.stage != asked: // the session is gone
		case p == nil:
			c.stage = unsure
		case p.Code == zkwire.NoNode:
			c.kit.parents(name, c.create, func(*zkwire.Reply) { c.stage = unsure })
		case p.Code == zkwire.OK:
			c.seat(p.Path, p.Zxid)
		default:
			c.stage = absent // the session is about to end, or nothing can be made here
		}
	})
}

// seat takes the node that was made, or found again.
func (c *contender) seat(node string, token int64) {
	c.stage, c.node, c.token, c.ahead = seated, node, token, ""
	if !c.wanted {
		c.stage = leaving
		c.removeNode()
		return
	}
	c.look()
}

// find looks for a node whose creation was not answered. The server may be behind the one that made it: it is
// synced first.
func (c *contender) find() {
	if c.kit.bug == BugOrphan {
		c.sit()
		return
	}
	c.kit.synced(children(c.parent), func(p *zkwire.Reply) {
		switch {
		case c.stage != unsure || p == nil:
		case p.Code == zkwire.NoNode:
			c.absentAgain()
		case p.Code == zkwire.OK:
			for _, one := range placesIn(p.Names) {
				if one.owner == c.owner {
					c.tell(c.parent + "/" + one.name)
					return
				}
			}
			c.absentAgain()
		}
	})
}

// tell learns when the node that was found was made.
func (c *contender) tell(node string) {
	c.kit.Ask(zkclient.Exists(node), func(p *zkwire.Reply) {
		switch {
		case c.stage != unsure || p == nil:
		case p.Code == zkwire.OK:
			c.seat(node, p.Stat.Czxid)
		default:
			c.absentAgain()
		}
	})
}

// absentAgain takes a new place, if one is still wanted.
func (c *contender) absentAgain() {
	c.stage, c.node = absent, ""
	if c.careless && c.first {
		return
	}
	c.believe(false)
	if c.wanted {
		c.sit()
	}
}

// look sees who is before it.
func (c *contender) look() {
	if c.down {
		return
	}
	q := children(c.parent)
	q.Watch = c.kit.bug == BugWatchParent
	c.kit.Ask(q, func(p *zkwire.Reply) {
		if c.stage != seated || p == nil || p.Code != zkwire.OK {
			return
		}
		places := placesIn(p.Names)
		before, there := c.before(places)
		switch {
		case !there:
			c.absentAgain()
		case before == "":
			c.hold()
		case !q.Watch:
			c.watch(c.parent + "/" + before)
		}
	})
}

// before names the last of those before it that it waits for, "" if it waits for nobody. It is not there if its own
// node is not.
func (c *contender) before(places []place) (name string, there bool) {
	for _, one := range places {
		if c.parent+"/"+one.name == c.node {
			return name, true
		}
		if c.waitsFor(one) {
			name = one.name
		}
	}
	return "", false
}

// waitsFor tells whether it waits for somebody before it: not if both share.
func (c *contender) waitsFor(before place) bool {
	if c.kit.bug == BugPassesReaders {
		return before.kind != reading
	}
	return !c.shares || before.kind != c.kind
}

// watch waits for the end of the node before it.
func (c *contender) watch(node string) {
	c.ahead = node
	q := zkclient.Exists(node)
	q.Watch = true
	c.kit.Ask(q, func(p *zkwire.Reply) {
		if c.stage == seated && p != nil && p.Code == zkwire.NoNode && c.ahead == node {
			c.look()
		}
	})
}

// event looks again when the one before it is gone.
func (c *contender) event(event zkwire.Event) {
	gone := event.Type == zkwire.EventDeleted && event.Path == c.ahead
	herded := event.Type == zkwire.EventChildren && event.Path == c.parent
	if c.stage == seated && (gone || herded) {
		c.kit.Environment().Note(noteWoken, event.Path)
		c.look()
	}
}

// attached goes on where the loss of the connection, or of the session, has left it.
func (c *contender) attached() {
	switch c.stage {
	case absent:
		if c.wanted && !c.first {
			c.sit()
		}
	case asked, unsure:
		c.stage = unsure
		c.find()
	case seated:
		c.look()
	case leaving:
		c.removeNode()
	}
}

// suspended lets go: the store may end the session without a word reaching this client.
func (c *contender) suspended() {
	c.down = c.down || c.first && c.kit.bug == BugStaysDown
	if !c.keeps() {
		c.believe(false)
	}
}

// expired has lost the place.
func (c *contender) expired() {
	c.stage, c.node, c.ahead = absent, "", ""
	if !c.careless {
		c.believe(false)
	}
}

// died has forgotten that it wanted anything.
func (c *contender) died() {
	c.wanted = false
	c.believe(false)
}

// keeps tells whether it goes on believing when its connection is lost.
func (c *contender) keeps() bool {
	return c.careless || c.kit.bug == BugKeepsLeading || c.kit.bug == BugKeepsLock
}

// removeNode removes what is not wanted any more, however often that takes.
func (c *contender) removeNode() {
	if !c.kit.Attached() {
		return // when it is again
	}
	node := c.node
	c.kit.Ask(zkclient.Remove(node), func(p *zkwire.Reply) {
		if c.stage == leaving && c.node == node && p != nil && (p.Code == zkwire.OK || p.Code == zkwire.NoNode) {
			c.stage, c.node = absent, ""
			if c.wanted {
				c.sit()
			}
		}
	})
}

// believe takes note of whether it is the first.
func (c *contender) believe(first bool) {
	if c.first == first {
		return
	}
	c.first = first
	c.changed()
}

// hold believes that it is the first, for as long as the session must be alive: as long as a server answers in time.
// If none has, it looks again in a while.
func (c *contender) hold() {
	env := c.kit.Environment()
	left := c.kit.AliveUntil() - env.Elapsed()
	if c.keeps() {
		left = c.kit.Options().SessionTimeout
	}
	c.believe(left > 0)
	if c.vigil != nil {
		c.vigil.Stop()
	}
	c.vigil = env.After(max(left, retry), func() {
		switch {
		case c.first:
			c.hold()
		case c.stage == seated && c.kit.Attached():
			c.look()
		}
	})
}

// retry is how long something is waited for that gives no notice.
const retry = 200 * time.Millisecond
