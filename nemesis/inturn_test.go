package nemesis

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Faults in turn are legal and the same again, never two at a time, of all kinds that are named and can be done, and take about as long as
// the time between them.
func TestInTurn(t *testing.T) {
	const interval = 2 * time.Second
	met, during, between := map[string]bool{}, time.Duration(0), time.Duration(0)
	suite, _ := FindSuite("partitions")
	able := func(kind Kind) bool { return kind.Name != "bridge" }
	for seed := range uint64(200) {
		faults := InTurn([]string{"partitions", "pause"}, seed, 5, middle, interval, able)
		require.Equal(t, faults, InTurn([]string{"partitions", "pause"}, seed, 5, middle, interval, able))
		require.NoError(t, Validate(faults, 5))
		require.Greater(t, len(faults), 4)
		end := middle.Start
		for _, fault := range faults {
			met[fault.Kind] = true
			require.Greater(t, time.Duration(fault.Start), end)
			during, between = during+time.Duration(fault.Duration), between+time.Duration(fault.Start)-end
			end = fault.End()
		}
		require.LessOrEqual(t, end, middle.End)
	}
	require.Len(t, met, len(suite.Kinds), "pause is met, and bridge is not")
	require.True(t, met["pause"] && !met["bridge"])
	require.InDelta(t, 1, float64(during)/float64(between), 0.1)
	require.Empty(t, InTurn([]string{"pause"}, 1, 5, middle, 10*time.Minute, nil), "none fits")
}
