package cpstore

import (
	"bytes"
	"encoding/binary"
	"time"

	"cleave/systems/zkwire"
	"cleave/systems/znodes"
)

// opHello marks the slot of a greeting, which has no header of its own on the wire.
const opHello zkwire.Op = -1000

const passwordLength = 16

// greet takes a client's greeting: it wants a new session, or to go on with one.
func (n *node) greet(l *link, message []byte) {
	hello, err := zkwire.DecodeConnectRequest(message)
	switch {
	case err != nil, hello.LastZxidSeen > n.state.Zxid() && n.cluster.Bug != BugBackInTime:
		n.drop(l) // a client that has seen more than this node must not go back in time
		return
	case n.serving():
	case n.readsOnly && hello.ReadOnly:
		n.greetReader(l, hello)
		return
	default:
		n.drop(l)
		return
	}
	if n.cluster.Bug == BugBackInTime && n.takeAsItIs(l, hello) {
		return
	}
	l.hello, l.stage = hello, greeting
	c := znodes.Command{Kind: znodes.CommandOpen, Timeout: n.clamp(time.Duration(hello.Timeout) * time.Millisecond)}
	if hello.SessionID != 0 {
		// ZooKeeper ends a former connection before it looks at the password, so we do.
		n.evict(hello.SessionID, 0)
		c.Kind, c.Session, c.Password = znodes.CommandAttach, hello.SessionID, hello.Password
	} else {
		c.Password = n.newPassword()
	}
	n.propose(l, l.enqueue(zkwire.Request{Op: opHello}, n.env.Elapsed()), c)
}

// takeAsItIs is BugBackInTime: a client goes on with its session by what this node knows of it, without
// the log, which would bring the node up to where the client is.
func (n *node) takeAsItIs(l *link, hello zkwire.ConnectRequest) bool {
	known, found := n.state.Session(hello.SessionID)
	if !found || !bytes.Equal(known.Password, hello.Password) {
		return false
	}
	n.evict(known.ID, 0)
	l.hello, l.session, l.attachment, l.timeout = hello, known.ID, known.Attachment, known.Timeout
	n.respond(l, zkwire.ConnectResponse{Password: known.Password}, attached)
	n.hear(l, true)
	return true
}

// newPassword draws what only this session's client is to know.
func (n *node) newPassword() []byte {
	password := make([]byte, passwordLength)
	binary.BigEndian.PutUint64(password, n.env.Random().Uint64())
	binary.BigEndian.PutUint64(password[8:], n.env.Random().Uint64())
	return password
}

// greetReader attaches a client while this node has no quorum. A new session is known to this node
// alone and ends with the connection.
func (n *node) greetReader(l *link, hello zkwire.ConnectRequest) {
	l.hello, l.stage = hello, greeting
	response := zkwire.ConnectResponse{Password: make([]byte, passwordLength), ReadOnly: true}
	if hello.SessionID == 0 {
		n.lastReader++
		l.session = int64(n.id<<56 | n.lastReader)
		response.Password = n.newPassword()
		l.timeout = n.clamp(time.Duration(hello.Timeout) * time.Millisecond)
	} else if known, found := n.state.Session(hello.SessionID); found && bytes.Equal(known.Password, hello.Password) {
		n.evict(known.ID, 0)
		l.session, l.timeout = known.ID, known.Timeout
		response.Password = known.Password
	}
	n.respond(l, response, readOnly)
}

// greeted answers the greeting once the log has taken it.
func (n *node) greeted(l *link, s *slot) {
	response := zkwire.ConnectResponse{Password: make([]byte, passwordLength)}
	if known, found := n.state.Session(l.session); s.reply.Code == zkwire.OK && found {
		l.timeout = known.Timeout
		response.Password = known.Password
	} else {
		l.session = 0
	}
	n.respond(l, response, attached)
}

// respond sends the answer to a greeting. Without a session the link ends with it.
func (n *node) respond(l *link, response zkwire.ConnectResponse, as stage) {
	response.SessionID, response.HasReadOnly = l.session, l.hello.HasReadOnly
	if l.session != 0 {
		response.Timeout = int32(l.timeout.Milliseconds())
	}
	l.connection.Send(response.Append(nil))
	l.traffic.sent++
	n.traffic.sent++
	if l.session == 0 {
		n.drop(l)
		return
	}
	l.stage = as
	early := l.early
	l.early = nil
	for _, message := range early {
		if !l.ending {
			n.ask(l, message)
		}
	}
}

// authenticate adds an identity to a connection's own. As in ZooKeeper the answer waits for nothing.
func (n *node) authenticate(l *link, q *zkwire.Request) {
	answer := slot{request: *q, arrived: n.env.Elapsed(), reply: zkwire.Reply{Xid: q.Xid}}
	identity := zkwire.Identity{Scheme: "digest"}
	switch q.Identity.Scheme {
	case "digest":
		identity = znodes.DigestIdentity(q.Identity.ID)
		if n.options.Super != "" && identity.ID == n.options.Super {
			l.identify(zkwire.Identity{Scheme: "super"})
		}
		l.identify(identity)
	case "ip":
	default:
		answer.reply.Code = zkwire.AuthFailed
	}
	n.transmit(l, &answer)
	if answer.reply.Code != zkwire.OK {
		n.drop(l)
	}
}

// identify notes who else a client is.
func (l *link) identify(identity zkwire.Identity) {
	for _, known := range l.identities {
		if known == identity {
			return
		}
	}
	// A new list: commands under way hold on to the old one.
	l.identities = append(l.identities[:len(l.identities):len(l.identities)], identity)
}
