package zkwire

// DecodeReplyHeader reads the first 16 bytes of what a server sends after the ConnectResponse. The
// xid says what it is: XidNotification is an Event.
func DecodeReplyHeader(payload []byte) (xid int32, zxid int64, code Code, err error) {
	r := reader{data: payload}
	xid, zxid, code = r.int32(), r.int64(), Code(r.int32())
	if r.bad {
		return 0, 0, 0, malformed("reply header")
	}
	return xid, zxid, code, nil
}

// DecodeReply reads a reply, header and body; op is that of the request with the xid. The reply's
// Data shares the payload's memory. The errors are DecodeRequest's.
func DecodeReply(payload []byte, op Op) (Reply, error) {
	xid, zxid, code, err := DecodeReplyHeader(payload)
	if err != nil {
		return Reply{}, err
	}
	p := Reply{Xid: xid, Zxid: zxid, Code: code}
	if code != OK {
		return p, nil
	}
	r := reader{data: payload[16:]}
	err = p.readBody(&r, op)
	if err == nil && r.bad {
		err = malformed("reply body")
	}
	if err != nil {
		return Reply{Xid: xid, Zxid: zxid, Code: code}, err
	}
	return p, nil
}

func (p *Reply) readBody(r *reader, op Op) error {
	switch op {
	case OpPing, OpAuth, OpDelete, OpSetWatches, OpSetWatches2, OpCheckWatches, OpRemoveWatches, OpCloseSession,
		OpCheck: // from a server that takes a check outside a multi, which it should not
	case OpGetData, OpReconfig:
		p.Data, p.Stat = r.buffer(), r.stat()
	case OpExists, OpSetData, OpSetACL:
		p.Stat = r.stat()
	case OpCreate, OpSync, OpQuorumSync:
		p.Path = r.text()
	case OpCreate2, OpCreateContainer, OpCreateTTL:
		p.Path, p.Stat = r.text(), r.stat()
	case OpGetChildren, OpGetEphemerals:
		p.Names = r.texts()
	case OpGetChildren2:
		p.Names, p.Stat = r.texts(), r.stat()
	case OpGetACL:
		p.ACL, p.Stat = r.acls(), r.stat()
	case OpGetAllChildrenNumber:
		p.Number = r.int32()
	case OpMulti, OpMultiRead:
		return p.readResults(r)
	case OpAddWatch:
		r.int32() // ErrorResponse, always 0
	case OpWhoAmI:
		p.Identities = r.identities()
	case OpSASL:
		p.Data = r.buffer()
	default:
		return unknownOp(op, "a reply")
	}
	return nil
}

// Append writes the reply to a request of the operation op behind out: the header alone unless Code
// is OK, or if op is not known.
func (p *Reply) Append(out []byte, op Op) []byte {
	out = appendReplyHeader(out, p.Xid, p.Zxid, p.Code)
	if p.Code != OK {
		return out
	}
	switch op {
	case OpGetData, OpReconfig:
		return appendStat(appendBuffer(out, p.Data), &p.Stat)
	case OpExists, OpSetData, OpSetACL:
		return appendStat(out, &p.Stat)
	case OpCreate, OpSync, OpQuorumSync:
		return appendText(out, p.Path)
	case OpCreate2, OpCreateContainer, OpCreateTTL:
		return appendStat(appendText(out, p.Path), &p.Stat)
	case OpGetChildren, OpGetEphemerals:
		return appendTexts(out, p.Names)
	case OpGetChildren2:
		return appendStat(appendTexts(out, p.Names), &p.Stat)
	case OpGetACL:
		return appendStat(appendACLs(out, p.ACL), &p.Stat)
	case OpGetAllChildrenNumber:
		return appendInt32(out, p.Number)
	case OpMulti, OpMultiRead:
		return appendResults(out, p.Results)
	case OpAddWatch:
		return appendInt32(out, 0)
	case OpWhoAmI:
		return appendIdentities(out, p.Identities)
	case OpSASL:
		return appendBuffer(out, p.Data)
	}
	return out
}

func appendReplyHeader(out []byte, xid int32, zxid int64, code Code) []byte {
	return appendInt32(appendInt64(appendInt32(out, xid), zxid), int32(code))
}
