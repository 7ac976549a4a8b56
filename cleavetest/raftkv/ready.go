package raftkv

import (
	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"
)

// advance works off what raft has ready, in the order that its documentation prescribes: save, send, apply, Advance.
func (n *node) advance() {
	for !n.saving && n.raft.HasReady() {
		ready := n.raft.Ready()
		n.lookWhoLeads()
		if n.options.SendFirst {
			n.send(ready.Messages)
			ready.Messages = nil
		}
		if !ready.MustSync {
			n.finish(ready)
			continue
		}
		n.saving = true
		n.save(ready, func() {
			n.saving = false
			n.finish(ready)
			n.advance()
		})
	}
}

// finish does what may be done once a Ready is on disk.
func (n *node) finish(ready raft.Ready) {
	if !raft.IsEmptyHardState(ready.HardState) {
		must(n.storage.SetHardState(ready.HardState))
	}
	must(n.storage.Append(ready.Entries))
	n.send(ready.Messages)
	for _, entry := range ready.CommittedEntries {
		n.apply(entry)
	}
	for _, state := range ready.ReadStates {
		n.readable(state)
	}
	n.serveReads()
	n.raft.Advance(ready)
}

func (n *node) send(messages []raftpb.Message) {
	for i := range messages {
		n.env.Send(n.nodes[messages[i].To-1], marshalled(&messages[i]))
	}
}

// Datagram takes a message of another node.
func (n *node) Datagram(from string, text []byte) {
	var message raftpb.Message
	if message.Unmarshal(text) != nil || message.From != n.id(from) {
		return
	}
	_ = n.raft.Step(message) // an error says that raft has no use for it
	n.heard(message)
	n.advance()
}
