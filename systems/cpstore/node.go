package cpstore

import (
	"fmt"
	"time"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/systems/znodes"
	"cleave/world"
)

// node is one server. It implements world.Process and world.Leader.
//
// Every event ends in a turn: what raft has ready is written, synced, sent and applied, and what has
// gathered for each peer goes out as one frame. While a sync is under way raft takes in messages and
// proposals but gives nothing out, so that the next sync serves them all.
type node struct {
	options Options
	cluster world.Cluster
	name    string
	id      uint64 // place among the cluster's nodes, from 1
	member  uint64 // raft's name for it
	roll    world.Roll
	env     world.Environment
	boot    uint64 // drawn at each start, tells this life's proposals from an earlier one's

	raft    *raft.RawNode
	journal *journal
	state   *znodes.State
	watches *znodes.Watches
	applied uint64           // index of the last applied entry
	peers   []peer           // all nodes, this one too, by id-1
	members raftpb.ConfState // by what has been applied
	settled bool             // the members are who they are to be
	changed time.Duration    // when a change of them was proposed last, 0 once it is carried out

	busy          bool       // the disk is at work on ready, or on the log file
	ready         raft.Ready // being written
	lastSync      time.Duration
	snapshotAfter uint64 // entries, from one snapshot to the next
	snapshotting  bool   // a snapshot of this node's own is being written
	installing    func() // waits for that
	rewriteDue    bool   // the log file holds more than it need
	halted        bool   // the disk failed: nothing more until a restart
	mute          bool   // of BugMuteLeader: the disk failed, and nobody was told

	role    role
	watch   watch
	cleaner world.Timer // of a leader, for containers
	clocks  []clock     // of the sessions, while this node leads
	links   []*link     // clients' connections, in order of arrival
	linkOf  map[uint64]*link
	pending []pending
	lastID  uint64
	waiting bool    // a timer runs for the first of pending
	touched []int64 // sessions heard of since the leader was last told
	touches uint64  // how often it was told
	spare   []byte  // memory for frames
	scratch []byte  // for replies

	silentSince time.Duration // without a quorum since then, if readers may be let in
	readsOnly   bool          // they are
	lastReader  uint64        // the last session of a reader

	batched bool // the environment says when a turn is due
	traffic traffic
	flaws   flaws
	outlook *outlook // of the bugs of sparing.go
}

func newNode(options Options, name string, cluster world.Cluster) *node {
	n := &node{options: options, cluster: cluster, name: name, roll: cluster.Roll, linkOf: map[uint64]*link{}, touches: 1,
		watches: znodes.NewWatches(cluster.Bug)}
	if cluster.Bug == BugLateGoodbye {
		n.watches.Deafen(n.overrun)
	}
	for i, peerName := range cluster.Nodes {
		n.peers = append(n.peers, peer{id: uint64(i) + 1, name: peerName})
		if peerName == name {
			n.id = uint64(i) + 1
		}
	}
	if n.id == 0 {
		panic("cpstore: " + name + " is not one of the cluster's nodes")
	}
	n.member = n.memberOf(n.id, name)
	n.outlook = newOutlook(n)
	return n
}

// Start brings the node up from its disk alone.
func (n *node) Start(env world.Environment) {
	n.env = env
	n.boot = env.Random().Uint64() >> 32
	if b, is := env.(world.Batching); is {
		n.batched = b.Batches()
	}
	n.outlook.awake()
	var members raftpb.ConfState
	for i := range n.peers {
		members.Voters = append(members.Voters, n.peers[i].id)
	}
	j, encoded := openJournal(env.Disk(), members, n.options.Retain, n.cluster.Bug)
	restored := znodes.New(n.stateOptions())
	if encoded != nil {
		var err error
		if restored, err = n.decode(encoded); err != nil {
			panic(world.Damage("cpstore: the snapshot on the disk is damaged"))
		}
	}
	j.limit = n.options.segmentLimit()
	n.journal, n.state, n.applied = j, restored, j.base.index
	n.members = j.members
	n.settled = n.isSettled()
	n.planSnapshot()
	n.startRaft()
	n.env.Note("start", fmt.Sprintf("term %d", j.hard.Term))
	if !sameMembers(&n.members, &j.first) {
		n.noteMembers("by", n.applied)
	}
	for _, remark := range j.remarks {
		n.env.Logf("%s", remark)
	}
	if j.torn {
		world.Mark(n.env, markTornLog)
	}
	if j.mending != nil {
		n.rewriteLog()
	}
	for i := range n.peers {
		n.dial(&n.peers[i])
	}
	n.role.term = j.hard.Term
	n.watchElection(n.options.BootPatience)
	n.turn()
}

