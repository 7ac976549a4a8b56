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
	require.Equal(t, []uint64{0, 0, 0, 0, 0}, []uint64{
		rng.Mix(0), rng.Mix(1), rng.Mix(1, 2, 3), rng.Mix(1, 3, 2), rng.Text("n1"),
	})
	stream := rng.New(7, rng.Text("n1"))
	require.Equal(t, []uint64{0, 0, 0}, []uint64{stream.Uint64(), stream.Uint64(), stream.Uint64()})
}
