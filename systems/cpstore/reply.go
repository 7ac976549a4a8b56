package cpstore

import "time"

// reply is what a node answers. The body is there only if the code is CodeOK.
type reply struct {
	kind    requestKind // of the request
	xid     uint64      // of the request
	zxid    int64       // a write's own transaction, else the last one this node has applied
	code    Code
	session int64         // hello
	timeout time.Duration // hello: as agreed
	path    string        // create: with its number, if sequential
	data    []byte        // get
	stat    Stat          // create, set, get, exists
	names   []string      // children, sorted
}

func (p *reply) encode() []byte {
	out := make([]byte, 0, 64+len(p.path)+len(p.data)+16*len(p.names))
	out = append(out, byte(p.kind))
	out = appendUvarint(out, p.xid)
	out = appendVarint(out, p.zxid)
	out = append(out, byte(p.code))
	if p.code != CodeOK {
		return out
	}
	switch p.kind {
	case requestHello:
		out = appendVarint(out, p.session)
		out = appendVarint(out, int64(p.timeout))
	case requestCreate:
		out = appendText(out, p.path)
		out = p.stat.append(out)
	case requestSet, requestExists:
		out = p.stat.append(out)
	case requestGet:
		out = appendBytes(out, p.data)
		out = p.stat.append(out)
	case requestChildren:
		out = appendUvarint(out, uint64(len(p.names)))
		for _, name := range p.names {
			out = appendText(out, name)
		}
	}
	return out
}

func decodeReply(message []byte) (p reply, good bool) {
	r := reader{data: message}
	p.kind = requestKind(r.byte())
	p.xid, p.zxid = r.uvarint(), r.varint()
	p.code = Code(r.byte())
	if p.kind == 0 || p.kind >= requestKinds || p.code >= codes {
		r.fail()
	}
	if p.code != CodeOK {
		return p, r.end()
	}
	switch p.kind {
	case requestHello:
		p.session, p.timeout = r.varint(), time.Duration(r.varint())
	case requestCreate:
		p.path, p.stat = r.text(), r.stat()
	case requestSet, requestExists:
		p.stat = r.stat()
	case requestGet:
		p.data, p.stat = r.bytes(), r.stat()
	case requestChildren:
		if count := r.count(); count > 0 {
			p.names = make([]string, count)
		}
		for i := range p.names {
			p.names[i] = r.text()
		}
	}
	return p, r.end()
}
