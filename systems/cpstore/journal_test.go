package cpstore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/raft/v3"
	"go.etcd.io/raft/v3/raftpb"
)

func ignoreError(error) {}

// filled is a server with ten entries on the disk, from index 2 to 11, nine of them applied, and a vote.
func filled(retain int, bug string) *server {
	s := &server{disk: newSlate(), retain: retain}
	s.boot(0)
	s.journal.bug = bug
	s.write(2, "3333333333", 3, 2, 10)
	s.pass(false)
	return s
}

// more logs and applies entries up to an index, and saves a snapshot there.
func (s *server) more(upTo uint64) {
	from := uint64(len(s.acked.terms)) + 2
	s.write(from, strings.Repeat("3", int(upTo-from)+1), 3, 2, upTo)
	s.pass(false)
	s.snapshot()
	s.pass(false)
}

func (s *server) reopens(t *testing.T) {
	_, got := reopen(s.disk.crashed(0, false), s.retain)
	require.Equal(t, s.acked, got)
}

func TestJournalReopens(t *testing.T) {
	s := filled(1, "")
	s.reopens(t)
	s.more(20)
	s.reopens(t)
	require.Equal(t, []string{"log.0000000000000015", "snapshot.0000000000000014"}, s.disk.Files())
}

// A node must not vote twice in a term: its vote survives a restart, unless BugForgetVote is planted.
func TestVoteIsRemembered(t *testing.T) {
	s := filled(1, "")
	j, _ := openJournal(s.disk, voters, 1, "")
	require.EqualValues(t, 2, j.hard.Vote)
	forgetful, _ := openJournal(s.disk, voters, 1, BugForgetVote)
	require.Zero(t, forgetful.hard.Vote)
	require.EqualValues(t, 3, forgetful.hard.Term)
}

// Segments begin where enough has been applied, and go with the snapshots before them; other files in
// the directory are left alone.
func TestPurge(t *testing.T) {
	for retain := 1; retain <= 3; retain++ {
		s := filled(retain, "")
		s.disk.change("log.7", nil)
		s.disk.change("snapshot.00000000000000ff.bak", nil)
		for _, upTo := range []uint64{20, 30, 40, 50} {
			s.more(upTo)
			s.reopens(t)
		}
		var want []string
		for i := 4 - retain; i < 4; i++ {
			want = append(want, segmentName([]uint64{21, 31, 41, 51}[i]))
		}
		want = append(want, "log.7")
		for i := 4 - retain; i < 4; i++ {
			want = append(want, snapshotName([]uint64{20, 30, 40, 50}[i]))
		}
		require.Equal(t, append(want, "snapshot.00000000000000ff.bak"), s.disk.Files())
	}
}

// A small segment is not worth another one.
func TestSmallSegmentsGoOn(t *testing.T) {
	s := filled(1, "")
	s.journal.limit = 10_000
	s.more(20)
	s.more(30)
	s.reopens(t)
	require.Equal(t, []string{segmentName(2), snapshotName(30)}, s.disk.Files())
}

func TestSnapshotIsDue(t *testing.T) {
	j := filled(1, "").journal
	size := uint64(j.size - len(batch(appendBaseRecord(nil, bootstrap), raftpb.HardState{Term: 1, Commit: 1})))
	require.Equal(t, size, j.logged)
	require.False(t, j.due(10, 10, 0))
	require.True(t, j.due(11, 10, 0))
	require.True(t, j.due(10, 1000, size))
	require.False(t, j.due(10, 1000, size+1))
	require.False(t, j.due(1, 1000, size), "nothing new has been applied")
	j.save(position{10, 3}, nil, ignoreError)
	require.False(t, j.due(10, 1000, 1))
}

// Raft keeps some of the log before a snapshot, but never from before the last but one.
func TestCompaction(t *testing.T) {
	for keep, first := range map[uint64]uint64{2: 29, 5: 26, 15: 21, 1000: 21} {
		s := filled(1, "")
		s.more(20)
		s.write(21, "3333333333", 3, 2, 30)
		s.pass(false)
		s.journal.save(position{30, 3}, nil, func(error) { s.journal.covered(position{30, 3}, keep) })
		s.pass(false)
		got, err := s.journal.storage.FirstIndex()
		require.NoError(t, err)
		require.Equal(t, first, got, "keep %d", keep)
	}
}

// Raft gets the state of a snapshot from the disk, when it wants to send it.
func TestSnapshotIsReadWhenSent(t *testing.T) {
	s := filled(1, "")
	_, err := s.journal.storage.Snapshot()
	require.ErrorIs(t, err, raft.ErrSnapshotTemporarilyUnavailable)
	s.more(20)
	for _, j := range []*journal{s.journal, func() *journal { j, _ := reopen(s.disk, 1); return j }()} {
		got, err := j.storage.Snapshot()
		require.NoError(t, err)
		require.Equal(t, raftpb.SnapshotMetadata{Index: 20, Term: 3, ConfState: voters}, got.Metadata)
		require.Equal(t, strings.Repeat("3", 19), string(got.Data))
	}
	s.disk.change(snapshotName(20), []byte("damaged"))
	_, err = s.journal.storage.Snapshot()
	require.ErrorIs(t, err, raft.ErrSnapshotTemporarilyUnavailable)
}

// opening says how a disk that was tampered with opens: the panic's text, or the promise.
func opening(disk *slate, retain int) (text string, j *journal, got promise) {
	defer func() {
		if cause := recover(); cause != nil {
			text = fmt.Sprint(cause)
		}
	}()
	j, got = reopen(disk, retain)
	return "", j, got
}

