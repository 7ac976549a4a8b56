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

// watched is Judge that is waited for no longer than the budget's time, nor when the process has come to hold more than the
// budget's memory besides what it held before. A checker that does not mind its bounds is then left to itself: its answer,
// if it ever comes, is nobody's.
func watched(c Checker, h *history.History, budget Budget) Result {
	if len(h.Operations) < small && (budget.Time == 0 || budget.Time >= time.Second) {
		return Judge(c, h, budget)
	}
	before := held()
	answer := make(chan Result, 1)
	go func() { answer <- Judge(c, h, budget) }()
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
			return GivenUp(c, h, fmt.Sprintf("%s were not enough", budget.Time))
		case <-ticker.C:
			if budget.Memory > 0 && held()-before > budget.Memory+budget.Memory/slack {
				return GivenUp(c, h, fmt.Sprintf("%d MB were not enough", budget.Memory>>20))
			}
		}
	}
}

// GivenUp is the answer of a checker that goes on beyond its bounds and is left alone; why is what was not enough.
func GivenUp(c Checker, h *history.History, why string) Result {
	return Result{Checker: c.Name(), Verdict: Unknown, Abandoned: true,
		Reason: fmt.Sprintf("judging %d operations on %d keys was given up: %s", len(h.Operations), len(h.Keys()), why)}
}

// held is how many bytes the process held when garbage was last collected.
func held() int64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
