package raftkv

import (
	"encoding/binary"
	"encoding/json"

	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"

	"cleave/world"
)

// Request is what a client asks: to read Key, to write New, or, with Swap, to write New if the value is Old.
type Request struct {
	Key      string
	Read     bool
	Swap     bool
	Old, New int64
}

// Reply is what it gets: a value, nil for none, or why not.
type Reply struct {
	Value   *int64
	Differs bool   // the value was not Old
	Leader  string // ask this node instead
	Nobody  bool   // or any other: this one does not lead, and knows nobody who does
}

// question is a request under way, and who wants to know.
type question struct {
	Request
	client world.Connection
}

// read is a question that may be answered once an index is applied.
type read struct {
	question
	index uint64
}

// command is what the log holds.
type command struct {
	Number uint64
	Request
}

// Received serves a client, if this node leads.
func (n *node) Received(client world.Connection, text []byte) {
	q := question{client: client}
	if json.Unmarshal(text, &q.Request) != nil {
		client.Close()
		return
	}
	if n.leading == 0 {
		n.refer(client)
		return
	}
	if q.Read && n.options.LocalReads {
		n.answer(q, n.value(q.Key))
		return
	}
	n.last++
	n.asked[n.last] = q
	if q.Read {
		n.raft.ReadIndex(binary.BigEndian.AppendUint64(nil, n.last))
	} else {
		text, err := json.Marshal(command{n.last, q.Request})
		must(err)
		if n.raft.Propose(text) != nil {
			delete(n.asked, n.last)
			n.refer(client)
			return
		}
	}
	n.advance()
}

// refer sends a client to the leader.
func (n *node) refer(client world.Connection) {
	leader := n.raft.BasicStatus().Lead
	if leader == raft.None || leader == n.id(n.name) {
		n.answer(question{client: client}, Reply{Nobody: true})
		return
	}
	n.answer(question{client: client}, Reply{Leader: n.nodes[leader-1]})
}

func (n *node) value(key string) Reply {
	if value, known := n.state[key]; known {
		return Reply{Value: &value}
	}
	return Reply{}
}

func (n *node) answer(q question, reply Reply) {
	text, err := json.Marshal(reply)
	must(err)
	q.client.Send(text)
}

// apply carries out a committed entry, and answers whoever asked for it here.
func (n *node) apply(entry raftpb.Entry) {
	n.applied = entry.Index
	if entry.Type != raftpb.EntryNormal || len(entry.Data) == 0 {
		return
	}
	var c command
	must(json.Unmarshal(entry.Data, &c))
	before := n.value(c.Key)
	fits := !c.Swap || before.Value != nil && *before.Value == c.Old
	if fits {
		n.state[c.Key] = c.New
	}
	if q, mine := n.asked[c.Number]; mine {
		delete(n.asked, c.Number)
		n.answer(q, Reply{Differs: !fits})
	}
}

// readable takes the index at which a read may be answered.
func (n *node) readable(state raft.ReadState) {
	number := binary.BigEndian.Uint64(state.RequestCtx)
	if q, mine := n.asked[number]; mine {
		delete(n.asked, number)
		n.reads = append(n.reads, read{q, state.Index})
	}
}

// serveReads answers what can be answered.
func (n *node) serveReads() {
	waiting := n.reads[:0]
	for _, r := range n.reads {
		if r.index <= n.applied {
			n.answer(r.question, n.value(r.Key))
		} else {
			waiting = append(waiting, r)
		}
	}
	n.reads = waiting
}