func (n *node) startRaft() {
	if n.cluster.Bug == BugOwnCluster && n.outside() {
		n.journal.storage.alone = &raftpb.ConfState{Voters: []uint64{n.member}}
	}
	raw, err := raft.NewRawNode(&raft.Config{
		ID:                        n.member,
		ElectionTick:              n.options.electionTicks(),
		HeartbeatTick:             1,
		Storage:                   n.journal.storage,
		Applied:                   n.applied,
		MaxSizePerMsg:             1 << 20,
		MaxInflightMsgs:           256,
		CheckQuorum:               true,
		PreVote:                   true,
		ReadOnlyOption:            raft.ReadOnlySafe,
		Logger:                    logger{n.env},
		StepDownOnRemoval:         true,
		DisableProposalForwarding: true, // a proposal that hops from node to node would outlive its client's patience
	})
	if err != nil {
		panic("cpstore: raft's configuration: " + err.Error())
	}
	n.raft = raw
}

// Leading tells whether this node leads, and in which term.
func (n *node) Leading() (term uint64, leading bool) { return n.role.term, n.role.leading }

// Accepted takes a connection of a peer or a client.
func (n *node) Accepted(connection world.Connection) {
	if n.peer(connection.Peer()) == nil {
		n.welcome(connection)
	}
}

// Opened says that a peer is there.
func (n *node) Opened(connection world.Connection) {
	n.opened(connection)
	n.turn()
}

// Received takes a peer's frame or a client's request.
func (n *node) Received(connection world.Connection, message []byte) {
	if n.halted {
		return
	}
	if from := n.peer(connection.Peer()); from != nil {
		n.frame(from, connection, message)
	} else if l := n.link(connection); l != nil {
		n.request(l, message)
	}
	n.turn()
}

// Closed forgets a connection.
func (n *node) Closed(connection world.Connection, reason world.CloseReason) {
	if from := n.peer(connection.Peer()); from != nil {
		n.lost(from, connection)
		if from.id == n.role.leader && (reason == world.Reset || reason == world.Ended) {
			n.bereave()
		}
	} else if l := n.link(connection); l != nil {
		n.forget(l)
	}
	n.turn()
}

// Datagram ignores what this protocol does not have, but for planted bugs.
func (n *node) Datagram(from string, payload []byte) {
	if n.outlook != nil {
		n.outlook.take(from, payload)
	}
	if n.cluster.Bug == BugDatagramForward && n.role.leading && !n.halted {
		_ = n.raft.Propose(payload)
		n.turn()
	}
}

// turn does what the event has made necessary, unless there will be a call of Turn after it.
func (n *node) turn() {
	if !n.batched {
		n.Turn()
	}
}

// Turn does what the events since the last turn have made necessary. An environment that hands over
// many events at a time calls it after them, which makes one sync of many writes.
func (n *node) Turn() {
	for !n.halted && !n.busy && n.raft.HasReady() {
		ready := n.raft.Ready()
		n.write(&ready)
	}
	if n.halted {
		return
	}
	if n.rewriteDue && !n.busy {
		n.rewriteLog()
	}
	n.look()
	n.notifyLate(nil)
	n.flush()
}

// halt is the end after a failed disk: what was promised on it may be gone, so nothing more may be
// promised before a restart has read what is left.
func (n *node) halt(err error) {
	n.halted = true
	n.role.leading = false
	n.env.Note("halt", err.Error())
	n.dismiss()
	for i := range n.peers {
		if n.peers[i].connection != nil {
			n.peers[i].connection.Close()
		}
		n.peers[i].connection, n.peers[i].open = nil, false
	}
}

// logger gives raft's messages to the node's log. Raft panics through it on a broken invariant.
type logger struct{ env world.Environment }

func (l logger) Debug(...any)                          {}
func (l logger) Debugf(string, ...any)                 {}
func (l logger) Info(arguments ...any)                 { l.env.Logf("raft: %s", fmt.Sprint(arguments...)) }
func (l logger) Infof(format string, values ...any)    { l.env.Logf("raft: "+format, values...) }
func (l logger) Warning(arguments ...any)              { l.Info(arguments...) }
func (l logger) Warningf(format string, values ...any) { l.Infof(format, values...) }
func (l logger) Error(arguments ...any)                { l.Info(arguments...) }
func (l logger) Errorf(format string, values ...any)   { l.Infof(format, values...) }
func (l logger) Fatal(arguments ...any)                { panic("raft: " + fmt.Sprint(arguments...)) }
func (l logger) Fatalf(format string, values ...any) {
	panic("raft: " + fmt.Sprintf(format, values...))
}
func (l logger) Panic(arguments ...any)              { l.Fatal(arguments...) }
func (l logger) Panicf(format string, values ...any) { l.Fatalf(format, values...) }
