package recipes

import (
	"cleave/history"
	"cleave/systems/zkclient"
	"cleave/systems/zkwire"
)

// kept is an ephemeral node that a client keeps up for as long as it is wanted: it is made again in every new session. One
// that an earlier session has left would go with that session, however long that takes; it is removed, and made anew.
//
//	create ──▶ is there
//	   ╰─────▶ nodeExists: whose is it? ──▶ this session's: is there
//	                                  ╰───▶ another's: delete, create
type kept struct {
	kit  *kit
	node string // path
	data []byte

	wanted bool
	held   bool  // acknowledged in this session
	litter bool  // it is not wanted, and may be there
	busy   bool  // something was asked for it, and is not answered
	waiter *task // what waits for it to be there, or gone; nil if nothing does
}

// want has the node kept up, or taken down, from now on, however long that takes. The task completes when it is.
func (n *kept) want(wanted bool, t *task) {
	t.unsure = true // what was not done in its time is done later
	n.wanted, n.litter, n.waiter = wanted, !wanted, t
	n.step()
}

// keepUp has it kept up, with nobody waiting for it.
func (n *kept) keepUp() {
	n.wanted, n.litter = true, false
	n.step()
}

// step does what is to be done next, if it can be.
func (n *kept) step() {
	switch {
	case n.busy || !n.kit.Attached():
	case n.wanted && !n.held:
		n.create()
	case n.litter:
		n.held = false // from now on it may be gone, answer or none
		n.ask(zkclient.Remove(n.node), func(p *zkwire.Reply) bool {
			done := p.Code == zkwire.OK || p.Code == zkwire.NoNode
			n.litter = n.litter && !done
			return done
		})
	case n.waiter != nil:
		t := n.waiter
		n.waiter = nil
		t.ok(history.Nothing, n.kit.Seen())
	}
}

// ask sends a request for the node, and goes on with the next step: at once, or in a while if the request was refused. A
// loss of the connection leaves it to the next one.
func (n *kept) ask(q zkwire.Request, done func(*zkwire.Reply) bool) {
	n.busy = true
	n.kit.Ask(q, func(p *zkwire.Reply) {
		n.busy = false
		switch {
		case p == nil:
		case done(p):
			n.step()
		default:
			n.kit.later(n.step)
		}
	})
}

func (n *kept) create() {
	n.ask(zkclient.Create(n.node, n.data, zkwire.FlagEphemeral), func(p *zkwire.Reply) bool {
		switch p.Code {
		case zkwire.OK:
			n.held = true
		case zkwire.NoNode:
			n.busy = true
			n.kit.parents(n.node, n.free, func(*zkwire.Reply) { n.free() })
		case zkwire.NodeExists:
			if n.held = n.kit.bug == BugSwallowsExists; !n.held {
				n.inspect()
			}
		default:
			return false
		}
		return true
	})
}

// free goes on after others have been asked for.
func (n *kept) free() {
	n.busy = false
	n.kit.later(n.step)
}

// inspect asks whose the node is that is there already.
func (n *kept) inspect() {
	n.ask(zkclient.Exists(n.node), func(p *zkwire.Reply) bool {
		switch {
		case p.Code == zkwire.OK && p.Stat.EphemeralOwner == n.kit.ID():
			n.held = true
		case p.Code == zkwire.OK:
			n.ask(zkclient.Remove(n.node), func(p *zkwire.Reply) bool { return p.Code == zkwire.OK || p.Code == zkwire.NoNode })
		default:
			return p.Code == zkwire.NoNode
		}
		return true
	})
}

// expired has lost the node.
func (n *kept) expired() {
	if n.kit.bug != BugStaysOut {
		n.held = false
	}
}

// died has forgotten it.
func (n *kept) died() { n.wanted, n.held, n.litter, n.waiter = false, false, false, nil }
