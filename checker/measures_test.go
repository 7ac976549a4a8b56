package checker

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/history"
	"cleave/internal/rng"
)

func TestQuantileIsNearestRank(t *testing.T) {
	five := []int{15, 20, 35, 40, 50}
	for percent, want := range map[int]int{1: 15, 5: 15, 20: 15, 21: 20, 30: 20, 40: 20, 50: 35, 99: 50, 100: 50} {
		require.Equal(t, want, quantile(five, percent), "%d percent", percent)
	}
	require.Equal(t, 7, quantile([]int{7}, 50))
}

func TestSpansAgreeWithCounting(t *testing.T) {
	for seed := range uint64(300) {
		random := rng.New(seed)
		count := int(random.Below(40))
		starts, ends := make([]history.Time, count), make([]history.Time, count)
		for i := range starts {
			starts[i] = history.Time(random.Below(50))
		}
		slices.Sort(starts)
		for i := range ends {
			ends[i] = starts[i] + history.Time(random.Below(20))
		}
		s := newSpans(starts, ends)
		for range 30 {
			after, before := history.Time(random.Below(60)), history.Time(random.Below(80))
			want := 0
			for i := range starts {
				if starts[i] > after && ends[i] < before {
					want++
				}
			}
			require.Equal(t, want, s.within(after, before), "seed %d", seed)
		}
	}
}

// A read is stale only if the key is not linearizable with it, as long as all else is.
func TestStalenessIsNoughtWhenLinearizable(t *testing.T) {
	reads, writes := []history.Function{history.Read}, []history.Function{history.Write, history.CAS}
	for _, swaps := range []bool{false, true} {
		result := Staleness{reads, writes}.Check(large(2, 500, 8, 10, 0, swaps), Budget{})
		require.Equal(t, Valid, result.Verdict)
		require.Equal(t, Measure{Name: "stale reads", Unit: Ratio}, result.Measures[0])
		require.Equal(t, Measure{Name: "versions behind max", Unit: Count}, result.Measures[4])
	}
	stale := Staleness{reads, writes}.Check(large(2, 500, 8, 10, 10, false), Budget{})
	require.Greater(t, stale.Measures[0].Value, 0.02)
}

func TestPhases(t *testing.T) {
	h := readScript([]string{"phase  ^warm-up  ^faults   ^quiet"})
	p := phasesOf(h)
	require.Equal(t, history.Warmup, p.at(0))
	for at := history.Time(0); at < 40; at++ {
		require.Equal(t, h.PhaseAt(at*column), p.at(at*column))
	}
}
