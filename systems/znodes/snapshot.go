package znodes

import (
	"bytes"
	"encoding/binary"
	"errors"
	"time"

	"cleave/internal/octets"
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
	out = binary.AppendUvarint(out, s.term)
	out = binary.AppendVarint(out, s.zxid)
	out = binary.AppendUvarint(out, uint64(len(s.sessions)))
	for i := range s.sessions {
		one := &s.sessions[i]
		out = binary.AppendVarint(out, one.ID)
		out = binary.AppendVarint(out, int64(one.Timeout))
		out = octets.AppendBytes(out, one.Password)
		out = binary.AppendUvarint(out, one.Attachment)
	}
	out = binary.AppendUvarint(out, uint64(len(s.nodes)))
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
	out := octets.AppendText(e.out, path)
	out = append(out, byte(node.kind))
	if node.kind == ephemeral || node.kind == fleeting {
		out = binary.AppendVarint(out, node.owner)
	}
	if node.data == nil {
		out = append(out, 0)
	} else {
		out = binary.AppendUvarint(out, uint64(len(node.data))+1)
		out = append(out, node.data...)
	}
	number, known := e.numbers[node.access]
	if !known {
		number = uint64(len(e.numbers))
		e.numbers[node.access] = number
	}
	out = binary.AppendUvarint(out, number)
	if !known {
		out = append(out, node.access.key...)
	}
	for _, field := range [...]int64{node.czxid, node.mzxid, node.pzxid, node.ctime, node.mtime,
		int64(node.version), int64(node.aversion), int64(node.created)} {
		out = binary.AppendVarint(out, field)
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
	r := reader{octets.Reader{Data: data}}
	if r.Byte() != snapshotVersion {
		return nil, errSnapshot
	}
	s := &State{tree: emptyTree(), options: options, restored: true}
	s.term, s.zxid = r.Uvarint(), r.Varint()
	for range r.Count(4) {
		one := Session{ID: r.Varint(), Timeout: time.Duration(r.Varint()), Password: bytes.Clone(r.Bytes()), Attachment: r.Uvarint()}
		if r.Bad || len(s.sessions) > 0 && one.ID <= s.sessions[len(s.sessions)-1].ID {
			return nil, errSnapshot
		}
		s.sessions = append(s.sessions, one)
	}
	d := decoder{reader: r, state: s}
	count := d.Count(13)
	s.nodes = make(map[string]*znode, count)
	for i := range count {
		path := d.Text()
		node := d.node()
		if d.Bad || (i == 0) != (path == rootPath) || !s.adopt(path, node) {
			return nil, errSnapshot
		}
	}
	if !d.End() || count == 0 {
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
	node := &znode{kind: kind(d.Byte())}
	if node.kind == ephemeral || node.kind == fleeting {
		node.owner = d.Varint()
	}
	node.data = d.data()
	number := d.Uvarint()
	if number == uint64(len(d.lists)) {
		d.lists = append(d.lists, d.state.access.intern(d.acl()))
	}
	if number >= uint64(len(d.lists)) {
		d.Fail()
		return nil
	}
	node.access = d.lists[number]
	node.czxid, node.mzxid, node.pzxid, node.ctime, node.mtime = d.Varint(), d.Varint(), d.Varint(), d.Varint(), d.Varint()
	node.version, node.aversion, node.created = d.Int32(), d.Int32(), d.Int32()
	return node
}

// data reads bytes that may be null.
func (d *decoder) data() []byte {
	length := d.Uvarint()
	if length == 0 || d.Bad || length-1 > uint64(len(d.Data)) {
		if length > 0 {
			d.Fail()
		}
		return nil
	}
	value := make([]byte, length-1)
	copy(value, d.Data)
	d.Data = d.Data[length-1:]
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
