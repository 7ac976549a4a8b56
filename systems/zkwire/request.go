package zkwire

import "cleave/internal/octets"

// DecodeHeader reads the first 8 bytes of a request: who asks for what.
func DecodeHeader(payload []byte) (xid int32, op Op, err error) {
	r := reader{data: payload}
	xid, op = r.int32(), Op(r.int32())
	if r.bad {
		return 0, 0, malformed("request header")
	}
	return xid, op, nil
}

// DecodeRequest reads a request, header and body. Bytes after the body do not matter, as to
// ZooKeeper; a path, or a list of them, that is null is malformed. The request's Data shares the payload's memory.
//
// An error is ErrMalformed or ErrUnknownOp; the request then still has Xid and Op, if those could be
// read, and nothing else.
func DecodeRequest(payload []byte) (Request, error) {
	xid, op, err := DecodeHeader(payload)
	if err != nil {
		return Request{}, err
	}
	r, q := reader{data: payload[8:]}, Request{Xid: xid, Op: op}
	err = q.readBody(&r)
	if err == nil && r.bad {
		err = malformed("request body")
	}
	if err != nil {
		return Request{Xid: xid, Op: op}, err
	}
	return q, nil
}

// readBody reads what follows the header, for the operation that the request has already. What is
// missing makes the reader bad; the error is of operations that are not known.
func (q *Request) readBody(r *reader) error {
	switch q.Op {
	case OpPing, OpCloseSession, OpWhoAmI:
	case OpSetData:
		q.Path, q.Data, q.Version = r.path(), r.buffer(), r.int32()
	case OpCreate, OpCreate2, OpCreateContainer:
		q.Path, q.Data, q.ACL, q.Flags = r.path(), r.buffer(), r.acls(), r.int32()
	case OpCreateTTL:
		q.Path, q.Data, q.ACL, q.Flags, q.TTL = r.path(), r.buffer(), r.acls(), r.int32(), r.int64()
	case OpDelete, OpCheck:
		q.Path, q.Version = r.path(), r.int32()
	case OpExists, OpGetData, OpGetChildren, OpGetChildren2:
		q.Path, q.Watch = r.path(), r.bool()
	case OpGetACL, OpSync, OpQuorumSync, OpGetEphemerals, OpGetAllChildrenNumber:
		q.Path = r.path()
	case OpSetACL:
		q.Path, q.ACL, q.Version = r.path(), r.acls(), r.int32()
	case OpCheckWatches, OpRemoveWatches, OpAddWatch:
		q.Path, q.Mode = r.path(), r.int32()
	case OpMulti, OpMultiRead:
		return q.readOperations(r)
	case OpAuth:
		r.int32() // a type that is always 0
		q.Identity.Scheme = r.word()
		q.Identity.ID = r.text()
	case OpSASL:
		q.Data = r.buffer()
	case OpSetWatches, OpSetWatches2:
		q.Watches = r.watches(q.Op)
	case OpReconfig:
		q.Reconfig = &Reconfig{Joining: r.text(), Leaving: r.text(), NewMembers: r.text(), CurrentConfig: r.int64()}
	default:
		return unknownOp(q.Op, "a request")
	}
	return nil
}

func (r *reader) watches(op Op) *Watches {
	w := &Watches{RelativeZxid: r.int64(), Data: r.paths(), Exist: r.paths(), Child: r.paths()}
	if op == OpSetWatches2 {
		w.Persistent, w.PersistRecursive = r.paths(), r.paths()
	}
	return w
}

// Append writes the request behind out. Of an operation that DecodeRequest does not know it writes
// the header alone.
func (q *Request) Append(out []byte) []byte {
	out = appendInt32(out, q.Xid)
	out = appendInt32(out, int32(q.Op))
	return q.appendBody(out)
}

func (q *Request) appendBody(out []byte) []byte {
	switch q.Op {
	case OpSetData:
		out = appendBuffer(appendText(out, q.Path), q.Data)
		return appendInt32(out, q.Version)
	case OpCreate, OpCreate2, OpCreateContainer, OpCreateTTL:
		out = appendBuffer(appendText(out, q.Path), q.Data)
		out = appendInt32(appendACLs(out, q.ACL), q.Flags)
		if q.Op == OpCreateTTL {
			out = appendInt64(out, q.TTL)
		}
		return out
	case OpDelete, OpCheck:
		return appendInt32(appendText(out, q.Path), q.Version)
	case OpExists, OpGetData, OpGetChildren, OpGetChildren2:
		return octets.AppendBool(appendText(out, q.Path), q.Watch)
	case OpGetACL, OpSync, OpQuorumSync, OpGetEphemerals, OpGetAllChildrenNumber:
		return appendText(out, q.Path)
	case OpSetACL:
		return appendInt32(appendACLs(appendText(out, q.Path), q.ACL), q.Version)
	case OpCheckWatches, OpRemoveWatches, OpAddWatch:
		return appendInt32(appendText(out, q.Path), q.Mode)
	case OpMulti, OpMultiRead:
		return q.appendOperations(out)
	case OpAuth:
		return appendIdentity(appendInt32(out, 0), q.Identity)
	case OpSASL:
		return appendBuffer(out, q.Data)
	case OpSetWatches, OpSetWatches2:
		return q.Watches.append(out, q.Op)
	case OpReconfig:
		return q.Reconfig.append(out)
	}
	return out
}

// append writes the lists; no Watches at all is as good as empty ones.
func (w *Watches) append(out []byte, op Op) []byte {
	if w == nil {
		w = &Watches{}
	}
	out = appendInt64(out, w.RelativeZxid)
	out = appendTexts(appendTexts(appendTexts(out, w.Data), w.Exist), w.Child)
	if op == OpSetWatches2 {
		out = appendTexts(appendTexts(out, w.Persistent), w.PersistRecursive)
	}
	return out
}

func (c *Reconfig) append(out []byte) []byte {
	if c == nil {
		c = &Reconfig{}
	}
	out = appendText(appendText(appendText(out, c.Joining), c.Leaving), c.NewMembers)
	return appendInt64(out, c.CurrentConfig)
}
