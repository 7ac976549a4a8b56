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
