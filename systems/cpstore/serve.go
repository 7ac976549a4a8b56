package cpstore

import (
	"slices"
	"time"

	"cleave/world"
)

// link is a client's connection. Its requests are answered in order: one that has to wait holds up
// the answers to all behind it, also to reads, which look at the state only when their turn comes.
type link struct {
	connection world.Connection
	id         uint64
	greeted    bool
	session    int64 // 0 until attached
	attachment uint64
	queue      []slot
}

// slot is a request whose answer is not sent yet.
type slot struct {
	request request
	done    bool
	result  result
}

// welcome takes a client in, or sends it away if it cannot be served here.
func (n *node) welcome(connection world.Connection) {
	if !n.serving() {
		connection.Close()
		return
	}
	n.links = append(n.links, &link{connection: connection, id: connection.ID()})
}

func (n *node) link(connection world.Connection) *link {
	id := connection.ID()
	for _, l := range n.links {
		if l.id == id {
			return l
		}
	}
	return nil
}

// forget drops a link that has ended, and what it waits for.
func (n *node) forget(l *link) {
	n.links = slices.DeleteFunc(n.links, func(other *link) bool { return other == l })
	n.pending = slices.DeleteFunc(n.pending, func(p pending) bool { return p.link == l })
	l.queue = nil
}

// drop ends a link: what the client has not had an answer to, it will have to take as unknown.
func (n *node) drop(l *link) {
	l.connection.Close()
	n.forget(l)
}

// dismiss ends all links.
func (n *node) dismiss() {
	for len(n.links) > 0 {
		n.drop(n.links[len(n.links)-1])
	}
}

// evict ends the links of a session that hold an older attachment.
func (n *node) evict(session int64, attachment uint64) {
	for i := len(n.links) - 1; i >= 0; i-- {
		if l := n.links[i]; l.session == session && l.attachment != attachment {
			n.drop(l)
		}
	}
}

// request takes a client's message.
func (n *node) request(l *link, message []byte) {
	q, good := decodeRequest(message)
	if !good || !n.serving() || (q.kind == requestHello) == l.greeted || q.kind != requestHello && l.session == 0 {
		n.drop(l)
		return
	}
	if l.session != 0 {
		n.hear(l.session)
	}
	switch q.kind {
	case requestPing:
		n.answer(l, &q, &result{zxid: n.state.zxid()})
		return
	case requestHello:
		l.greeted = true
		if q.seen > n.state.zxid() {
			n.drop(l) // the client has seen more than this node: it must not go back in time
			return
		}
	}
	l.queue = append(l.queue, slot{request: q})
	switch q.kind {
	case requestGet, requestExists, requestChildren:
		n.drain(l)
	case requestSync, requestQuorumSync:
		n.sync(l, &q)
	default:
		n.propose(l, n.command(l, &q))
	}
}

// command is what a request asks the log for.
func (n *node) command(l *link, q *request) command {
	c := command{node: n.id, boot: n.boot, time: int64(n.env.Now()), session: l.session, attachment: l.attachment,
		path: q.path, data: q.data, version: q.version, ephemeral: q.ephemeral, sequential: q.sequential}
	switch q.kind {
	case requestHello:
		c.kind, c.session = commandAttach, q.session
		if q.session == 0 {
			c.kind, c.timeout = commandOpen, n.timeout(q.timeout)
		}
	case requestClose:
		c.kind = commandClose
	case requestCreate:
		c.kind = commandCreate
	case requestSet:
		c.kind = commandSet
	case requestDelete:
		c.kind = commandDelete
	}
	return c
}

// timeout is what a client gets that wants one; as in ZooKeeper, between 2 and 20 of the default's
// quarters.
func (n *node) timeout(wanted time.Duration) time.Duration {
	if wanted <= 0 {
		return n.options.SessionTimeout
	}
	return min(max(wanted, n.options.SessionTimeout/2), 5*n.options.SessionTimeout)
}

// drain answers from the front of the queue as far as answers are there. A read needs only its turn.
func (n *node) drain(l *link) {
	for len(l.queue) > 0 {
		first := l.queue[0]
		switch first.request.kind {
		case requestGet, requestExists, requestChildren:
			first.result = result{zxid: n.state.zxid()}
		case requestSync, requestQuorumSync:
			if !first.done {
				return
			}
			first.result.zxid = n.state.zxid() // writes before it in the queue may have come through since
		default:
			if !first.done {
				return
			}
		}
		l.queue = l.queue[1:]
		n.answer(l, &first.request, &first.result)
	}
}

// answer sends a reply, and ends the link if it was the last.
func (n *node) answer(l *link, q *request, r *result) {
	p := reply{kind: q.kind, xid: q.xid, zxid: r.zxid, code: r.code, path: r.path, stat: r.stat}
	switch q.kind {
	case requestGet, requestExists:
		p.data, p.stat, p.code = n.state.tree.get(q.path)
	case requestChildren:
		p.names, p.code = n.state.tree.list(q.path)
	case requestHello:
		if r.code == CodeOK {
			l.session, l.attachment = r.session, r.attachment
			p.session, p.timeout = r.session, n.options.SessionTimeout
			if one := n.state.sessions.find(r.session); one != nil {
				p.timeout = one.timeout
			}
		}
	}
	l.connection.Send(p.encode())
	if r.code == CodeSessionExpired || q.kind == requestClose {
		n.drop(l)
	}
}

// resolve gives a waiting request its result.
func (n *node) resolve(l *link, xid uint64, r *result) {
	if r.code == CodeSessionMoved {
		n.drop(l) // as in ZooKeeper, the one that lost its session to another connection hears nothing
		return
	}
	for i := range l.queue {
		if s := &l.queue[i]; s.request.xid == xid && !s.done {
			s.done, s.result = true, *r
			break
		}
	}
	n.drain(l)
}
