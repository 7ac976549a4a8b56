package checker

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"cleave/history"
)

// endless is a checker that minds no bound: it ends when it is told to, and keeps what it is given.
type endless struct {
	stop chan struct{}
	want int
}

func (e endless) Name() string { return "endless" }

func (e endless) Check(*history.History, Budget) Result {
	kept := make([]byte, e.want)
	for i := range kept {
		kept[i] = 1
	}
	runtime.GC()
	<-e.stop
	return Result{Verdict: Valid, Reason: string(kept[:1])}
}

func operations(number int) *history.History {
	all := make([]history.Operation, number)
	for i := range all {
		all[i] = history.Operation{ID: i, Process: i, Function: history.Read, Key: "x", Invoked: history.Time(i),
			Completed: history.Time(i + 1), Outcome: history.Ok}
	}
	return history.FromOperations(all)
}

func TestACheckerThatMindsNoBound(t *testing.T) {
	h := operations(small)
	for _, c := range []struct {
		bound  string
		budget Budget
		want   int
	}{
		{"10ms", Budget{Time: 10 * time.Millisecond}, 1},
		{"15ms", Budget{Time: 15 * time.Millisecond, Memory: 1 << 40}, 1},
		{"8 MB", Budget{Memory: 8 << 20}, 16 << 20},
		{"9 MB", Budget{Time: time.Hour, Memory: 9 << 20}, 128 << 20}, // what was before may be gone
	} {
		checker := endless{make(chan struct{}), c.want}
		result := Run(checker, h, c.budget)
		close(checker.stop)
		assert.Equal(t, Result{Checker: "endless", Verdict: Unknown, Abandoned: true,
			Reason: "judging 5000 operations on 1 keys was given up: " + c.bound + " were not enough"}, result)
	}
}

func TestAWatchedCheckerAnswers(t *testing.T) {
	c := endless{make(chan struct{}), 1}
	close(c.stop)
	assert.Equal(t, Result{Checker: "endless", Verdict: Valid, Reason: "\x01"}, Run(c, operations(small), Budget{Time: time.Hour, Memory: 1 << 40}))
	c.want = 0 // and so kept[:1] panics
	for _, number := range []int{1, small} {
		result := Run(c, operations(number), Budget{Time: time.Hour})
		assert.Equal(t, Unknown, result.Verdict)
		assert.Contains(t, result.Reason, "the checker panicked")
	}
}
