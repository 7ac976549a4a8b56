package cpstore

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.etcd.io/raft/v3/raftpb"

	"cleave/internal/octets"
	"cleave/world"
)

// Who belongs to the group is agreed upon in the log, one change after the other (Ongaro's thesis, section 4.1);
// raft lets no second one in before the first is applied. Every node is told who is to belong, and the leader
// proposes what is missing, again and again until all is as it is to be. One that is new learns first, and gets
// a vote when it has caught up.
//
//	told   n5 is to go          n5 is to come back
//	log    ... remove n5 ...    learn n5 ... append, append ... vote n5 ...
//
// A node that has lost its disk is another member to raft: nobody may take it for the one that made promises.

// changeWait is how long a leader gives a change before it proposes it again.
const changeWait = 500 * time.Millisecond

// mostBehind is how many entries a learner may lack of what is committed to be given a vote.
const mostBehind = 16

// memberID is raft's name for the member that a node is after so many renewals.
func memberID(place uint64, renewals int) uint64 { return uint64(renewals)<<8 | place }

// placeOf is the place among the cluster's nodes of a member, from 1.
func placeOf(member uint64) uint64 { return member & 0xff }

// Enlist says who is to belong.
func (n *node) Enlist(roll world.Roll) {
	n.roll = roll
	n.settled = n.isSettled()
	n.turn()
}

// outside tells whether this node is not to belong. It serves nobody then, and does not stand for election.
func (n *node) outside() bool { return n.roll.IsOut(n.name) }

// memberOf is the member that a node is now.
func (n *node) memberOf(place uint64, name string) uint64 {
	if n.cluster.Bug == BugSameMember {
		return place
	}
	return memberID(place, n.roll.Renewals(name))
}

// wanted are the members that there are to be.
func (n *node) wanted() (members []uint64) {
	for i := range n.peers {
		if p := &n.peers[i]; !n.roll.IsOut(p.name) {
			members = append(members, n.memberOf(p.id, p.name))
		}
	}
	slices.Sort(members)
	return members
}

func (n *node) isSettled() bool {
	return len(n.members.Learners) == 0 && slices.Equal(n.members.Voters, n.wanted())
}

// arrange proposes the next change, if one is due.
func (n *node) arrange() {
	now := n.env.Elapsed()
	if n.settled || n.changed != 0 && now-n.changed < changeWait || n.journal.storage.alone != nil {
		return
	}
	if change, due := n.nextChange(); due {
		n.changed = now
		_ = n.raft.ProposeConfChange(change) // dropped: again after changeWait
	}
}

// nextChange is what is to be done first: those who are not to be there go, the leader itself last of them;
// then those who are to come learn; then those who have learnt get a vote.
func (n *node) nextChange() (change raftpb.ConfChange, due bool) {
	members, wanted := &n.members, n.wanted()
	present := slices.Concat(members.Voters, members.Learners)
	extra := func(id uint64) bool { return !slices.Contains(wanted, id) }
	if at := slices.IndexFunc(present, func(id uint64) bool { return extra(id) && id != n.member }); at >= 0 {
		return raftpb.ConfChange{Type: raftpb.ConfChangeRemoveNode, NodeID: present[at]}, true
	}
	if at := slices.IndexFunc(wanted, func(id uint64) bool { return !slices.Contains(present, id) }); at >= 0 {
		return raftpb.ConfChange{Type: raftpb.ConfChangeAddLearnerNode, NodeID: wanted[at]}, true
	}
	status := n.raft.Status()
	for _, id := range members.Learners {
		if status.Progress[id].Match+mostBehind >= status.Commit {
			return raftpb.ConfChange{Type: raftpb.ConfChangeAddNode, NodeID: id}, true
		}
	}
	return raftpb.ConfChange{Type: raftpb.ConfChangeRemoveNode, NodeID: n.member}, extra(n.member) && slices.Contains(present, n.member)
}

// reconfigure carries out a committed change.
func (n *node) reconfigure(entry *raftpb.Entry) {
	var change raftpb.ConfChange
	if change.Unmarshal(entry.Data) != nil {
		panic("cpstore: a committed change of the members does not decode")
	}
	n.adoptMembers(*n.raft.ApplyConfChange(change))
	n.changed = 0
	n.noteMembers("at", entry.Index)
}

func (n *node) adoptMembers(members raftpb.ConfState) {
	n.members = members
	if n.cluster.Bug != BugForgetsMembers {
		n.journal.members = members
	}
	n.settled = n.isSettled()
}

// noteMembers tells who belongs: from an entry of the log on ("at"), or by what was found at a place in it ("by").
func (n *node) noteMembers(since string, index uint64) {
	members := &n.members
	text := fmt.Sprintf("%s %d: %s", since, index, n.memberNames(members.Voters))
	if len(members.Learners) > 0 {
		text += ", learning " + n.memberNames(members.Learners)
	}
	n.env.Note("members", text)
}

// memberNames are "n1 n2 n3.1": of one that is not the first in its place, after the name, how many there were.
func (n *node) memberNames(members []uint64) string {
	names := make([]string, len(members))
	for i, id := range members {
		names[i] = n.peers[placeOf(id)-1].name
		if id > 0xff {
			names[i] += fmt.Sprintf(".%d", id>>8)
		}
	}
	return strings.Join(names, " ")
}

// sameMembers tells whether two memberships are one.
func sameMembers(one, other *raftpb.ConfState) bool {
	return slices.Equal(one.Voters, other.Voters) && slices.Equal(one.Learners, other.Learners)
}

// lacks tells whether somebody belongs now who does not by an earlier membership.
func lacks(before, now *raftpb.ConfState) bool {
	unknown := func(id uint64) bool {
		return !slices.Contains(before.Voters, id) && !slices.Contains(before.Learners, id)
	}
	return slices.ContainsFunc(now.Voters, unknown) || slices.ContainsFunc(now.Learners, unknown)
}

// appendMembers writes a membership.
func appendMembers(out []byte, members *raftpb.ConfState) []byte {
	return appendIDs(appendIDs(out, members.Voters), members.Learners)
}

// readMembers reads what appendMembers wrote.
func readMembers(data []byte) (members raftpb.ConfState, good bool) {
	r := reader{octets.Reader{Data: data}}
	members.Voters, members.Learners = r.ids(), r.ids()
	return members, r.End()
}

// servesOutside is BugServesOutside: who was served is served on.
func (n *node) servesOutside() bool { return n.cluster.Bug == BugServesOutside && n.role.leader != 0 }
