package cpstore

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// broken reopens a disk as a node with a planted bug does.
func broken(s *server, bug string) promise {
	j, encoded := openJournal(s.disk.crashed(0, false), voters, s.retain, bug)
	return recovered(j, encoded)
}

// Each planted bug breaks what it says, and the same files are good without it.
func TestBugKeepSuffix(t *testing.T) {
	s := filled(1, "")
	s.write(10, "44", 4, 0, 11)
	s.pass(false)
	s.reopens(t)
	require.Equal(t, promise{"3333333333", 4, 0}, broken(s, BugKeepSuffix))
}

func TestBugBareEpoch(t *testing.T) {
	s := filled(1, BugBareEpoch)
	s.more(20)
	require.PanicsWithValue(t, "cpstore: the current term, 0, is older than the snapshot's, 3", func() { broken(s, BugBareEpoch) })
	s.write(21, "3", 3, 2, 20)
	s.pass(false)
	require.Panics(t, func() { broken(s, BugBareEpoch) })
	s.write(0, "", 4, 2, 21)
	s.pass(false)
	require.Equal(t, s.acked, broken(s, BugBareEpoch))
}

func TestBugEpochFirst(t *testing.T) {
	s := filled(1, BugEpochFirst)
	s.journal.hard.Term, s.journal.hard.Commit = 4, 15
	s.journal.writeEpoch()
	s.journal.sync(ignoreError)
	s.pass(false)
	got := broken(s, BugEpochFirst)
	require.Equal(t, promise{s.acked.terms, 4, 2}, got, "the term is there, the entries are not")
	require.EqualValues(t, 15, s.journal.hard.Commit)
}

func TestBugEmptyStart(t *testing.T) {
	s := filled(1, BugEmptyStart)
	s.more(20)
	s.write(21, "34", 4, 1, 21)
	s.pass(false)
	require.Equal(t, []string{segmentName(21)}, s.disk.Files())
	require.Equal(t, promise{"34", 4, 1}, broken(s, BugEmptyStart))
	text, _, _ := opening(s.disk, 1)
	require.Equal(t, "cpstore: what comes before log.0000000000000015 is gone: there must be a snapshot, or more of the log", text)
}

func TestBugHalfInstall(t *testing.T) {
	s := filled(1, BugHalfInstall)
	s.install("333334444444444")
	s.pass(false)
	s.write(17, "44", 4, 0, 18)
	s.pass(false)
	j, encoded := openJournal(s.disk, voters, 1, BugHalfInstall)
	require.Equal(t, "333334444444444", string(encoded))
	last, _ := j.storage.LastIndex()
	require.EqualValues(t, 16+10+2, last, "the ten entries of before follow the snapshot, and then the two")
	term, _ := j.storage.Term(17)
	require.EqualValues(t, 3, term)
}
