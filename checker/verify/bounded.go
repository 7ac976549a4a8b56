package verify

import (
	"fmt"
	"runtime/metrics"
	"time"

	"cleave/checker"
	"cleave/history"
)

// operationBytes is what an operation takes in memory while it waits to be judged, with what it refers to, and with what
// the growing list of them leaves behind.
const operationBytes = 640

// The bounds of a budget are watched in this rhythm, and met with this much to spare.
const (
	watchBeat = 20 * time.Millisecond
	spare     = 20 // parts of which one is let go beyond the bound
)

// bounded judges within the bounds, whatever the checker makes of them: one that is still at work when its time or the
// memory is used up is left alone with it, and the answer is Unknown. The program is expected to end soon after.
func bounded(c checker.Checker, h *history.History, budget checker.Budget) checker.Result {
	done := make(chan checker.Result, 1)
	go func() { done <- checker.Judge(c, h, budget) }()
	started := now()
	// wall time: bounds are looked after in a rhythm of the machine's clock
	ticker := time.NewTicker(watchBeat)
	defer ticker.Stop()
	for {
		select {
		case result := <-done:
			return result
		case <-ticker.C:
			took, held := now().Sub(started), heap()
			if most := budget.Time + budget.Time/spare; budget.Time > 0 && took > most {
				return checker.GivenUp(c, h, fmt.Sprintf("%s were not enough", budget.Time))
			}
			if most := budget.Memory + budget.Memory/spare; budget.Memory > 0 && held > most {
				return checker.GivenUp(c, h, fmt.Sprintf("%d MB were not enough", budget.Memory>>20))
			}
		}
	}
}

// heap is how many bytes the program's objects take, those among them that nobody needs any more.
func heap() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}
