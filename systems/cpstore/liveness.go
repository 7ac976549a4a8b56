package cpstore

import (
	"cmp"
	"slices"
	"time"

	"cleave/systems/znodes"
	"cleave/world"
)

// clock says when the leader gives a session up. It is the leader's alone, on its own monotonic
// clock; a new leader starts them all with the full timeout.
type clock struct {
	session  int64
	timeout  time.Duration
	deadline time.Duration
	proposed time.Duration // when its expiry was proposed, 0 if it was not
}

// sessionTime is what sessions are timed by: never the wall clock, which may jump; but for
// planted bugs.
func (n *node) sessionTime() time.Duration {
	switch n.cluster.Bug {
	case BugWallClock:
		return n.env.Now()
	case BugPauseDetector:
		return n.believedTime()
	}
	return n.env.Elapsed()
}

// startClocks gives every session its full timeout, as a new leader does.
func (n *node) startClocks() {
	now := n.sessionTime()
	n.clocks = n.clocks[:0]
	if n.cluster.Bug == BugEndlessSession {
		return
	}
	for _, one := range n.state.Sessions() {
		n.clocks = append(n.clocks, clock{session: one.ID, timeout: one.Timeout, deadline: now + one.Timeout})
	}
}

func (n *node) findClock(id int64) (int, bool) {
	return slices.BinarySearchFunc(n.clocks, id, func(one clock, id int64) int { return cmp.Compare(one.session, id) })
}

// hear notes that a client's session is alive: the leader resets its clock, a follower will tell the
// leader.
func (n *node) hear(l *link, writes bool) {
	switch {
	case l.stage != attached:
	case n.role.leading:
		n.heard(l.session)
	case n.cluster.Bug == BugDeafFollower && !writes:
	case l.touched != n.touches:
		l.touched = n.touches
		n.touched = append(n.touched, l.session)
	}
}

// heard resets a session's clock, if this node leads.
func (n *node) heard(id int64) {
	if !n.role.leading {
		return
	}
	now := n.sessionTime()
	if at, found := n.findClock(id); found {
		n.clocks[at].deadline = now + n.clocks[at].timeout
	} else if one, there := n.state.Session(id); there {
		n.clocks = slices.Insert(n.clocks, at, clock{session: id, timeout: one.Timeout, deadline: now + one.Timeout})
	}
}

// retime resets a session's clock when it comes to a server, perhaps with another timeout.
func (n *node) retime(one znodes.Session) {
	n.heard(one.ID)
	if at, found := n.findClock(one.ID); found && n.role.leading {
		n.clocks[at].timeout = one.Timeout
		n.clocks[at].deadline = n.sessionTime() + one.Timeout
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
	now := n.sessionTime()
	var ids []int64
	for i := range n.clocks {
		c := &n.clocks[i]
		if now > c.deadline && (c.proposed == 0 || now-c.proposed > expiryWait) {
			c.proposed = now
			ids = append(ids, c.session)
		}
	}
	if len(ids) > 0 {
		world.Mark(n.env, markSessionExpired)
		n.proposeOwn(&znodes.Command{Kind: znodes.CommandExpire, Expired: ids}) // dropped: again after expiryWait
	}
}

// giveUp is BugFollowerExpiry: a node ends a session that has left it and not come back, without asking
// the leader, who may have heard of it from another.
func (n *node) giveUp(session int64) {
	_, there := n.state.Session(session)
	if here := slices.ContainsFunc(n.links, func(l *link) bool { return l.session == session }); there && !here {
		r := n.state.Apply(n.state.Term(), &znodes.Command{Kind: znodes.CommandExpire, Time: int64(n.env.Now()), Expired: []int64{session}})
		n.trigger(r.Changes)
	}
}

// proposeOwn brings a leader's own command into the log, if it will have it.
func (n *node) proposeOwn(c *znodes.Command) {
	c.Node, c.Boot, c.Time = n.id, n.boot, int64(n.env.Now())
	_ = n.raft.Propose(c.Encode())
}

// cleanUp proposes the end of containers that have lost their children, and of nodes whose time to
// live is over. What does not come through is proposed again the next time.
func (n *node) cleanUp() {
	if n.halted || !n.role.leading {
		return
	}
	for _, path := range n.state.Due(n.env.Now()) {
		n.proposeOwn(&znodes.Command{Kind: znodes.CommandClean, Path: path})
	}
	n.cleaner = n.env.After(n.options.CleanEvery, n.cleanUp)
	n.turn()
}