// A flipped bit in a file is noticed, and the file named, unless the file is no longer needed; in what was
// written last too, which a node may have acknowledged. A snapshot has another, with the log since then.
func TestEveryByteDamaged(t *testing.T) {
	s := filled(3, "")
	for _, upTo := range []uint64{20, 30} {
		s.more(upTo)
	}
	s.write(31, "33", 3, 2, 32)
	s.pass(false)
	s.write(33, "3", 3, 2, 33)
	s.pass(false)
	for _, name := range s.disk.Files() {
		content := s.disk.Read(name)
		for i := range content {
			disk := s.disk.crashed(0, false)
			changed := []byte(string(content))
			changed[i] ^= 4
			disk.change(name, changed)
			text, j, got := opening(disk, 3)
			message := fmt.Sprintf("%s byte %d: %s", name, i, text)
			switch {
			case name == segmentName(31):
				require.Contains(t, text, "cpstore: "+name+" is damaged at byte ", message)
			default:
				require.Equal(t, s.acked, got, message)
				require.Equal(t, name == snapshotName(30), len(j.remarks) == 1, message)
			}
		}
	}
}

// What a node cannot go on from has a text that names the file.
func TestNoStateToGoOnFrom(t *testing.T) {
	for text, tamper := range map[string]func(*slate){
		"log.000000000000001f is damaged at byte 0, or does not follow the segment before it; " +
			"snapshot.000000000000001e, which could stand for a part of the log, is damaged too": func(d *slate) {
			d.change(snapshotName(30), []byte("x"))
			d.change(segmentName(21), batch(appendBaseRecord(nil, position{20, 3}), raftpb.HardState{Term: 3, Commit: 20}))
		},
		"log.0000000000000015 is damaged at byte 50; snapshot.000000000000001e, which could stand for a part of the log, is damaged too": func(d *slate) {
			d.change(snapshotName(30), nil)
			d.change(segmentName(21), d.Read(segmentName(21))[:60])
		},
		"snapshot.000000000000001e is damaged, and the log does not go back to the snapshot before it": func(d *slate) {
			d.change(snapshotName(30), nil)
			d.Remove(segmentName(2))
			d.Remove(segmentName(21))
		},
		"snapshot.000000000000001e is damaged, and the log does not reach its place": func(d *slate) {
			d.change(snapshotName(30), nil)
			d.Remove(segmentName(31))
			d.change(segmentName(21), batch(appendBaseRecord(nil, position{20, 3}), raftpb.HardState{Term: 3, Commit: 20}))
		},
		"what comes before log.000000000000001f is gone: there must be a snapshot, or more of the log": func(d *slate) {
			d.Remove(snapshotName(20))
			d.Remove(snapshotName(30))
			d.Remove(segmentName(2))
			d.Remove(segmentName(21))
		},
		"there is a snapshot on the disk, but no log: what this node has promised is lost": func(d *slate) {
			for _, name := range d.Files() {
				if strings.HasPrefix(name, "log") {
					d.Remove(name)
				}
			}
		},
		"log.000000000000001f contradicts snapshot.000000000000001e": func(d *slate) {
			d.change(snapshotName(30), sealSnapshot(sealed{at: position{30, 4}}))
		},
		"log.0000000000000020 is damaged at byte 0, or does not follow the segment before it": func(d *slate) {
			d.change(segmentName(32), d.Read(segmentName(31)))
			d.Remove(segmentName(31))
		},
		"snapshot.000000000000001f is damaged, and the log does not reach its place": func(d *slate) {
			d.change(snapshotName(31), d.Read(snapshotName(30)))
		},
		"the disk has lost committed entries: the log ends before the place up to which it was committed": func(d *slate) {
			d.change(segmentName(31), batch(appendBaseRecord(nil, position{30, 3}), raftpb.HardState{Term: 3, Commit: 33}))
		},
	} {
		s := filled(2, "")
		s.more(20)
		s.more(30)
		s.disk.change(segmentName(2), batch(appendBaseRecord(nil, bootstrap), raftpb.HardState{}))
		tamper(s.disk)
		got, _, _ := opening(s.disk, 2)
		require.Equal(t, "cpstore: "+text, got)
	}
}

// BenchmarkWrite is what one entry of 1 kB costs before it is on the disk.
func BenchmarkWrite(b *testing.B) {
	s := filled(1, "")
	s.journal.disk = void{s.disk}
	entries := []raftpb.Entry{{Index: 12, Term: 3, Data: make([]byte, 1000)}}
	b.ReportAllocs()
	b.SetBytes(1000)
	for b.Loop() {
		s.journal.write(entries)
	}
}

// void is a disk that forgets what is appended.
type void struct{ *slate }

func (void) Append(string, []byte) {}

// BenchmarkRecovery reads a log of 100,000 entries of 1 kB.
func BenchmarkRecovery(b *testing.B) {
	segment := batch(appendBaseRecord(nil, bootstrap), raftpb.HardState{Term: 3, Commit: 1})
	for index := uint64(2); index < 100_002; index++ {
		segment = batch(segment, raftpb.HardState{Term: 3, Commit: index}, raftpb.Entry{Index: index, Term: 3, Data: make([]byte, 1000)})
	}
	disk := newSlate()
	disk.change(segmentName(2), segment)
	b.ReportAllocs()
	b.SetBytes(int64(len(segment)))
	for b.Loop() {
		openJournal(disk, voters, 1, "")
	}
}
