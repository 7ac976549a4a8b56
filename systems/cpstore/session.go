package cpstore

import (
	"cmp"
	"slices"
	"time"
)

// session is what all nodes agree on about a client: its id, its timeout, and under which number it
// is attached to a server at present. Who has heard of it when is the leader's own affair
// (liveness.go).
type session struct {
	id         int64 // the zxid of its creation
	timeout    time.Duration
	attachment uint64   // goes up by one each time the session attaches to a server
	ephemerals []string // paths, sorted
}

// sessions are sorted by id, which is the order of their creation.
type sessions []session

func (s sessions) find(id int64) *session {
	at, found := slices.BinarySearchFunc(s, id, func(one session, id int64) int { return cmp.Compare(one.id, id) })
	if !found {
		return nil
	}
	return &s[at]
}

func (s sessions) without(id int64) sessions {
	return slices.DeleteFunc(s, func(one session) bool { return one.id == id })
}

func (s *session) own(path string) {
	at, _ := slices.BinarySearch(s.ephemerals, path)
	s.ephemerals = slices.Insert(s.ephemerals, at, path)
}

func (s *session) disown(path string) {
	if at, found := slices.BinarySearch(s.ephemerals, path); found {
		s.ephemerals = slices.Delete(s.ephemerals, at, at+1)
	}
}
