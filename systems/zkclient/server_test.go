package zkclient

import (
	"slices"
	"time"

	"cleave/systems/zkwire"
	"cleave/world"
)

// server is one of a store's servers. It implements world.Process.
type server struct {
	store *store
	env   world.Environment
	peers []*peer // that are connected

	timeout time.Duration                            // that it grants; 0: what is asked
	greet   func(*peer, *zkwire.ConnectRequest) bool // in its place, if it says so
	before  func(*peer, *zkwire.Request) bool        // sees each request first, and may keep it from the store
	hellos  []zkwire.ConnectRequest
	heard   []heard
}

// heard is a request that a server was sent.
type heard struct {
	at      time.Duration
	peer    uint64
	request zkwire.Request
}

// peer is a client's connection.
type peer struct {
	world.Connection
	session int64
	greeted bool
}

func (s *server) Start(env world.Environment)                    { s.env = env }
func (s *server) Accepted(c world.Connection)                    { s.peers = append(s.peers, &peer{Connection: c}) }
func (s *server) Opened(world.Connection)                        {}
func (s *server) Datagram(string, []byte)                        {}
func (s *server) Closed(c world.Connection, _ world.CloseReason) { s.forget(c.ID()) }

func (s *server) forget(id uint64) {
	s.peers = slices.DeleteFunc(s.peers, func(p *peer) bool { return p.ID() == id })
	s.store.watches = slices.DeleteFunc(s.store.watches, func(w armedWatch) bool { return w.owner == id })
}

// hangUp ends all connections.
func (s *server) hangUp() {
	for _, p := range slices.Clone(s.peers) {
		s.forget(p.ID())
		p.Close()
	}
}

func (s *server) Received(c world.Connection, message []byte) {
	for _, p := range slices.Clone(s.peers) {
		if p.ID() != c.ID() {
			continue
		}
		if p.greeted {
			s.request(p, message)
		} else {
			s.hello(p, message)
		}
	}
}

func (s *server) hello(p *peer, message []byte) {
	q, err := zkwire.DecodeConnectRequest(message)
	if err != nil {
		panic("a client sent a bad connect request")
	}
	s.hellos = append(s.hellos, q)
	if s.greet != nil && s.greet(p, &q) {
		return
	}
	answer := zkwire.ConnectResponse{Timeout: q.Timeout, SessionID: q.SessionID, Password: q.Password, HasReadOnly: q.HasReadOnly}
	if s.timeout > 0 {
		answer.Timeout = int32(s.timeout / time.Millisecond)
	}
	if password, known := s.store.sessions[q.SessionID]; q.SessionID != 0 && (!known || password != string(q.Password)) {
		answer.Timeout, answer.SessionID, answer.Password = 0, 0, make([]byte, 16)
	} else if q.SessionID == 0 {
		id, password := s.store.open()
		answer.SessionID, answer.Password = id, []byte(password)
	}
	p.Send(answer.Append(nil))
	p.session, p.greeted = answer.SessionID, true
	if answer.SessionID == 0 {
		s.forget(p.ID())
		p.Close()
	}
}

func (s *server) request(p *peer, message []byte) {
	q, err := zkwire.DecodeRequest(message)
	if err != nil {
		panic("a client sent a bad request")
	}
	s.heard = append(s.heard, heard{s.env.Elapsed(), p.ID(), q})
	if s.before == nil || !s.before(p, &q) {
		s.serve(p, &q)
	}
}

// serve answers as a sound server does. Events go out before the reply to what caused them.
func (s *server) serve(p *peer, q *zkwire.Request) {
	if q.Op == zkwire.OpPing {
		s.reply(p, q.Op, zkwire.Reply{Xid: q.Xid, Zxid: s.store.zxid})
		return
	}
	answer := s.store.apply(p.session, q)
	s.arm(p, q, answer.Code)
	s.reply(p, q.Op, answer)
	if q.Op == zkwire.OpCloseSession {
		s.forget(p.ID())
		p.Close()
	}
}

func (s *server) reply(p *peer, op zkwire.Op, answer zkwire.Reply) { p.Send(answer.Append(nil, op)) }

// arm takes up the watches that a request asks for.
func (s *server) arm(p *peer, q *zkwire.Request, code zkwire.Code) {
	switch {
	case q.Watches != nil:
		s.setWatches(p, q.Watches)
	case q.Op == zkwire.OpAddWatch && q.Mode == zkwire.ModeRecursive:
		s.add(p, "recursive", q.Path)
	case q.Op == zkwire.OpAddWatch:
		s.add(p, "persistent", q.Path)
	case !q.Watch:
	case q.Op == zkwire.OpExists, q.Op == zkwire.OpGetData && code == zkwire.OK:
		s.add(p, "data", q.Path)
	case code == zkwire.OK:
		s.add(p, "child", q.Path)
	}
}

func (s *server) add(p *peer, kind, path string) {
	deliver := func(event zkwire.Event) { p.Send(event.Append(nil)) }
	for _, w := range s.store.watches {
		if w.owner == p.ID() && w.kind == kind && w.path == path {
			return
		}
	}
	s.store.watches = append(s.store.watches, armedWatch{deliver, p.ID(), path, kind})
}

// setWatches fires what has changed meanwhile and arms the rest.
func (s *server) setWatches(p *peer, w *zkwire.Watches) {
	each := func(paths []string, kind string, fired func(node znode, there bool) zkwire.EventType) {
		for _, path := range paths {
			node, there := s.store.nodes[path]
			if event := fired(node, there); event != 0 {
				p.Send((&zkwire.Event{Type: event, Path: path}).Append(nil))
			} else {
				s.add(p, kind, path)
			}
		}
	}
	after := func(zxid int64, event zkwire.EventType) zkwire.EventType {
		if zxid > w.RelativeZxid {
			return event
		}
		return 0
	}
	each(w.Data, "data", func(n znode, there bool) zkwire.EventType {
		if !there {
			return zkwire.EventDeleted
		}
		return after(n.stat.Mzxid, zkwire.EventDataChanged)
	})
	each(w.Exist, "data", func(_ znode, there bool) zkwire.EventType {
		if there {
			return zkwire.EventCreated
		}
		return 0
	})
	each(w.Child, "child", func(n znode, there bool) zkwire.EventType {
		if !there {
			return zkwire.EventDeleted
		}
		return after(n.stat.Pzxid, zkwire.EventChildren)
	})
	never := func(znode, bool) zkwire.EventType { return 0 }
	each(w.Persistent, "persistent", never)
	each(w.PersistRecursive, "recursive", never)
}
