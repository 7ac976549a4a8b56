package znodes

import (
	"cmp"
	"slices"
	"time"
)

// Session is what all nodes agree on about a client. Who has heard of it when is the leader's own
// affair.
type Session struct {
	ID         int64 // the zxid of its creation, never 0
	Timeout    time.Duration
	Password   []byte
	Attachment uint64 // goes up by one each time the session attaches to a server
}

// Session finds a session that has not ended.
func (s *State) Session(id int64) (Session, bool) {
	if found := s.sessions.find(id); found != nil {
		return *found, true
	}
	return Session{}, false
}

// Sessions are all sessions, in the order of their ids, which is that of their creation. The slice is
// the state's own: the caller must not change it, nor keep it beyond the next Apply.
func (s *State) Sessions() []Session { return s.sessions }

// OwnedBy lists the paths of a session's ephemeral nodes, in order.
func (s *State) OwnedBy(session int64) []string {
	if owned := s.owned[session]; owned != nil {
		return owned.list()
	}
	return nil
}

// sessions are sorted by id.
type sessions []Session

func (s sessions) search(id int64) (at int, found bool) {
	return slices.BinarySearchFunc(s, id, func(one Session, id int64) int { return cmp.Compare(one.ID, id) })
}

func (s sessions) find(id int64) *Session {
	at, found := s.search(id)
	if !found {
		return nil
	}
	return &s[at]
}

func (s sessions) without(id int64) sessions {
	at, found := s.search(id)
	if !found {
		return s
	}
	return slices.Delete(s, at, at+1)
}
