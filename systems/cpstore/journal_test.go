package cpstore

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/raft/v3/raftpb"
)

// shelf is a disk on which everything is durable at once.
type shelf struct{ files map[string][]byte }

func (s *shelf) Read(file string) []byte                            { return s.files[file] }
func (s *shelf) Append(file string, data []byte)                    { s.files[file] = append(s.files[file], data...) }
func (s *shelf) Sync(_ string, done func(error))                    { done(nil) }
func (s *shelf) Remove(file string)                                 { delete(s.files, file) }
func (s *shelf) Replace(file string, data []byte, done func(error)) { s.files[file] = data; done(nil) }

var three = raftpb.ConfState{Voters: []uint64{1, 2, 3}}

func reopen(disk *shelf) *journal {
	j, _, _ := openJournal(disk, three, false)
	return j
}

func ignoreError(error) {}

// filled has ten entries on disk, and a vote.
func filled() (*shelf, *journal) {
	disk := &shelf{files: map[string][]byte{}}
	j := reopen(disk)
	var entries []raftpb.Entry
	for index := uint64(2); index < 12; index++ {
		entries = append(entries, entry(index, 3))
	}
	j.hard = raftpb.HardState{Term: 3, Vote: 2, Commit: 9}
	j.write(entries)
	must(j.storage.Append(entries))
	return disk, j
}

func lastIndex(j *journal) uint64 {
	last, err := j.storage.LastIndex()
	must(err)
	return last
}

func TestJournalReopens(t *testing.T) {
	disk, j := filled()
	again := reopen(disk)
	require.Equal(t, j.hard, again.hard)
	require.EqualValues(t, 11, lastIndex(again))
}

// A node must not vote twice in a term: its vote survives a restart, unless BugForgetVote is planted.
func TestVoteIsRemembered(t *testing.T) {
	disk, _ := filled()
	require.EqualValues(t, 2, reopen(disk).hard.Vote)
	forgetful, _, _ := openJournal(disk, three, true)
	require.Zero(t, forgetful.hard.Vote)
	require.EqualValues(t, 3, forgetful.hard.Term)
}

// Between the snapshot and the shorter log there may be a crash: both orders of files read the same.
func TestSnapshotThenLog(t *testing.T) {
	disk, j := filled()
	at, encoded := position{index: 8, term: 3}, []byte("state")
	j.save(at, encoded, ignoreError)
	between := reopen(disk)
	require.Equal(t, at, between.base)
	j.covered(at, encoded, 2)
	before := len(disk.files[walFile])
	j.rewrite(ignoreError)
	require.Less(t, len(disk.files[walFile]), before)
	after := reopen(disk)
	for _, reopened := range []*journal{between, after} {
		require.Equal(t, j.hard, reopened.hard)
		require.EqualValues(t, 11, lastIndex(reopened))
		first, _ := reopened.storage.FirstIndex()
		require.EqualValues(t, 9, first)
	}
}

// Losing what was committed is no state to go on from.
func TestLostCommitIsNoticed(t *testing.T) {
	disk, j := filled()
	disk.files[walFile] = appendHardRecord(appendBaseRecord(nil, bootstrap), j.hard)
	require.PanicsWithValue(t, "cpstore: the disk has lost committed entries", func() { reopen(disk) })
}
