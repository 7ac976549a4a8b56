package verify

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"cleave/checker"
	"cleave/history"
)

// endless is a checker that minds no budget.
type endless struct {
	release chan struct{}
	hold    int // bytes
}

func (endless) Name() string { return "endless" }

func (e endless) Check(*history.History, checker.Budget) checker.Result {
	held := make([]byte, e.hold)
	<-e.release
	return checker.Result{Verdict: checker.Valid, Reason: string(held[:0])}
}

// A checker that would go on for ever, or takes more memory than it may, is given up.
func TestGivenUp(t *testing.T) {
	e := endless{release: make(chan struct{}), hold: 64 << 20}
	defer close(e.release)
	h := history.FromOperations([]history.Operation{{ID: 1, Key: "x"}})
	result := bounded(e, h, checker.Budget{Time: time.Millisecond})
	require.Equal(t, checker.Unknown, result.Verdict)
	require.Equal(t, "judging 1 operations on 1 keys was given up: 1ms were not enough", result.Reason)
	result = bounded(e, h, checker.Budget{Memory: 32 << 20})
	require.Equal(t, checker.Unknown, result.Verdict)
	require.Equal(t, "judging 1 operations on 1 keys was given up: 32 MB were not enough", result.Reason)
}

// The list of operations comes to its length in few steps, never asks for more than may be held, and grows as well when the
// length of the source is not known.
func TestRoom(t *testing.T) {
	const line, total = 229, 1_000_000
	for _, known := range []bool{true, false} {
		s, held, steps := Source{}, 0, 0
		if known {
			s.Size = line * total
		}
		for ; held < total; steps++ {
			more := s.room(held, int64(held)*line, 2<<30)
			require.Positive(t, more)
			held += more
		}
		require.True(t, !known || steps <= 4 && held < total*11/10, "%d steps to %d", steps, held)
	}
	s := Source{Size: 1 << 40}
	for held := 0; held <= 100; held++ {
		require.LessOrEqual(t, held+s.room(held, int64(held), 100*operationBytes), 101)
	}
}
