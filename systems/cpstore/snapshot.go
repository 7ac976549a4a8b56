package cpstore

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"time"
)

// position is a place in raft's log.
type position struct{ index, term uint64 }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

var errSnapshot = errors.New("not a snapshot of the store")

// encode writes the whole state. Equal states give equal bytes: sessions go by id, nodes by a walk
// over sorted children.
func (s *state) encode() []byte {
	out := make([]byte, 0, 64+64*len(s.tree.nodes))
	out = appendUvarint(out, s.term)
	out = appendUvarint(out, s.counter)
	out = appendUvarint(out, uint64(len(s.sessions)))
	for i := range s.sessions {
		one := &s.sessions[i]
		out = appendVarint(out, one.id)
		out = appendVarint(out, int64(one.timeout))
		out = appendUvarint(out, one.attachment)
	}
	out = appendUvarint(out, uint64(len(s.tree.nodes)))
	return s.tree.append(out, "/")
}

func (t *tree) append(out []byte, path string) []byte {
	node := t.nodes[path]
	out = appendText(out, path)
	out = appendBytes(out, node.data)
	for _, number := range [...]int64{node.createdZxid, node.modifiedZxid, node.createdTime, node.modifiedTime,
		int64(node.version), int64(node.created), node.owner, node.childrenZxid} {
		out = appendVarint(out, number)
	}
	for _, child := range node.children {
		out = t.append(out, join(path, child))
	}
	return out
}

// decodeState reads what encode wrote.
func decodeState(data []byte) (*state, error) {
	r := reader{data: data}
	s := newState()
	s.term, s.counter = r.uvarint(), r.uvarint()
	for range r.count() {
		one := session{id: r.varint(), timeout: time.Duration(r.varint()), attachment: r.uvarint()}
		if len(s.sessions) > 0 && one.id <= s.sessions[len(s.sessions)-1].id {
			return nil, errSnapshot
		}
		s.sessions = append(s.sessions, one)
	}
	for i := range r.count() {
		path := r.text()
		node := &znode{data: r.bytes(), createdZxid: r.varint(), modifiedZxid: r.varint(), createdTime: r.varint(),
			modifiedTime: r.varint(), version: r.int32(), created: r.int32(), owner: r.varint(), childrenZxid: r.varint()}
		if r.bad || (i == 0) != (path == "/") || !s.adopt(path, node) {
			return nil, errSnapshot
		}
	}
	if !r.end() {
		return nil, errSnapshot
	}
	return s, nil
}

// adopt puts a node read from a snapshot into its place, and tells whether it has one.
func (s *state) adopt(path string, node *znode) bool {
	if path == "/" {
		s.tree.nodes["/"] = node
		return node.owner == 0
	}
	if !validPath(path, false) || s.tree.nodes[path] != nil {
		return false
	}
	parentPath, _ := split(path)
	parent := s.tree.nodes[parentPath]
	if parent == nil || parent.owner != 0 {
		return false
	}
	if node.owner != 0 {
		owner := s.sessions.find(node.owner)
		if owner == nil {
			return false
		}
		owner.own(path)
	}
	s.tree.attach(path, node)
	return true
}

// sealSnapshot makes the content of the snapshot file: a checksum, the place in the log, the state.
func sealSnapshot(at position, encoded []byte) []byte {
	out := make([]byte, 4, 24+len(encoded))
	out = appendUvarint(out, at.index)
	out = appendUvarint(out, at.term)
	out = append(out, encoded...)
	binary.LittleEndian.PutUint32(out, crc32.Checksum(out[4:], castagnoli))
	return out
}

// openSnapshot takes sealSnapshot's work apart.
func openSnapshot(file []byte) (at position, encoded []byte, err error) {
	if len(file) < 4 || binary.LittleEndian.Uint32(file) != crc32.Checksum(file[4:], castagnoli) {
		return position{}, nil, errSnapshot
	}
	r := reader{data: file[4:]}
	at = position{index: r.uvarint(), term: r.uvarint()}
	if r.bad {
		return position{}, nil, errSnapshot
	}
	return at, r.data, nil
}
