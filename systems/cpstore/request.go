package cpstore

import "time"

type requestKind uint8

const (
	requestHello requestKind = 1 + iota // first on a connection: open a session, or attach one
	requestPing
	requestClose // the session ends in good order
	requestCreate
	requestSet
	requestDelete
	requestGet
	requestExists
	requestChildren
	requestSync       // ZooKeeper's sync
	requestQuorumSync // raft's ReadIndex

	requestKinds // the first that is none
)

// request is what a client sends a node. Which fields count depends on the kind.
type request struct {
	kind       requestKind
	xid        uint64 // the client's number for it, repeated in the reply
	path       string
	data       []byte
	version    int32
	ephemeral  bool
	sequential bool
	session    int64         // hello: 0 for a new one
	timeout    time.Duration // hello: wanted for a new session
	seen       int64         // hello: the highest zxid the client has seen
}

func (q *request) encode() []byte {
	out := make([]byte, 0, 24+len(q.path)+len(q.data))
	out = append(out, byte(q.kind))
	out = appendUvarint(out, q.xid)
	switch q.kind {
	case requestHello:
		out = appendVarint(out, q.session)
		out = appendVarint(out, int64(q.timeout))
		out = appendVarint(out, q.seen)
	case requestCreate:
		out = appendText(out, q.path)
		out = appendBytes(out, q.data)
		out = appendBool(out, q.ephemeral)
		out = appendBool(out, q.sequential)
	case requestSet:
		out = appendText(out, q.path)
		out = appendBytes(out, q.data)
		out = appendVarint(out, int64(q.version))
	case requestDelete:
		out = appendText(out, q.path)
		out = appendVarint(out, int64(q.version))
	case requestGet, requestExists, requestChildren:
		out = appendText(out, q.path)
	}
	return out
}

func decodeRequest(message []byte) (q request, good bool) {
	r := reader{data: message}
	q.kind = requestKind(r.byte())
	q.xid = r.uvarint()
	switch q.kind {
	case requestHello:
		q.session, q.timeout, q.seen = r.varint(), time.Duration(r.varint()), r.varint()
	case requestPing, requestClose, requestSync, requestQuorumSync:
	case requestCreate:
		q.path, q.data, q.ephemeral, q.sequential = r.text(), r.bytes(), r.bool(), r.bool()
	case requestSet:
		q.path, q.data, q.version = r.text(), r.bytes(), r.int32()
	case requestDelete:
		q.path, q.version = r.text(), r.int32()
	case requestGet, requestExists, requestChildren:
		q.path = r.text()
	default:
		r.fail()
	}
	return q, r.end()
}
