package cpstore

import (
	"encoding/binary"
	"slices"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/internal/octets"
	"cleave/systems/zkwire"
	"cleave/world"
)

// What nodes mark, for the coverage of many runs.
const (
	markSnapshotTaken     = "snapshot taken"
	markSnapshotSent      = "snapshot sent"
	markSnapshotInstalled = "snapshot installed"
	markTornLog           = "restarted with a torn log"
	markSessionExpired    = "session expired by the leader"
)

// Phase says what a node is at.
func (n *node) Phase() string {
	status := n.raft.BasicStatus()
	leads := status.RaftState == raft.StateLeader
	last, _ := n.journal.storage.LastIndex() // of memory: it has no errors
	switch {
	case n.halted:
		return "halted"
	case status.RaftState == raft.StateCandidate, status.RaftState == raft.StatePreCandidate:
		return "electing"
	case n.installing != nil:
		return "installing a snapshot"
	case leads && n.sendsSnapshot():
		return "leading, a snapshot under way"
	case leads && !n.settled:
		return "leading, members to change"
	case leads && last > status.Commit:
		return "leading, entries not committed"
	case leads:
		return "leading"
	case n.outside():
		return "no member"
	case slices.Contains(n.members.Learners, n.member):
		return "learning"
	case status.Lead == raft.None:
		return "without a leader"
	case last > status.Commit:
		return "following, entries not committed"
	}
	return "following"
}

func (n *node) sendsSnapshot() bool {
	for i := range n.peers {
		if n.peers[i].snapshot != 0 {
			return true
		}
	}
	return false
}

// raftNames are the types of messages between nodes.
var raftNames = [...]string{
	raftpb.MsgApp: "append", raftpb.MsgAppResp: "append answer", raftpb.MsgVote: "vote", raftpb.MsgVoteResp: "vote answer",
	raftpb.MsgSnap: "snapshot", raftpb.MsgHeartbeat: "heartbeat", raftpb.MsgHeartbeatResp: "heartbeat answer",
	raftpb.MsgReadIndex: "read index", raftpb.MsgReadIndexResp: "read index answer", raftpb.MsgPreVote: "pre-vote", raftpb.MsgPreVoteResp: "pre-vote answer",
}

// partNames are those of what else a frame may hold.
var partNames = [...]string{partPropose: "forwarded write", partTouch: "sessions heard of", partAsk: "sync", partAnswer: "sync answer"}

// typesOf names what a message carries: the parts of a frame between nodes, a client's request, or that
// something is a reply. An append without entries is a probe, or word of a commit.
func typesOf(m world.Message) []string {
	switch {
	case m.FromNode && m.ToNode:
		return typesOfFrame(m.Payload)
	case m.FromNode:
		if len(m.Payload) >= 4 && int32(binary.BigEndian.Uint32(m.Payload)) == zkwire.XidNotification {
			return []string{"watch event"}
		}
		return []string{"reply"}
	case len(m.Payload) < 8:
		return nil
	case binary.BigEndian.Uint32(m.Payload) == 0: // a greeting begins with the version of the protocol
		return []string{"greeting"}
	}
	return []string{"request " + zkwire.Op(binary.BigEndian.Uint32(m.Payload[4:])).String()}
}

func typesOfFrame(frame []byte) []string {
	var types []string
	r := reader{octets.Reader{Data: frame}}
	var p part
	for len(r.Data) > 0 {
		r.part(&p)
		switch {
		case r.Bad:
			return types
		case p.kind != partRaft:
			types = append(types, partNames[p.kind])
		case p.message.Type == raftpb.MsgApp && len(p.message.Entries) == 0:
			types = append(types, "commit")
		default:
			types = append(types, raftNames[p.message.Type])
		}
	}
	return types
}
