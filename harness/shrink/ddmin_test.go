package shrink

import (
	"math/bits"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/rng"
)

// firstOf makes what minimise asks of a predicate, and counts.
func firstOf(fails func([]int) bool, asked *int) func(int, func(int) []int) int {
	return func(count int, candidate func(int) []int) int {
		for i := range count {
			*asked++
			if fails(candidate(i)) {
				return i
			}
		}
		return -1
	}
}

// What must be there together is found, however it lies, and nothing else stays.
func TestMinimiseFindsWhatMustBeThere(t *testing.T) {
	for seed := range uint64(300) {
		random := rng.New(seed)
		n := int(random.Between(1, 300))
		needed := map[int]bool{}
		for range random.Between(1, 6) {
			needed[int(random.Below(int64(n)))] = true
		}
		asked := 0
		kept := minimise(n, 1, firstOf(func(items []int) bool {
			found := 0
			for _, item := range items {
				if needed[item] {
					found++
				}
			}
			return found == len(needed)
		}, &asked))
		require.Len(t, kept, len(needed))
		for _, item := range kept {
			require.True(t, needed[item])
		}
		require.Less(t, asked, 60*(len(needed)+4), "n is %d", n)
	}
}

// Of any predicate at all on a few items, the result fails, is in order, and is minimal: brute force finds
// no single item to take.
func TestMinimiseAgainstBruteForce(t *testing.T) {
	for seed := range uint64(2000) {
		random := rng.New(seed, 1)
		n := int(random.Between(1, 7))
		fails := make([]bool, 1<<n)
		for set := range fails {
			fails[set] = random.Below(3) == 0
		}
		fails[1<<n-1] = true
		asked := 0
		kept := minimise(n, 1, firstOf(func(items []int) bool { return fails[setOf(items)] }, &asked))
		require.True(t, fails[setOf(kept)])
		require.True(t, slices.IsSorted(kept))
		for _, item := range kept {
			require.False(t, fails[setOf(kept)&^(1<<item)], "seed %d: %v without %d fails too", seed, kept, item)
		}
	}
}

// Where more fails whenever less does, the result is one of the smallest that brute force finds, if all
// minimal ones are of one size.
func TestMinimiseOfMonotonePredicates(t *testing.T) {
	for seed := range uint64(500) {
		random := rng.New(seed, 2)
		n := int(random.Between(2, 10))
		core := int(random.Between(1, 1<<n-1))
		asked := 0
		kept := minimise(n, 1, firstOf(func(items []int) bool { return setOf(items)&core == core }, &asked))
		require.Equal(t, core, setOf(kept))
		require.Len(t, kept, bits.OnesCount(uint(core)))
	}
}

func TestMinimiseOfNothing(t *testing.T) {
	asked := 0
	require.Empty(t, minimise(0, 1, firstOf(func([]int) bool { return true }, &asked)))
	require.Empty(t, minimise(5, 1, firstOf(func([]int) bool { return true }, &asked)))
}

func setOf(items []int) int {
	set := 0
	for _, item := range items {
		set |= 1 << item
	}
	return set
}
