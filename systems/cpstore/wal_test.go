package cpstore

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.etcd.io/raft/v3/raftpb"
)

func entry(index, term uint64) raftpb.Entry {
	return raftpb.Entry{Index: index, Term: term, Data: []byte{byte(index), byte(term)}}
}

// batch is what one write appends.
func batch(out []byte, hard raftpb.HardState, entries ...raftpb.Entry) []byte {
	for i := range entries {
		out = appendEntryRecord(out, &entries[i])
	}
	return appendHardRecord(out, hard)
}

// sampleSegment has a base, a batch that is there from the start, one that replaces two entries, one
// without entries, and one more. ends are the sizes after each record, logs what is to be read if the
// segment ends there or not far behind.
func sampleSegment() (segment []byte, ends []int, logs []log) {
	l := log{base: position{10, 2}}
	add := func(kept int, hard raftpb.HardState, entries ...raftpb.Entry) {
		for i := range entries {
			segment = appendEntryRecord(segment, &entries[i])
			ends, logs = append(ends, len(segment)), append(logs, l)
		}
		segment = appendHardRecord(segment, hard)
		l.hard, l.entries = hard, append(l.entries[:kept:kept], entries...)
		ends, logs = append(ends, len(segment)), append(logs, l)
	}
	segment = appendBaseRecord(nil, l.base)
	ends, logs = append(ends, len(segment)), append(logs, l)
	add(0, raftpb.HardState{Term: 2, Vote: 1, Commit: 10}, entry(11, 2))
	add(1, raftpb.HardState{Term: 2, Vote: 1, Commit: 11}, entry(12, 2), entry(13, 2))
	add(1, raftpb.HardState{Term: 3, Vote: 2, Commit: 11}, entry(12, 3))
	add(2, raftpb.HardState{Term: 4, Vote: 3, Commit: 11})
	add(2, raftpb.HardState{Term: 4, Vote: 3, Commit: 12}, entry(13, 4), entry(14, 4))
	return segment, ends, logs
}

const sampleFirst = 3 // so many records were there from the start

func requireLog(t *testing.T, want, got log, message ...any) {
	require.Equal(t, want.base, got.base, message...)
	require.Equal(t, want.hard, got.hard, message...)
	require.Equal(t, append([]raftpb.Entry{}, want.entries...), append([]raftpb.Entry{}, got.entries...), message...)
}

// A segment torn at any byte gives exactly the batches that are whole. It cannot be torn in what was
// there from the start.
func TestSegmentTornAtEveryByte(t *testing.T) {
	segment, ends, logs := sampleSegment()
	for size := ends[0]; size <= len(segment); size++ {
		whole := 0
		for whole+1 < len(ends) && ends[whole+1] <= size {
			whole++
		}
		var got log
		e := got.read(segment[:size])
		requireLog(t, logs[whole], got, "torn at %d", size)
		require.Equal(t, size >= ends[sampleFirst-1], e.torn, "torn at %d", size)
		require.Equal(t, ends[whole], e.bad)
		if e.good > 0 {
			var again log
			require.Equal(t, extent{good: e.good, bad: e.good, torn: true}, again.read(segment[:e.good]), "cut to %d", e.good)
			requireLog(t, got, again)
		}
	}
}

// A crash may leave zeros in place of what it cut off, as far as the write was meant to go.
func TestSegmentTornIntoZeros(t *testing.T) {
	segment, ends, logs := sampleSegment()
	last := ends[len(ends)-4] // where the last batch begins
	for size := last; size < len(segment); size++ {
		for _, end := range []int{size + 1, len(segment), len(segment) + 100} {
			whole := 0
			for whole+1 < len(ends) && ends[whole+1] <= size {
				whole++
			}
			left := append(segment[:size:size], make([]byte, end-size)...)
			var got log
			e := got.read(left)
			requireLog(t, logs[whole], got, "zeros from %d to %d", size, end)
			require.True(t, e.torn, "zeros from %d to %d", size, end)
			require.Equal(t, last, e.good)
		}
	}
}

// A flipped bit ends the log before its batch, and is never taken for a torn write: not in the last batch
// either, which was synced and may have been acknowledged.
func TestSegmentFlippedAtEveryBit(t *testing.T) {
	segment, ends, logs := sampleSegment()
	for at := range 8 * len(segment) {
		i, bit := at/8, byte(1)<<(at%8)
		segment[i] ^= bit
		whole := 0
		for ends[whole] <= i {
			whole++
		}
		var got log
		e := got.read(segment)
		if i >= ends[0] {
			requireLog(t, logs[whole-1], got, "byte %d", i)
			require.Equal(t, ends[whole-1], e.bad, "byte %d", i)
		} else {
			require.Zero(t, e.bad)
		}
		require.False(t, e.torn, "byte %d, bit %d", i, bit)
		segment[i] ^= bit
	}
}

