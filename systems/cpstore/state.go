package cpstore

// state is the replicated state machine: nodes that have applied the same entries are equal.
type state struct {
	tree     *tree
	sessions sessions
	term     uint64 // of the last applied entry
	counter  uint64 // entries applied in that term
}

func newState() *state { return &state{tree: newTree()} }

// zxid numbers the last applied transaction: raft's term above, the counter inside the term below.
// Every entry takes a number, a failed write's too, as in ZooKeeper; so numbers rise but have gaps.
func (s *state) zxid() int64 { return int64(s.term<<32 | s.counter) }

// advance gives the next entry its number.
func (s *state) advance(term uint64) {
	if term != s.term {
		s.term, s.counter = term, 0
	}
	s.counter++
}

// result is what applying a command gave.
type result struct {
	code       Code
	zxid       int64
	path       string // of a created node
	stat       Stat   // of a created or set node
	session    int64
	attachment uint64
}

// apply carries out the next entry of the log, written in a term.
func (s *state) apply(term uint64, c *command) result {
	s.advance(term)
	r := s.carryOut(c)
	r.zxid = s.zxid()
	return r
}

func (s *state) carryOut(c *command) result {
	now := moment{zxid: s.zxid(), time: c.time}
	switch c.kind {
	case commandOpen:
		s.sessions = append(s.sessions, session{id: now.zxid, timeout: c.timeout, attachment: 1})
		return result{session: now.zxid, attachment: 1}
	case commandExpire:
		for _, id := range c.expired {
			s.end(id, now)
		}
		return result{}
	}
	owner := s.sessions.find(c.session)
	if owner == nil {
		return result{code: CodeSessionExpired}
	}
	if c.kind == commandAttach {
		owner.attachment++
		return result{session: owner.id, attachment: owner.attachment}
	}
	// What was sent before the session moved to another server must not overtake what it sent since.
	if owner.attachment != c.attachment {
		return result{code: CodeSessionMoved}
	}
	return s.write(owner, c, now)
}

func (s *state) write(owner *session, c *command, now moment) (r result) {
	switch c.kind {
	case commandClose:
		s.end(c.session, now)
	case commandCreate:
		ephemeralOwner := int64(0)
		if c.ephemeral {
			ephemeralOwner = owner.id
		}
		r.path, r.stat, r.code = s.tree.create(c.path, c.data, ephemeralOwner, c.sequential, now)
		if r.code == CodeOK && c.ephemeral {
			owner.own(r.path)
		}
	case commandSet:
		r.stat, r.code = s.tree.set(c.path, c.data, c.version, now)
	case commandDelete:
		var ephemeralOwner int64
		ephemeralOwner, r.code = s.tree.remove(c.path, c.version, now)
		if r.code == CodeOK && ephemeralOwner != 0 {
			s.sessions.find(ephemeralOwner).disown(c.path)
		}
	default:
		panic("cpstore: a command of no known kind")
	}
	return r
}

// end removes a session and all its ephemeral nodes in one transaction.
func (s *state) end(id int64, now moment) {
	ending := s.sessions.find(id)
	if ending == nil {
		return
	}
	for _, path := range ending.ephemerals {
		if _, code := s.tree.remove(path, anyVersion, now); code != CodeOK {
			panic("cpstore: a session owns a node that cannot be removed: " + path)
		}
	}
	s.sessions = s.sessions.without(id)
}
