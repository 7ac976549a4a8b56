package cpstore

import (
	"encoding/binary"

	"go.etcd.io/raft/v3/raftpb"

	"cleave/internal/octets"
)

// partKind is the kind of a part. What a node sends a peer at one instant is one message of the
// world, a frame: parts, one after the other.
type partKind uint8

const (
	partRaft    partKind = 1 + iota // a message of raft's
	partPropose                     // a follower's client wants this command in the log
	partTouch                       // a follower has heard of these sessions
	partAsk                         // ZooKeeper's sync: where is the leader?
	partAnswer                      // the leader is there
)

// part is one of the kinds, decoded.
type part struct {
	kind    partKind
	message raftpb.Message // partRaft
	command []byte         // partPropose
	touched []int64        // partTouch
	id      uint64         // partAsk, partAnswer
	index   uint64         // partAnswer
}

func appendRaftPart(out []byte, m *raftpb.Message) []byte {
	return appendMessage(append(out, byte(partRaft)), m)
}

func appendProposePart(out, command []byte) []byte {
	return octets.AppendBytes(append(out, byte(partPropose)), command)
}

func appendTouchPart(out []byte, sessions []int64) []byte {
	out = binary.AppendUvarint(append(out, byte(partTouch)), uint64(len(sessions)))
	for _, id := range sessions {
		out = binary.AppendVarint(out, id)
	}
	return out
}

func appendAskPart(out []byte, id uint64) []byte {
	return binary.AppendUvarint(append(out, byte(partAsk)), id)
}

func appendAnswerPart(out []byte, id, index uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(append(out, byte(partAnswer)), id), index)
}

// part reads the next part of a frame. It is filled in where it is, as copies of raft's messages are dear.
func (r *reader) part(p *part) {
	*p = part{}
	p.kind = partKind(r.Byte())
	switch p.kind {
	case partRaft:
		r.message(&p.message)
	case partPropose:
		p.command = r.Bytes()
	case partTouch:
		if count := r.Count(1); count > 0 {
			p.touched = make([]int64, count)
		}
		for i := range p.touched {
			p.touched[i] = r.Varint()
		}
	case partAsk:
		p.id = r.Uvarint()
	case partAnswer:
		p.id, p.index = r.Uvarint(), r.Uvarint()
	default:
		r.Fail()
	}
}
