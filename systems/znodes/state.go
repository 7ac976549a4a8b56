package znodes

import (
	"bytes"
	"errors"
	"time"

	"cleave/systems/zkwire"
)

// State is the replicated state machine: nodes that have applied the same entries are equal.
type State struct {
	tree
	sessions sessions
	term     uint64 // of the last applied entry
	zxid     int64  // of the last applied entry

	options  Options
	restored bool     // from a snapshot; only a planted bug asks
	doomed   []string // BugSlowRemoval: what the next transaction removes
}

// New makes the state of a new ensemble: "/", "/zookeeper", "/zookeeper/quota" and
// "/zookeeper/config", no sessions, zxid 0.
func New(options Options) *State { return &State{tree: freshTree(options.Config), options: options} }

// Zxid numbers the last applied transaction: raft's term in the upper half, a counter inside the term
// in the lower. Every entry takes a number, a failed write's too, as in ZooKeeper; so numbers rise
// but have gaps. A term of more than 2^32 entries borrows from the next; the numbers still rise.
func (s *State) Zxid() int64 { return s.zxid }

// Term is the term of the last applied entry.
func (s *State) Term() uint64 { return s.term }

// Advance gives the next entry of the log its number, and is all that an empty one does: the first of
// a new leader.
func (s *State) Advance(term uint64) {
	if term != s.term {
		s.term = term
		s.zxid = max(s.zxid, int64(term<<32))
	}
	s.zxid++
}

// Change is what happened to a znode, for the watches.
type Change struct {
	Type      zkwire.EventType // created, deleted or data changed
	Path      string
	ACL       []zkwire.ACL // of the node; of a deleted one, as it was
	ParentACL []zkwire.ACL // nil for "/"
}

// Result is what applying a command gave.
type Result struct {
	Reply   zkwire.Reply // Xid is left 0
	Session Session      // the one opened, or attached
	Changes []Change     // in the order in which they happened
}

// transaction is a command under way: what its operations share.
type transaction struct {
	zxid, time int64 // time in milliseconds
	session    int64
	identities []zkwire.Identity
	changes    []Change
}

// Apply carries out the next entry of the log, written in a term. Equal states and commands give
// equal states and results.
func (s *State) Apply(term uint64, c *Command) Result {
	s.Advance(term)
	x := transaction{zxid: s.zxid, time: milliseconds(c.Time), session: c.Session, identities: c.Identities}
	s.removeDoomed(&x)
	r := s.carryOut(c, &x)
	r.Reply.Zxid = s.zxid
	r.Changes = x.changes
	return r
}

func milliseconds(nanoseconds int64) int64 { return nanoseconds / int64(time.Millisecond) }

func refused(code zkwire.Code) Result { return Result{Reply: zkwire.Reply{Code: code}} }

func (s *State) carryOut(c *Command, x *transaction) Result {
	switch c.Kind {
	case CommandOpen:
		opened := Session{ID: x.zxid, Timeout: c.Timeout, Password: c.Password, Attachment: 1}
		s.sessions = append(s.sessions, opened)
		return Result{Session: opened}
	case CommandExpire:
		for _, id := range c.Expired {
			s.end(id, x)
		}
		return Result{}
	case CommandClean:
		return refused(s.clean(c.Path, x))
	}
	owner := s.sessions.find(c.Session)
	if owner == nil {
		return refused(zkwire.SessionExpired)
	}
	if c.Kind == CommandAttach {
		if !bytes.Equal(owner.Password, c.Password) {
			return refused(zkwire.SessionExpired)
		}
		owner.Attachment++
		owner.Timeout = c.Timeout
		return Result{Session: *owner}
	}
	// What was sent before the session moved to another server must not overtake what it sent since.
	if owner.Attachment != c.Attachment {
		return refused(zkwire.SessionMoved)
	}
	if c.Kind == CommandClose {
		if s.options.Bug == BugSlowRemoval {
			s.doomed = s.OwnedBy(c.Session)
			delete(s.owned, c.Session)
		}
		s.end(c.Session, x)
		return Result{}
	}
	return s.write(c.Request, x)
}

// write carries out what a client sent.
func (s *State) write(payload []byte, x *transaction) Result {
	q, err := zkwire.DecodeRequest(payload)
	switch {
	case errors.Is(err, zkwire.ErrUnknownOp) && q.Op != zkwire.OpMulti:
		return refused(zkwire.BadArguments)
	case err != nil:
		return refused(zkwire.MarshallingError)
	case q.Op == zkwire.OpMulti:
		return Result{Reply: s.multi(q.Operations, x)}
	case !writes(q.Op):
		return refused(zkwire.BadArguments)
	}
	r := s.perform(&q, x)
	return Result{Reply: zkwire.Reply{Code: r.Code, Path: r.Path, Stat: r.Stat}}
}

// writes tells whether an operation by itself, not a multi, is a write.
func writes(op zkwire.Op) bool {
	switch op {
	case zkwire.OpCreate, zkwire.OpCreate2, zkwire.OpCreateContainer, zkwire.OpCreateTTL,
		zkwire.OpDelete, zkwire.OpSetData, zkwire.OpSetACL:
		return true
	}
	return false
}

// removeDoomed is BugSlowRemoval.
func (s *State) removeDoomed(x *transaction) {
	for _, path := range s.doomed {
		if s.find(path) != nil {
			s.remove(path, x)
		}
	}
	s.doomed = nil
}

// end removes a session and all its ephemeral nodes in one transaction.
func (s *State) end(id int64, x *transaction) {
	if s.sessions.find(id) == nil {
		return
	}
	s.sessions = s.sessions.without(id)
	owned := s.OwnedBy(id)
	if s.options.Bug == Bug2355 && s.restored && len(owned) > 1 {
		owned = owned[:len(owned)-1]
	}
	for _, path := range owned {
		s.remove(path, x)
	}
	delete(s.owned, id)
}
