package znodes

import (
	"bytes"
	"errors"
	"time"
)

// snapshotVersion is the first byte of a snapshot.
const snapshotVersion = 1

var errSnapshot = errors.New("znodes: not a snapshot of the store")

// Encode writes the whole state but for the options. Equal states give equal bytes: sessions go by
// id, nodes by a walk over sorted children, and an ACL is written where the walk first meets it, a
// number for it from then on.
func (s *State) Encode() []byte {
	out := make([]byte, 0, 256+int(s.dataSize)+64*len(s.nodes)+96*len(s.sessions))
	out = append(out, snapshotVersion)
	out = appendUvarint(out, s.term)
	out = appendVarint(out, s.zxid)
	out = appendUvarint(out, uint64(len(s.sessions)))
	for i := range s.sessions {
		one := &s.sessions[i]
		out = appendVarint(out, one.ID)
		out = appendVarint(out, int64(one.Timeout))
		out = appendBytes(out, one.Password)
		out = appendUvarint(out, one.Attachment)
	}
	out = appendUvarint(out, uint64(len(s.nodes)))
	e := encoder{tree: &s.tree, out: out, numbers: make(map[*accessList]uint64, len(s.access.lists))}
	e.node(rootPath)
	return e.out
}

// encoder walks a tree.
type encoder struct {
	*tree
	out     []byte
	numbers map[*accessList]uint64 // of the ACLs met so far
}

func (e *encoder) node(path string) {
	node := e.nodes[path]
	out := appendText(e.out, path)
	out = append(out, byte(node.kind))
	if node.kind == ephemeral || node.kind == fleeting {
		out = appendVarint(out, node.owner)
	}
	if node.data == nil {
		out = append(out, 0)
	} else {
		out = appendUvarint(out, uint64(len(node.data))+1)
		out = append(out, node.data...)
	}
	number, known := e.numbers[node.access]
	if !known {
		number = uint64(len(e.numbers))
		e.numbers[node.access] = number
	}
	out = appendUvarint(out, number)
	if !known {
		out = append(out, node.access.key...)
	}
	for _, field := range [...]int64{node.czxid, node.mzxid, node.pzxid, node.ctime, node.mtime,
		int64(node.version), int64(node.aversion), int64(node.created)} {
		out = appendVarint(out, field)
	}
	e.out = out
	for _, chunk := range node.children.chunks {
		for _, child := range chunk {
			e.node(child)
		}
	}
}

// Decode reads what Encode wrote, and copies what it keeps. The error is of bytes that no state gives:
// then something has changed them.
func Decode(data []byte, options Options) (*State, error) {
	r := reader{data: data}
	if r.byte() != snapshotVersion {
		return nil, errSnapshot
	}
	s := &State{tree: emptyTree(), options: options, restored: true}
	s.term, s.zxid = r.uvarint(), r.varint()
	for range r.count(4) {
		one := Session{ID: r.varint(), Timeout: time.Duration(r.varint()), Password: bytes.Clone(r.bytes()), Attachment: r.uvarint()}
		if r.bad || len(s.sessions) > 0 && one.ID <= s.sessions[len(s.sessions)-1].ID {
			return nil, errSnapshot
		}
		s.sessions = append(s.sessions, one)
	}
	d := decoder{reader: r, state: s}
	count := d.count(13)
	s.nodes = make(map[string]*znode, count)
	for i := range count {
		path := d.text()
		node := d.node()
		if d.bad || (i == 0) != (path == rootPath) || !s.adopt(path, node) {
			return nil, errSnapshot
		}
	}
	if !d.end() || count == 0 {
		return nil, errSnapshot
	}
	if options.Bug == Bug1367 {
		s.owned = map[int64]*paths{}
	}
	return s, nil
}

// decoder reads nodes, and knows the ACLs that it has read.
type decoder struct {
	reader
	state *State
	lists []*accessList
}

func (d *decoder) node() *znode {
	node := &znode{kind: kind(d.byte())}
	if node.kind == ephemeral || node.kind == fleeting {
		node.owner = d.varint()
	}
	node.data = d.data()
	number := d.uvarint()
	if number == uint64(len(d.lists)) {
		d.lists = append(d.lists, d.state.access.intern(d.acl()))
	}
	if number >= uint64(len(d.lists)) {
		d.fail()
		return nil
	}
	node.access = d.lists[number]
	node.czxid, node.mzxid, node.pzxid, node.ctime, node.mtime = d.varint(), d.varint(), d.varint(), d.varint(), d.varint()
	node.version, node.aversion, node.created = d.int32(), d.int32(), d.int32()
	return node
}

// data reads bytes that may be null.
func (d *decoder) data() []byte {
	length := d.uvarint()
	if length == 0 || d.bad || length-1 > uint64(len(d.reader.data)) {
		if length > 0 {
			d.fail()
		}
		return nil
	}
	value := make([]byte, length-1)
	copy(value, d.reader.data)
	d.reader.data = d.reader.data[length-1:]
	return value
}

// adopt puts a node read from a snapshot into its place, and tells whether it has one.
func (s *State) adopt(path string, node *znode) bool {
	if s.nodes[path] != nil || !validPath(path) {
		return false
	}
	switch node.kind {
	case persistent, container:
	case ephemeral:
		// A planted bug may have left a node whose session is gone.
		if node.owner == 0 || s.sessions.find(node.owner) == nil && s.options.Bug == "" {
			return false
		}
	case fleeting:
		if node.owner <= 0 || node.owner > longestTTL {
			return false
		}
	default:
		return false
	}
	if path == rootPath {
		s.attach(path, node)
		return node.kind == persistent
	}
	parent := s.nodes[parentOf(path)]
	if parent == nil || parent.kind == ephemeral {
		return false
	}
	s.attach(path, node)
	return true
}
