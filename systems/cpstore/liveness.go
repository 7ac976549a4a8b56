package cpstore

import (
	"cmp"
	"slices"
	"time"
)

// clock says when the leader gives a session up. It is the leader's alone, on its own monotonic
// clock; a new leader starts them all with the full timeout.
type clock struct {
	session  int64
	timeout  time.Duration
	deadline time.Duration
	proposed time.Duration // when its expiry was proposed, 0 if it was not
}

// startClocks gives every session its full timeout, as a new leader does.
func (n *node) startClocks() {
	now := n.env.Elapsed()
	n.clocks = n.clocks[:0]
	for i := range n.state.sessions {
		one := &n.state.sessions[i]
		n.clocks = append(n.clocks, clock{session: one.id, timeout: one.timeout, deadline: now + one.timeout})
	}
}

func (n *node) findClock(id int64) (int, bool) {
	return slices.BinarySearchFunc(n.clocks, id, func(one clock, id int64) int { return cmp.Compare(one.session, id) })
}

// hear notes that a session is alive: the leader resets its clock, a follower will tell the leader.
func (n *node) hear(id int64) {
	if n.role.leading {
		n.heard(id)
	} else if !slices.Contains(n.touched, id) {
		n.touched = append(n.touched, id)
	}
}

// heard resets a session's clock, if this node leads.
func (n *node) heard(id int64) {
	if !n.role.leading {
		return
	}
	now := n.env.Elapsed()
	if at, found := n.findClock(id); found {
		n.clocks[at].deadline = now + n.clocks[at].timeout
	} else if one := n.state.sessions.find(id); one != nil {
		n.clocks = slices.Insert(n.clocks, at, clock{session: id, timeout: one.timeout, deadline: now + one.timeout})
	}
}

// expired forgets the clocks of sessions that have ended.
func (n *node) expired(ids []int64) {
	for _, id := range ids {
		if at, found := n.findClock(id); found {
			n.clocks = slices.Delete(n.clocks, at, at+1)
		}
	}
}

// expireSessions proposes the end of all sessions whose time is up, in one command. They end when it
// is applied.
func (n *node) expireSessions() {
	now := n.env.Elapsed()
	var ids []int64
	for i := range n.clocks {
		c := &n.clocks[i]
		if now > c.deadline && (c.proposed == 0 || now-c.proposed > expiryWait) {
			c.proposed = now
			ids = append(ids, c.session)
		}
	}
	if len(ids) > 0 {
		c := command{kind: commandExpire, node: n.id, boot: n.boot, time: int64(n.env.Now()), expired: ids}
		_ = n.raft.Propose(c.encode()) // dropped: proposed again after expiryWait
	}
}
