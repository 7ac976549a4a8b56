package zkwire

import "cleave/internal/octets"

// header reads what is before each operation of a multi, and before each result: type, done, error.
// A header with done true ends the multi.
func (r *reader) header() (op Op, done bool, code Code) {
	return Op(r.int32()), r.bool(), Code(r.int32())
}

func appendHeader(out []byte, op Op, done bool, code Code) []byte {
	return appendInt32(octets.AppendBool(appendInt32(out, int32(op)), done), int32(code))
}

// appendMultiEnd writes the header that ends a multi.
func appendMultiEnd(out []byte) []byte { return appendHeader(out, OpError, true, -1) }

// allowed tells which operations a multi, or a multiRead, may hold.
func allowed(multi, op Op) bool {
	switch op {
	case OpCreate, OpCreate2, OpCreateContainer, OpCreateTTL, OpDelete, OpSetData, OpCheck:
		return multi == OpMulti
	case OpGetData, OpGetChildren:
		return multi == OpMultiRead
	}
	return false
}

func (q *Request) readOperations(r *reader) error {
	for {
		op, done, _ := r.header()
		if r.bad || done {
			return nil
		}
		if !allowed(q.Op, op) {
			return unknownOp(op, "a multi")
		}
		if q.Operations == nil {
			const usual = 20 // bytes of an operation: a guess, so that a long list seldom grows
			q.Operations = make([]Request, 0, 1+len(r.data)/usual)
		}
		q.Operations = append(q.Operations, Request{Op: op})
		if err := q.Operations[len(q.Operations)-1].readBody(r); err != nil {
			return err
		}
	}
}

func (q *Request) appendOperations(out []byte) []byte {
	for i := range q.Operations {
		out = appendHeader(out, q.Operations[i].Op, false, -1)
		out = q.Operations[i].appendBody(out)
	}
	return appendMultiEnd(out)
}

func (p *Reply) readResults(r *reader) error {
	for {
		op, done, code := r.header()
		if r.bad || done {
			return nil
		}
		result := Result{Op: op, Code: code}
		switch op {
		case OpDelete, OpCheck:
		case OpCreate:
			result.Path = r.text()
		case OpCreate2:
			result.Path, result.Stat = r.text(), r.stat()
		case OpSetData:
			result.Stat = r.stat()
		case OpGetData:
			result.Data, result.Stat = r.buffer(), r.stat()
		case OpGetChildren:
			result.Names = r.texts()
		case OpError:
			result.Code = Code(r.int32())
		default:
			return unknownOp(op, "a multi's reply")
		}
		if p.Results == nil {
			const usual = 96 // bytes of a result that was read: a guess likewise
			p.Results = make([]Result, 0, 1+len(r.data)/usual)
		}
		p.Results = append(p.Results, result)
	}
}

func appendResults(out []byte, results []Result) []byte {
	for i := range results {
		out = results[i].append(out)
	}
	return appendMultiEnd(out)
}

// append writes a result. An error's code is written twice, as ZooKeeper does: in the header and
// after it.
func (t *Result) append(out []byte) []byte {
	out = appendHeader(out, t.Op, false, t.Code)
	switch t.Op {
	case OpCreate:
		return appendText(out, t.Path)
	case OpCreate2:
		return appendStat(appendText(out, t.Path), &t.Stat)
	case OpSetData:
		return appendStat(out, &t.Stat)
	case OpGetData:
		return appendStat(appendBuffer(out, t.Data), &t.Stat)
	case OpGetChildren:
		return appendTexts(out, t.Names)
	case OpError:
		return appendInt32(out, int32(t.Code))
	}
	return out
}
