package checker

import (
	"testing"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	"cleave/checker/linear"
	"cleave/history"
	"cleave/models"
)

// plainly asks porcupine about the operations as they are, untightened: the slow second opinion.
func plainly(operations []history.Operation) bool {
	given := make([]porcupine.Operation, len(operations))
	for i := range operations {
		given[i] = porcupine.Operation{ClientId: i, Input: &operations[i], Call: int64(operations[i].Invoked), Return: int64(operations[i].Completed)}
	}
	return porcupine.CheckOperations(specification(models.Register()), given)
}

// compare judges operations by the special algorithm and by search, and requires the plain search to agree.
func compare(t *testing.T, operations []history.Operation, seed uint64, tally map[bool]int) {
	legal := plainly(operations)
	if found := linear.Judge("register", operations); found.Verdict != linear.Unsuited {
		require.Equal(t, legal, found.Verdict == linear.Valid, "linear, seed %d: %v", seed, operations)
		tally[legal]++
	}
	require.Equal(t, legal, search(models.Register(), operations, limit{}).verdict == Valid, "tightened, seed %d: %v", seed, operations)
}

func TestRegistersAgreeWithPorcupine(t *testing.T) {
	tally := map[bool]int{}
	for seed := range uint64(20_000) {
		compare(t, chaos(seed), seed, tally)
	}
	for seed := range uint64(10_000) {
		w := walk{seed: seed, clients: 1 + int(seed%4), operations: 3 + int(seed%10), info: 20, stale: int64(seed % 3 * 10), swaps: seed%2 == 0}
		if seed%10 == 9 {
			w.repeat = 3
		}
		compare(t, w.run(), seed, tally)
	}
	require.Greater(t, tally[true], 5_000, "too few legal histories to mean anything")
	require.Greater(t, tally[false], 5_000, "too few illegal histories to mean anything")
}
