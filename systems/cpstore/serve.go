package cpstore

import (
	"errors"
	"time"

	"cleave/systems/zkwire"
	"cleave/systems/znodes"
)

// request takes a client's message: a four-letter word, the greeting, or a request.
func (n *node) request(l *link, message []byte) {
	l.traffic.received++
	n.traffic.received++
	switch {
	case l.ending:
	case l.stage == fresh && len(message) == wordLength:
		n.word(l, string(message))
	case l.stage == fresh:
		n.greet(l, message)
	case l.stage == greeting:
		if len(l.early) == maxEarly {
			n.drop(l)
			return
		}
		l.early = append(l.early, message)
	default:
		n.ask(l, message)
	}
}

// ask takes one request of an attached client.
func (n *node) ask(l *link, message []byte) {
	if l.stage == attached && !n.serving() {
		n.drop(l)
		return
	}
	q, err := zkwire.DecodeRequest(message)
	if q.Op == zkwire.OpPing && err == nil {
		n.transmit(l, &slot{request: q, arrived: n.env.Elapsed(), reply: zkwire.Reply{Xid: zkwire.XidPing, Zxid: n.state.Zxid()}})
		n.hear(l, false)
		return
	}
	n.hear(l, writes(q.Op))
	l.traffic.lastOp, l.traffic.lastXid = q.Op, q.Xid
	switch {
	case len(message) < 8:
		n.drop(l) // not even a header
	case err != nil && (q.Op == zkwire.OpAuth || q.Op == zkwire.OpSASL):
		n.drop(l)
	case errors.Is(err, zkwire.ErrUnknownOp) && q.Op != zkwire.OpMulti && q.Op != zkwire.OpMultiRead:
		n.refuse(l, q, zkwire.Unimplemented)
		l.ending = true
	case err != nil:
		n.refuse(l, q, zkwire.MarshallingError)
	case q.Op == zkwire.OpAuth:
		n.authenticate(l, &q)
	case q.Op == zkwire.OpSASL: // as a ZooKeeper that has no such login: an empty token
		n.transmit(l, &slot{request: q, arrived: n.env.Elapsed(), reply: zkwire.Reply{Xid: q.Xid}})
	case l.stage == readOnly && changes(q.Op):
		n.refuse(l, q, zkwire.NotReadOnly)
	default:
		n.dispatch(l, q, message)
	}
	n.drain(l)
}

// changes tells whether a request needs a quorum, so that a node without one refuses it.
func changes(op zkwire.Op) bool {
	return writes(op) || op == zkwire.OpSync || op == zkwire.OpQuorumSync
}

// writes tells whether a request goes through the log.
func writes(op zkwire.Op) bool {
	switch op {
	case zkwire.OpCreate, zkwire.OpCreate2, zkwire.OpCreateContainer, zkwire.OpCreateTTL, zkwire.OpDelete, zkwire.OpSetData,
		zkwire.OpSetACL, zkwire.OpMulti, zkwire.OpReconfig:
		return true
	}
	return false
}

// dispatch brings a good request on its way. Reads need only their turn.
func (n *node) dispatch(l *link, q zkwire.Request, message []byte) {
	switch {
	case q.Op == zkwire.OpReconfig:
		n.refuse(l, q, zkwire.ReconfigDisabled) // the membership is the configuration file's
	case q.Op == zkwire.OpCheck && n.cluster.Bug == BugLoneCheck:
		n.propose(l, l.enqueue(q, n.env.Elapsed()), znodes.Command{Kind: znodes.CommandWrite, Request: message})
	case q.Op == zkwire.OpCheck:
		n.refuse(l, q, zkwire.Unimplemented) // it has no meaning outside a multi
		l.ending = true
	case q.Op == zkwire.OpCloseSession && l.stage == readOnly:
		l.queue = append(l.queue, slot{request: q, done: true})
	case q.Op == zkwire.OpCloseSession:
		n.propose(l, l.enqueue(q, n.env.Elapsed()), znodes.Command{Kind: znodes.CommandClose})
	case writes(q.Op):
		n.propose(l, l.enqueue(q, n.env.Elapsed()), znodes.Command{Kind: znodes.CommandWrite, Request: message})
	case q.Op == zkwire.OpSync, q.Op == zkwire.OpQuorumSync:
		n.sync(l, l.enqueue(q, n.env.Elapsed()), q.Op)
	default:
		l.enqueue(q, n.env.Elapsed())
	}
}

// refuse answers a request, when its turn comes, with a code.
func (n *node) refuse(l *link, q zkwire.Request, code zkwire.Code) {
	l.queue = append(l.queue, slot{request: q, arrived: n.env.Elapsed(), done: true, reply: zkwire.Reply{Code: code}})
}

// drain answers from the front of the queue as far as answers are there.
func (n *node) drain(l *link) {
	defer l.hold()
	for len(l.queue) > 0 && !n.clogged(l) {
		first := &l.queue[0]
		op := first.request.Op
		if !first.done && (writes(op) || op == zkwire.OpCloseSession || op == zkwire.OpSync || op == zkwire.OpQuorumSync || op == opHello ||
			op == zkwire.OpCheck) {
			return
		}
		s := l.dequeue()
		n.answer(l, &s)
	}
}

// answer sends a reply, and ends the link if it was the last.
func (n *node) answer(l *link, s *slot) {
	op := s.request.Op
	if op == opHello {
		n.greeted(l, s)
		return
	}
	switch {
	case !s.done:
		s.reply = n.read(l, &s.request)
		s.reply.Zxid = n.state.Zxid()
	case op == zkwire.OpSync, op == zkwire.OpQuorumSync:
		n.flaws.copies = nil
		s.reply.Path, s.reply.Zxid = s.request.Path, n.state.Zxid()
	case s.reply.Zxid == 0:
		s.reply.Zxid = n.state.Zxid()
	}
	if s.reply.Code == zkwire.Unimplemented && l.ending {
		s.reply.Zxid = -1
	}
	s.reply.Xid = s.request.Xid
	n.transmit(l, s)
	if s.reply.Code == zkwire.SessionExpired || op == zkwire.OpCloseSession || l.ending && len(l.queue) == 0 || l.leaving {
		n.drop(l)
	}
}

// transmit puts a reply on the wire.
func (n *node) transmit(l *link, s *slot) {
	n.notifyLate(l)
	n.scratch = s.reply.Append(n.scratch[:0], s.request.Op)
	l.connection.Send(n.parcel(n.scratch))
	took := (n.env.Elapsed() - s.arrived).Milliseconds()
	l.traffic.answered(took, s.reply.Zxid)
	l.traffic.lastAnswer = n.env.Now()
	n.traffic.answered(took, s.reply.Zxid)
}

// resolve gives a waiting request its result.
func (n *node) resolve(l *link, number uint64, reply zkwire.Reply) {
	if reply.Code == zkwire.SessionMoved {
		n.drop(l) // as in ZooKeeper, the one that lost its session to another connection hears nothing
		return
	}
	if s := l.slot(number); s != nil && !s.done {
		s.done, s.reply = true, reply
	}
	n.drain(l)
}

// clamp is the timeout that a client gets which wants one.
func (n *node) clamp(wanted time.Duration) time.Duration {
	return min(max(wanted, n.options.MinSessionTimeout), n.options.MaxSessionTimeout)
}
