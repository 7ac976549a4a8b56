package raftkv

import (
	"go.etcd.io/raft/v3/raftpb"

	"cleave/cleavetest"
	"cleave/world"
)

// Options are mistakes to make.
type Options struct {
	LocalReads bool // the leader answers a read from its own state, and nothing (CheckQuorum) tells it that it leads no more
	SendFirst  bool // messages go out before what they promise is on disk
	RaftTimer  bool // raft's own election timer runs, whose length the operating system's randomness decides
}

// System is the store as cleavetest takes it.
func System(options Options) cleavetest.System {
	return cleavetest.System{
		Name:   "raftkv",
		Node:   func(name string, nodes []string) world.Process { return newNode(name, nodes, options) },
		Client: cleavetest.Caller{Ask: Ask, Answer: Answer}.Client,
		Types:  typesOf,
	}
}

// typesOf names what a message is, for pictures.
func typesOf(m world.Message) []string {
	var message raftpb.Message
	if m.FromNode && m.ToNode && message.Unmarshal(m.Payload) == nil {
		return []string{message.Type.String()}
	}
	return nil
}
