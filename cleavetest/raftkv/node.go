package raftkv

import (
	"bytes"
	"encoding/json"
	"slices"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/world"
)

// node is one server. Its state is a function of the log, which is on its disk.
type node struct {
	world.Ignore
	options Options
	name    string
	nodes   []string
	env     world.Environment

	storage *raft.MemoryStorage
	raft    *raft.RawNode
	saving  bool // a Ready waits for the disk

	state    map[string]int64
	applied  uint64
	asked    map[uint64]question // by number: proposals under way, and reads whose index is not known
	reads    []read              // that wait until their index is applied
	last     uint64              // number of a question
	leading  uint64              // the term in which it leads, 0 if it does not
	patience world.Timer         // for a leader
}

func newNode(name string, nodes []string, options Options) *node {
	return &node{options: options, name: name, nodes: nodes, state: map[string]int64{}, asked: map[uint64]question{}}
}

// id is what raft calls a node: its place in the list, from 1.
func (n *node) id(name string) uint64 { return uint64(slices.Index(n.nodes, name) + 1) }

// Start reads the log and joins the others.
func (n *node) Start(env world.Environment) {
	n.env = env
	n.last = env.Random().Uint64() // so that nobody takes a question for one of before a restart
	n.storage = raft.NewMemoryStorage()
	var voters []uint64
	for _, name := range n.nodes {
		voters = append(voters, n.id(name))
	}
	first := raftpb.SnapshotMetadata{Index: 1, Term: 1, ConfState: raftpb.ConfState{Voters: voters}}
	must(n.storage.ApplySnapshot(raftpb.Snapshot{Metadata: first}))
	for line := range bytes.Lines(env.Disk().Read("log")) {
		n.recall(line)
	}
	var err error
	n.raft, err = raft.NewRawNode(&raft.Config{
		ID: n.id(n.name), Storage: n.storage, Logger: logger{env},
		ElectionTick: 10, HeartbeatTick: 1, CheckQuorum: !n.options.LocalReads, PreVote: true,
		MaxSizePerMsg: 1 << 20, MaxInflightMsgs: 256,
	})
	must(err)
	n.patience = env.After(0, n.awaitLeader)
	n.beat()
}

// record is a line of the log on disk: what a Ready wants to be kept.
type record struct {
	Hard    []byte   // a raftpb.HardState; none if it has not changed
	Entries [][]byte // raftpb.Entry
}

// save has a Ready kept, and then goes on.
func (n *node) save(ready raft.Ready, then func()) {
	var r record
	if !raft.IsEmptyHardState(ready.HardState) {
		r.Hard = marshalled(&ready.HardState)
	}
	for i := range ready.Entries {
		r.Entries = append(r.Entries, marshalled(&ready.Entries[i]))
	}
	line, err := json.Marshal(r)
	must(err)
	n.env.Disk().Append("log", append([]byte("\n"), line...)) // a line that a crash tears does not reach into the next
	n.env.Disk().Sync("log", func(err error) {
		if err != nil {
			n.env.Note("halt", err.Error()) // what is on the disk now, nobody knows
			return
		}
		then()
	})
}

// recall takes a line of the log, unless a crash has torn it.
func (n *node) recall(line []byte) {
	var r record
	if json.Unmarshal(line, &r) != nil {
		return
	}
	if r.Hard != nil {
		var hard raftpb.HardState
		must(hard.Unmarshal(r.Hard))
		must(n.storage.SetHardState(hard))
	}
	for _, each := range r.Entries {
		var entry raftpb.Entry
		must(entry.Unmarshal(each))
		must(n.storage.Append([]raftpb.Entry{entry})) // in place of what was there, and all after it
	}
}

func marshalled(message interface{ Marshal() ([]byte, error) }) []byte {
	text, err := message.Marshal()
	must(err)
	return text
}

// must panics for what cannot be, and so ends the process.
func must(err error) {
	if err != nil {
		panic("raftkv: " + err.Error())
	}
}