// What is whole but cannot be there is no torn write.
func TestRecordsOutOfPlace(t *testing.T) {
	hard := raftpb.HardState{Term: 3, Commit: 10}
	start := batch(appendBaseRecord(nil, position{10, 2}), hard)
	for name, records := range map[string][]byte{
		"a gap":                         batch(nil, hard, entry(12, 3)),
		"a gap in a batch":              batch(nil, hard, entry(11, 3), entry(13, 3)),
		"an entry that was committed":   batch(nil, hard, entry(10, 3)),
		"a second base":                 appendBaseRecord(nil, position{10, 2}),
		"an unknown kind":               appendRecord(nil, 9, func(out []byte) []byte { return out }),
		"a hard state with more behind": appendRecord(nil, recordHard, func(out []byte) []byte { return append(out, 1, 2, 3, 4) }),
	} {
		var l log
		e := l.read(append(start[:len(start):len(start)], records...))
		require.False(t, e.torn, name)
		require.Equal(t, len(start), e.good, name)
	}
	var l log
	require.Equal(t, extent{}, l.read(batch(nil, hard, entry(2, 1))), "no base")
}

// A segment goes on where those before it were, and repeats what is not yet committed.
func TestSegmentsFollowEachOther(t *testing.T) {
	hard := raftpb.HardState{Term: 3, Commit: 12}
	first := batch(appendBaseRecord(nil, position{10, 2}), hard, entry(11, 2), entry(12, 2), entry(13, 2), entry(14, 2))
	for _, c := range []struct {
		base   position
		terms  []uint64 // of the second segment's entries
		follow bool
		last   uint64
	}{
		{position{12, 2}, []uint64{2, 3}, true, 14},
		{position{12, 2}, []uint64{3}, true, 13},
		{position{12, 2}, nil, true, 12},
		{position{14, 2}, []uint64{3}, true, 15},
		{position{10, 2}, []uint64{3}, true, 11},
		{position{12, 3}, nil, false, 14},
		{position{15, 2}, nil, false, 14},
		{position{9, 2}, nil, false, 14},
	} {
		var l log
		require.Equal(t, len(first), l.read(first).good)
		var entries []raftpb.Entry
		for i, term := range c.terms {
			entries = append(entries, entry(c.base.index+1+uint64(i), term))
		}
		e := l.read(batch(appendBaseRecord(nil, c.base), hard, entries...))
		require.Equal(t, c.follow, e.good > 0, "%v", c)
		require.Equal(t, c.last, l.last(), "%v", c)
	}
}

func TestStartAfter(t *testing.T) {
	for name, c := range map[string]struct {
		snapshot position
		last     uint64
		left     bool
	}{
		"the log goes on after a snapshot of its own": {position{12, 2}, 13, false},
		"all is covered": {position{13, 3}, 13, false},
		"a leader's snapshot, of another history":   {position{12, 3}, 12, true},
		"a leader's snapshot, further than the log": {position{20, 3}, 20, true},
		"the log begins there":                      {position{10, 2}, 13, false},
	} {
		l := log{base: position{10, 2}, entries: []raftpb.Entry{entry(11, 2), entry(12, 2), entry(13, 3)},
			hard: raftpb.HardState{Term: 2, Vote: 3, Commit: 11}}
		require.Equal(t, c.left, l.startAfter(c.snapshot), name)
		require.Equal(t, c.last, l.last(), name)
		require.Equal(t, c.snapshot, l.base, name)
		require.Equal(t, max(11, c.snapshot.index), l.hard.Commit, name)
		require.Equal(t, c.snapshot.term, l.hard.Term, name)
	}
}

// FuzzSegment: whatever bytes stand in a segment, reading them does not panic and gives a log without
// gaps, and what was good is good without the rest.
func FuzzSegment(f *testing.F) {
	segment, _, _ := sampleSegment()
	f.Add(segment)
	f.Add(segment[:len(segment)-3])
	f.Add(batch(appendBaseRecord(nil, position{12, 3}), raftpb.HardState{}, entry(13, 9)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var before log
		before.read(segment)
		for _, l := range []log{{}, before} {
			plain := log{base: l.base, entries: append([]raftpb.Entry{}, l.entries...), hard: l.hard, began: l.began}
			e := l.read(data)
			require.LessOrEqual(t, e.good, e.bad)
			require.LessOrEqual(t, e.bad, len(data))
			for i, e := range l.entries {
				require.Equal(t, l.base.index+uint64(i)+1, e.Index)
			}
			if e.good > 0 {
				require.Equal(t, e.good, plain.read(data[:e.good]).good)
				requireLog(t, l, plain)
			}
		}
	})
}
