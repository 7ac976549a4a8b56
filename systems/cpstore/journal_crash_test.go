package cpstore

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/raft/v3/raftpb"
)

var voters = raftpb.ConfState{Voters: []uint64{1, 2, 3}}

// promise is what a node stands for: the term of every entry from index 2 on, a digit each, and its
// term and vote. The state in a snapshot is such digits too.
type promise struct {
	terms      string
	term, vote uint64
}

// recovered is what a journal was opened with.
func recovered(j *journal, encoded []byte) promise {
	p := promise{terms: string(encoded), term: j.hard.Term, vote: j.hard.Vote}
	last, err := j.storage.LastIndex()
	must(err)
	for index := j.base.index + 1; index <= last; index++ {
		entries, err := j.storage.Entries(index, index+1, 1)
		must(err)
		if want := entry(index, entries[0].Term); string(want.Data) != string(entries[0].Data) {
			panic("an entry has another's data")
		}
		p.terms += fmt.Sprint(entries[0].Term)
	}
	return p
}

func reopen(disk *slate, retain int) (*journal, promise) {
	j, encoded := openJournal(disk, voters, retain, "")
	j.limit = 0
	return j, recovered(j, encoded)
}

// server goes about a journal as a node does, and keeps book of what it has promised.
type server struct {
	disk         *slate
	retain       int
	journal      *journal
	applied      uint64
	due, busy    bool
	acked, tried promise // as of the last write that is durable; as of the last that was begun
}

func (s *server) boot(limit int) {
	s.journal, s.acked = reopen(s.disk, s.retain)
	s.journal.limit = limit
	s.tried, s.applied = s.acked, s.journal.base.index
	if s.journal.mending != nil {
		s.mend()
		s.disk.settle()
	}
}

func (s *server) mend() {
	s.busy, s.due = true, false
	s.journal.mend(s.applied, func(error) { s.busy = false })
}

// write logs entries of the given terms from an index on, with the hard state.
func (s *server) write(from uint64, terms string, term, vote, commit uint64) {
	var entries []raftpb.Entry
	for i := range len(terms) {
		entries = append(entries, entry(from+uint64(i), uint64(terms[i]-'0')))
	}
	s.tried.term, s.tried.vote = term, vote
	if terms != "" {
		s.tried.terms = s.tried.terms[:from-2] + terms
	}
	s.busy = true
	s.journal.hard = raftpb.HardState{Term: term, Vote: vote, Commit: commit}
	s.journal.write(entries)
	s.journal.sync(func(error) {
		s.acked, s.busy, s.applied = s.tried, false, commit
		must(s.journal.storage.Append(entries))
	})
}

func (s *server) snapshot() {
	term, err := s.journal.storage.Term(s.applied)
	must(err)
	at := position{s.applied, term}
	s.journal.save(at, []byte(s.acked.terms[:at.index-1]), func(error) {
		s.journal.covered(at, 2)
		s.due = s.journal.full(s.applied)
	})
}

// install takes over a leader's snapshot that stands for the given terms.
func (s *server) install(terms string) {
	s.tried.terms = terms
	at := position{uint64(len(terms)) + 1, uint64(terms[len(terms)-1] - '0')}
	s.journal.save(at, []byte(terms), func(error) {
		s.journal.install(at, func(error) {
			s.acked, s.applied = s.tried, at.index
		})
	})
}

// pass lets what is under way become durable, the newest first or the oldest.
func (s *server) pass(newest bool) {
	for len(s.disk.pending) > 0 || s.due && !s.busy {
		switch {
		case s.due && !s.busy:
			s.mend()
		case newest:
			s.disk.finish(len(s.disk.pending) - 1)
		default:
			s.disk.finish(0)
		}
	}
}

// script has all that a journal does: writes, votes, entries that are replaced, also across segments,
// snapshots while the log goes on, and a leader's snapshot over a log that contradicts it.
func (s *server) script(newest bool) {
	then := func() { s.pass(newest) }
	s.write(2, "111", 1, 1, 1)
	then()
	s.write(5, "1", 1, 1, 4)
	then()
	s.snapshot()
	s.write(6, "11", 1, 1, 5)
	then()
	s.write(6, "22", 2, 3, 5)
	then()
	s.write(0, "", 3, 2, 5)
	then()
	s.write(8, "3", 3, 2, 7)
	then()
	s.snapshot()
	then()
	s.write(9, "33", 3, 2, 8)
	then()
	s.write(0, "", 5, 0, 8)
	then()
	s.install("1111223" + "444444445555")
	then()
	s.write(21, "55", 5, 0, 21)
	then()
	s.write(22, "5555", 5, 0, 23)
	s.snapshot()
	then()
	s.snapshot()
	s.write(0, "", 6, 3, 23)
	then()
	s.write(24, "6", 6, 3, 24)
	then()
}

type powerCut struct{}

// runUntil runs the script up to the moment at which the disk has changed so many times.
func (s *server) runUntil(moment, limit int, newest bool) (over bool) {
	defer func() {
		if cause := recover(); cause != nil && cause != any(powerCut{}) {
			panic(cause)
		}
	}()
	s.disk.step = func() {
		if moment--; moment < 0 {
			panic(powerCut{})
		}
	}
	s.boot(limit)
	s.script(newest)
	return true
}

// returns boots a node on what a crash has left, crashes it once more while it mends its log, and lets
// it log one more entry.
func (s *server) returns(t *testing.T, disk *slate, message string) {
	j, got := reopen(disk, s.retain)
	require.Contains(t, []promise{s.acked, s.tried, {s.tried.terms, s.acked.term, s.acked.vote}}, got, message)
	require.GreaterOrEqual(t, j.hard.Commit, j.base.index, message)
	if j.mending != nil {
		j.mend(j.base.index, func(error) {})
		for _, landed := range []bool{false, true} {
			_, again := reopen(disk.crashed(0, landed), s.retain)
			require.Equal(t, got, again, message)
		}
		disk = disk.crashed(0, false)
	}
	next := &server{disk: disk, retain: s.retain}
	next.boot(0)
	last := uint64(len(got.terms)) + 2
	next.write(last, "7", 7, 1, next.journal.hard.Commit)
	next.pass(false)
	_, again := reopen(disk.crashed(0, false), s.retain)
	require.Equal(t, promise{got.terms + "7", 7, 1}, again, message)
}

// Whatever the moment of a crash, and whatever it leaves of the writes under way, a node comes back
// with what it had promised, or with the write under way in whole; then it goes on from there.
func TestCrashAtEveryByte(t *testing.T) {
	for _, c := range []struct {
		retain, limit int
		newest        bool
	}{{1, 0, false}, {1, 0, true}, {2, 0, false}, {2, 150, true}, {3, 0, true}, {1, 1000, false}} {
		states := 0
		for moment := 0; ; moment++ {
			s := &server{disk: newSlate(), retain: c.retain, acked: promise{term: 1}}
			over := s.runUntil(moment, c.limit, c.newest)
			for torn := range s.disk.unsynced() + 1 {
				for _, landed := range []bool{false, true} {
					states++
					s.returns(t, s.disk.crashed(torn, landed), fmt.Sprintf("%+v moment %d torn %d landed %v", c, moment, torn, landed))
				}
			}
			if over {
				t.Logf("%+v: %d moments, %d states, files %v", c, moment, states, s.disk.Files())
				break
			}
		}
		require.Greater(t, states, 500)
	}
}
