package cpstore

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/raft/v3/raftpb"
)

func entry(index, term uint64) raftpb.Entry {
	return raftpb.Entry{Index: index, Term: term, Data: []byte{byte(index), byte(term)}}
}

// sampleLog has a base, entries, a conflict that takes the place of two, and hard states. ends are the
// sizes after each record.
func sampleLog() (file []byte, ends []int, records []func(*log)) {
	add := func(write func([]byte) []byte, effect func(*log)) {
		file = write(file)
		ends = append(ends, len(file))
		records = append(records, effect)
	}
	addEntry := func(e raftpb.Entry) {
		add(func(out []byte) []byte { return appendEntryRecord(out, &e) },
			func(l *log) { l.entries = append(l.entries[:e.Index-l.base.index-1], e) })
	}
	addHard := func(h raftpb.HardState) {
		add(func(out []byte) []byte { return appendHardRecord(out, h) }, func(l *log) { l.hard = h })
	}
	base := position{index: 10, term: 2}
	add(func(out []byte) []byte { return appendBaseRecord(out, base) }, func(l *log) { l.base = base })
	addEntry(entry(11, 2))
	addEntry(entry(12, 2))
	addHard(raftpb.HardState{Term: 2, Vote: 1, Commit: 11})
	addEntry(entry(13, 2))
	addEntry(entry(12, 3))
	addHard(raftpb.HardState{Term: 3, Vote: 2, Commit: 11})
	return file, ends, records
}

// A log torn at any byte gives exactly the records that are whole.
func TestLogTornAtEveryByte(t *testing.T) {
	file, ends, effects := sampleLog()
	for size := range len(file) + 1 {
		want := log{base: bootstrap}
		for i, end := range ends {
			if end <= size {
				effects[i](&want)
				want.good = end
			}
		}
		got := replay(file[:size])
		require.Equal(t, want.good, got.good, "torn at %d", size)
		require.Equal(t, want.base, got.base)
		require.Equal(t, want.hard, got.hard)
		require.Equal(t, len(want.entries), len(got.entries))
		for i := range want.entries {
			require.Equal(t, want.entries[i], got.entries[i])
		}
	}
}

// A flipped bit ends the log before its record.
func TestLogFlippedAtEveryByte(t *testing.T) {
	file, ends, _ := sampleLog()
	for i := range file {
		file[i] ^= 0x10
		whole := 0
		for _, end := range ends {
			if end <= i {
				whole = end
			}
		}
		require.Equal(t, whole, replay(file).good, "byte %d", i)
		file[i] ^= 0x10
	}
}

func TestLogRefusesAGap(t *testing.T) {
	first, third := entry(2, 1), entry(4, 1)
	file := appendEntryRecord(nil, &first)
	end := len(file)
	require.Equal(t, end, replay(appendEntryRecord(file, &third)).good)
}

func TestStartAfter(t *testing.T) {
	three := func() log {
		return log{base: position{10, 2}, entries: []raftpb.Entry{entry(11, 2), entry(12, 2), entry(13, 3)}}
	}
	for name, c := range map[string]struct {
		snapshot position
		left     int
	}{
		"the log goes on after a snapshot of its own": {position{12, 2}, 1},
		"all is covered": {position{13, 3}, 0},
		"a leader's snapshot, of another history":   {position{12, 3}, 0},
		"a leader's snapshot, further than the log": {position{20, 3}, 0},
		"the log was already rewritten":             {position{10, 2}, 3},
	} {
		l := three()
		l.hard = raftpb.HardState{Term: 2, Vote: 3, Commit: 11}
		l.startAfter(c.snapshot)
		require.Len(t, l.entries, c.left, name)
		require.Equal(t, c.snapshot, l.base, name)
		require.GreaterOrEqual(t, l.hard.Commit, c.snapshot.index, name)
		require.GreaterOrEqual(t, l.hard.Term, c.snapshot.term, name)
	}
}

func FuzzReplay(f *testing.F) {
	file, _, _ := sampleLog()
	f.Add(file)
	f.Fuzz(func(t *testing.T, data []byte) {
		l := replay(data)
		require.LessOrEqual(t, l.good, len(data))
		for i, e := range l.entries {
			require.Equal(t, l.base.index+uint64(i)+1, e.Index)
		}
		require.Equal(t, l, replay(data[:l.good]))
	})
}
