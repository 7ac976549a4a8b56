package sweep

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// counted is a record in which some seeds are done.
func counted(t *testing.T, done ...Range) *Record {
	record := fresh(t, short(), 1, 100, nil)
	for _, seeds := range done {
		record.Done = join(record.Done, seeds)
		record.Valid += int(seeds.Last - seeds.First + 1)
	}
	return record
}

func TestMergeRefuses(t *testing.T) {
	a, b := counted(t, Range{1, 50}), counted(t, Range{40, 60})
	_, err := Merge([]Part{{"a", a}, {"b", b}})
	require.EqualError(t, err, "a and b have both run seeds 40-50")
	b = counted(t, Range{51, 60})
	b.Plan.Nodes = 5
	_, err = Merge([]Part{{"a", a}, {"b", b}})
	require.EqualError(t, err, `a and b are not of one sweep: nodes is "3" in one and "5" in the other`)
	b.Plan.Nodes, b.Plan.Version = 3, "other"
	_, err = Merge([]Part{{"a", a}, {"b", b}})
	require.EqualError(t, err, "a and b are not of one sweep: one was made by version test, the other by other")
	b.Plan.Version, b.Last = "test", 99
	_, err = Merge([]Part{{"a", a}, {"b", b}})
	require.EqualError(t, err, "a and b are not of one sweep: one is over seeds 1-100, the other over 1-99")
	_, err = Merge(nil)
	require.Error(t, err)
}

func TestJoin(t *testing.T) {
	require.Equal(t, []Range{{1, 9}}, join(join(join(nil, Range{7, 9}), Range{1, 3}), Range{4, 6}))
	require.Equal(t, []Range{{1, 3}, {5, 6}}, join(join(nil, Range{5, 6}), Range{1, 3}))
}

// Every seed is in exactly one shard, and no shard is more than a seed larger than another.
func TestShardsPartition(t *testing.T) {
	for _, seeds := range []Range{{1, 10}, {0, 99}, {7, 13}} {
		for of := 1; of <= 7; of++ {
			next := seeds.First
			for index := 1; index <= of; index++ {
				from, to := Shard{index, of}.part(seeds.First, seeds.Last)
				require.Equal(t, next, from)
				size := int(seeds.Last - seeds.First + 1)
				require.InDelta(t, float64(size)/float64(of), float64(to-from+1), 1)
				next = to + 1
			}
			require.Equal(t, seeds.Last+1, next)
		}
	}
}

func TestShardFrom(t *testing.T) {
	from := func(variables map[string]string) (*Shard, error) {
		return ShardFrom(func(name string) (string, bool) { value, set := variables[name]; return value, set })
	}
	for _, c := range []struct {
		variables map[string]string
		want      *Shard
	}{
		{nil, nil},
		{map[string]string{"JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "4"}, &Shard{1, 4}},
		{map[string]string{"CI_NODE_INDEX": "4", "CI_NODE_TOTAL": "4"}, &Shard{4, 4}},
		{map[string]string{"CI_NODE_TOTAL": "1"}, nil},
		{map[string]string{"CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "1"}, nil},
		{map[string]string{"BUILDKITE_PARALLEL_JOB": "1", "BUILDKITE_PARALLEL_JOB_COUNT": "3"}, &Shard{2, 3}},
	} {
		got, err := from(c.variables)
		require.NoError(t, err)
		require.Equal(t, c.want, got)
	}
	_, err := from(map[string]string{"JOB_COMPLETION_INDEX": "3"})
	require.EqualError(t, err, "JOB_COMPLETION_INDEX is set and JOB_COMPLETIONS is not: set it, or give --shard")
	_, err = from(map[string]string{"CI_NODE_INDEX": "5", "CI_NODE_TOTAL": "4"})
	require.ErrorContains(t, err, `CI_NODE_INDEX is "5" of CI_NODE_TOTAL "4"`)
	_, err = ParseShard("0/3")
	require.Error(t, err)
	_, err = New(short(), 1, 3, &Shard{1, 4})
	require.Error(t, err)
}

// Records that are damaged, or of another format, are refused with a line that names them.
func TestLoadRefuses(t *testing.T) {
	folder := t.TempDir()
	record := counted(t, Range{1, 10})
	require.NoError(t, record.Save(folder))
	_, err := Load(folder)
	require.NoError(t, err)
	path := filepath.Join(folder, recordFile)
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, good[:len(good)/2], 0o644))
	_, err = Load(folder)
	require.ErrorContains(t, err, recordFile+": it ends in the middle")
	record.Valid = 3
	require.NoError(t, record.Save(folder))
	_, err = Load(folder)
	require.ErrorContains(t, err, "10 seeds are done and 3 runs are counted")
	_, err = Load(t.TempDir())
	require.ErrorContains(t, err, "no sweep's folder")
}

// A run folder that is missing is told, and nothing is written.
func TestMergeWithoutARun(t *testing.T) {
	record := fresh(t, buggy(), 1, 12, nil)
	folder := run1(t, wired(nil), record, Bounds{})
	lost := RunFolder(folder, record.kept()[0])
	require.NoError(t, os.RemoveAll(lost))
	merged := filepath.Join(t.TempDir(), "merged")
	require.ErrorContains(t, SaveMerged(record, []Part{{folder, record}}, merged), folder+" speaks of a run that is not there: stat "+lost)
	require.NoDirExists(t, merged)
}
