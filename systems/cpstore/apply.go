package cpstore

import (
	"go.etcd.io/raft/v3/raftpb"

	"cleave/systems/zkwire"
	"cleave/systems/znodes"
)

// apply carries out one committed entry. Watchers hear of the change before its writer does.
func (n *node) apply(entry *raftpb.Entry) {
	n.applied = entry.Index
	if entry.Type == raftpb.EntryConfChange {
		n.reconfigure(entry)
		return
	}
	if len(entry.Data) == 0 {
		n.state.Advance(entry.Term) // a new leader's first entry
		return
	}
	c, good := znodes.DecodeCommand(entry.Data)
	if !good {
		panic("cpstore: a committed command does not decode")
	}
	if n.cluster.Bug == BugLoneCheck {
		n.assertKnown(&c)
	}
	r := n.state.Apply(entry.Term, &c)
	n.trigger(r.Changes)
	n.observe(&c, &r)
	if c.ID != 0 && c.Node == n.id && c.Boot == n.boot {
		n.settleWrite(c.ID, &r)
	}
}

// assertKnown is BugLoneCheck's end: what was let into the log stays there, and nobody can carry it out.
func (n *node) assertKnown(c *znodes.Command) {
	if c.Kind != znodes.CommandWrite {
		return
	}
	if _, op, err := zkwire.DecodeHeader(c.Request); err == nil && op == zkwire.OpCheck {
		panic("cpstore: the log holds an operation that cannot be carried out: check")
	}
}

// observe draws the consequences of a command for what is not replicated: the leader's clocks and the
// connections of sessions that are no longer here.
func (n *node) observe(c *znodes.Command, r *znodes.Result) {
	good := r.Reply.Code == zkwire.OK
	switch {
	case c.Kind == znodes.CommandOpen:
		n.heard(r.Session.ID)
	case c.Kind == znodes.CommandAttach && good:
		n.retime(r.Session)
		n.evict(r.Session.ID, r.Session.Attachment)
	case c.Kind == znodes.CommandClose && good:
		n.expired([]int64{c.Session})
	case c.Kind == znodes.CommandExpire:
		n.expired(c.Expired)
		for _, id := range c.Expired {
			n.evict(id, 0)
		}
	}
}

// decode reads a snapshot of the state.
func (n *node) decode(encoded []byte) (*znodes.State, error) {
	return znodes.Decode(encoded, n.stateOptions())
}

func (n *node) stateOptions() znodes.Options {
	return znodes.Options{ExtendedTypes: n.options.ExtendedTypes, Super: n.options.Super, SkipACL: n.options.SkipACL,
		Config: n.options.Membership, Bug: n.cluster.Bug}
}
