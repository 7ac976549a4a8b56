package rng_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"cleave/internal/rng"
)

// The numbers of a seed are part of every recorded run: a change here makes old runs impossible to
// replay.
func TestTheNumbersOfASeedNeverChange(t *testing.T) {
	for _, pinned := range []struct{ want, got uint64 }{
		{0xe220a8397b1dcdaf, rng.Mix(0)},
		{0x910a2dec89025cc1, rng.Mix(1)},
		{0x9d495b50faf1a923, rng.Mix(1, 2, 3)},
		{0x436c13be10ea443d, rng.Mix(1, 3, 2)},
		{0x5c88d815d864833d, rng.Text("n1")},
	} {
		require.Equal(t, pinned.want, pinned.got, "got %#x", pinned.got)
	}
	stream := rng.New(7, rng.Text("n1"))
	for _, want := range []uint64{0x38a47bc942e97a70, 0x2479117daa3acfbb, 0x492d425669b69ef9} {
		got := stream.Uint64()
		require.Equal(t, want, got, "got %#x", got)
	}
}

// The published first numbers of SplitMix64 from state 0.
func TestAStreamIsSplitMix64(t *testing.T) {
	var stream rng.Stream
	for _, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f, 0xf88bb8a8724c81ec} {
		require.Equal(t, want, stream.Uint64())
	}
}

func TestEveryPartOfAKeyCounts(t *testing.T) {
	seen := map[uint64]bool{}
	for seed := range uint64(20) {
		seen[rng.Mix(seed)] = true
		for first := range uint64(20) {
			seen[rng.Mix(seed, first)] = true
			for second := range uint64(20) {
				seen[rng.Mix(seed, first, second)] = true
			}
		}
	}
	require.Equal(t, 20+20*20+20*20*20, len(seen), "two keys gave the same number")
}

func TestTextTellsNamesApart(t *testing.T) {
	seen := map[uint64]bool{}
	for _, name := range []string{"", "\x00", "\x00\x00", "n1", "n2", "1n", "n11", "n1 "} {
		seen[rng.Text(name)] = true
	}
	require.Len(t, seen, 8)
}

func TestBetweenIncludesBothEnds(t *testing.T) {
	stream := rng.New(1)
	counts := map[int64]int{}
	for range 1000 {
		counts[stream.Between(-1, 2)]++
	}
	require.Len(t, counts, 4)
	for value := int64(-1); value <= 2; value++ {
		require.NotZero(t, counts[value], "%d never came", value)
	}
	require.Equal(t, int64(5), stream.Between(5, 5))
}

func TestAnEmptyRangeIsABrokenInvariant(t *testing.T) {
	stream := rng.New(1)
	require.PanicsWithValue(t, "rng: Below needs n > 0", func() { stream.Below(0) })
	require.PanicsWithValue(t, "rng: Below needs n > 0", func() { stream.Between(2, 1) })
	require.PanicsWithValue(t, "rng: Below needs n > 0", func() { rng.Below(1, 0) })
}

func TestChanceAtItsExtremesAndInBetween(t *testing.T) {
	stream := rng.New(2)
	hits := 0
	for range 10_000 {
		require.False(t, stream.Chance(0, 10))
		require.True(t, stream.Chance(10, 10))
		if stream.Chance(3, 10) {
			hits++
		}
	}
	require.InDelta(t, 3000, hits, 200) // over four standard deviations
}

func TestShuffleIsAPermutationAndEveryOneComes(t *testing.T) {
	stream := rng.New(3)
	seen := map[string]int{}
	for range 2400 {
		items := []int{0, 1, 2, 3}
		stream.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		seen[fmt.Sprint(items)]++
		slices.Sort(items)
		require.Equal(t, []int{0, 1, 2, 3}, items)
	}
	require.Len(t, seen, 24)
	for order, count := range seen {
		require.InDelta(t, 100, count, 50, order)
	}
	stream.Shuffle(0, func(int, int) { t.Fatal("nothing to swap") })
}

func TestNumbersAreRoughlyUniform(t *testing.T) {
	const draws, cells = 64_000, 64
	stream := rng.New(4)
	var drawn, mixed [cells]int
	for n := range uint64(draws) {
		drawn[stream.Below(cells)]++
		mixed[rng.Below(rng.Mix(4, n), cells)]++
	}
	for _, counts := range [][cells]int{drawn, mixed} {
		for cell, count := range counts {
			require.InDelta(t, draws/cells, count, 160, "cell %d", cell) // five standard deviations
		}
	}
}

func Example() {
	const seed, latency = 7, 1 // the decision is named, here by a number
	link := rng.Text("n1>n2")
	third := rng.Below(rng.Mix(seed, latency, link, 3), 100)
	again := rng.Below(rng.Mix(seed, latency, link, 3), 100)
	fmt.Println("the third message is drawn the same, whatever came before:", third == again)

	node := rng.New(seed, rng.Text("n1"))
	fmt.Println("an election timeout within its bounds:", node.Between(1000, 2000) >= 1000)
	// Output:
	// the third message is drawn the same, whatever came before: true
	// an election timeout within its bounds: true
}
