package sweep

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Range is a run of seeds, both ends included.
type Range struct {
	First uint64 `json:"first"`
	Last  uint64 `json:"last"`
}

// String is "1-500", or "7" for one.
func (r Range) String() string {
	if r.First == r.Last {
		return strconv.FormatUint(r.First, 10)
	}
	return fmt.Sprintf("%d-%d", r.First, r.Last)
}

// join adds a range to those in order that it does not overlap, and makes one of what touches.
func join(all []Range, one Range) []Range {
	if last := len(all) - 1; last >= 0 && all[last].Last+1 == one.First { // the common way
		all[last].Last = one.Last
		return all
	}
	all = append(slices.Clone(all), one)
	slices.SortFunc(all, func(a, b Range) int {
		if a.First < b.First {
			return -1
		}
		return 1
	})
	joined := all[:1]
	for _, next := range all[1:] {
		if last := &joined[len(joined)-1]; last.Last+1 == next.First {
			last.Last = next.Last
		} else {
			joined = append(joined, next)
		}
	}
	return joined
}

// Shard is a part of a sweep's seeds, of several that are nearly equal: a piece without gaps.
type Shard struct {
	Index int `json:"index"` // from 1
	Of    int `json:"of"`
}

// String is "2/4".
func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Of) }

func (s Shard) valid() bool { return s.Index >= 1 && s.Index <= s.Of }

// part are the seeds of the shard.
func (s Shard) part(first, last uint64) (from, to uint64) {
	count, of, index := last-first+1, uint64(s.Of), uint64(s.Index-1)
	size, larger := count/of, count%of // the first ones have one more
	from = first + index*size + min(index, larger)
	to = from + size - 1
	if index < larger {
		to++
	}
	return from, to
}

// ParseShard reads "2/4": the second of four.
func ParseShard(text string) (*Shard, error) {
	index, of, found := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(index)
	n, err2 := strconv.Atoi(of)
	s := &Shard{i, n}
	if !found || err1 != nil || err2 != nil || !s.valid() {
		return nil, fmt.Errorf("a shard is written 2/4, the second of four, not %.40q", text)
	}
	return s, nil
}

// counters are the variables in which those who run one job many times tell each which it is.
var counters = []struct {
	index, of string
	first     int // the index of the first
}{
	{"JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", 0},                // an indexed job of Kubernetes; the second is for the manifest to set
	{"CI_NODE_INDEX", "CI_NODE_TOTAL", 1},                         // GitLab
	{"CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0},                 // CircleCI
	{"BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0}, // Buildkite
}

// ShardFrom reads the shard from the environment, by the first of the pairs of variables of which one is
// set: JOB_COMPLETION_INDEX and JOB_COMPLETIONS, CI_NODE_INDEX and CI_NODE_TOTAL, CIRCLE_NODE_INDEX and
// CIRCLE_NODE_TOTAL, BUILDKITE_PARALLEL_JOB and BUILDKITE_PARALLEL_JOB_COUNT. It is nil if none is, and an
// error if an index is without its total.
func ShardFrom(lookup func(string) (string, bool)) (*Shard, error) {
	for _, c := range counters {
		index, indexed := lookup(c.index)
		of, totalled := lookup(c.of)
		switch {
		case !indexed:
			continue
		case !totalled:
			return nil, fmt.Errorf("%s is set and %s is not: set it, or give --shard", c.index, c.of)
		}
		i, err := strconv.Atoi(index)
		n, err2 := strconv.Atoi(of)
		s := &Shard{i - c.first + 1, n}
		if err != nil || err2 != nil || !s.valid() {
			return nil, fmt.Errorf("%s is %.40q of %s %.40q: that is no part of it; give --shard", c.index, index, c.of, of)
		}
		if n == 1 {
			return nil, nil
		}
		return s, nil
	}
	return nil, nil
}
