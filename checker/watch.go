package checker

import (
	"fmt"
	"runtime/metrics"
	"time"

	"cleave/history"
)

// small is how many operations a history may have so that its checkers need no watch: none takes long for so few but
// those that search, and these mind their bounds themselves.
const small = 5_000

// slack is by how much of its bound a checker that minds it may be late.
const slack = 20 // a twentieth

// look is how often a watch looks at how much memory there is in use.
const look = 20 * time.Millisecond

// watched checks, and waits for the answer no longer than the budget's time, nor when the process has come to hold more
// than the budget's memory besides what it held before. A checker that does not mind its bounds is then left to itself:
// its answer, if it ever comes, is nobody's.
func watched(c Checker, h *history.History, budget Budget) Result {
	if len(h.Operations) < small && (budget.Time == 0 || budget.Time >= time.Second) {
		return contained(c, h, budget)
	}
	before := held()
	answer := make(chan Result, 1)
	go func() { answer <- contained(c, h, budget) }()
	return await(answer, budget, before)
}

// await is the answer, or that none came within the bounds, of memory beyond what the process held before.
func await(answer <-chan Result, budget Budget, before int64) Result {
	var late <-chan time.Time
	if budget.Time > 0 {
		// wall time: a bound
		timer := time.NewTimer(budget.Time + budget.Time/slack)
		defer timer.Stop()
		late = timer.C
	}
	// wall time: a bound, of memory
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	for {
		select {
		case result := <-answer:
			return result
		case <-late:
			return Result{Verdict: Unknown, Abandoned: true, Reason: fmt.Sprintf("it had not come to an end after its bound of %s", budget.Time)}
		case <-ticker.C:
			if budget.Memory > 0 && held()-before > budget.Memory+budget.Memory/slack {
				return Result{Verdict: Unknown, Abandoned: true,
					Reason: fmt.Sprintf("it had not come to an end with its bound of %d MB of memory", budget.Memory>>20)}
			}
		}
	}
}

// held is how many bytes the process held when garbage was last collected.
func held() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// contained turns a panic into an answer.
func contained(c Checker, h *history.History, budget Budget) (result Result) {
	defer func() {
		if cause := recover(); cause != nil {
			result = Result{Verdict: Unknown, Reason: fmt.Sprintf("the checker panicked: %v", cause)}
		}
	}()
	return c.Check(h, budget)
}
