package harness

import (
	"context"
	"runtime"
	"sync"
)

// Seeds runs one plan under many seeds, from first to last, as many at a time as there are cores,
// and keeps nothing of them. done hears of each in the order of seeds; when it returns false, no
// more are begun. The first error of the harness itself ends it.
func (w Wiring) Seeds(ctx context.Context, plan Plan, first, last uint64, done func(Finished) bool) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type answer struct {
		finished Finished
		err      error
	}
	slots := runtime.GOMAXPROCS(0)
	pending := make(chan chan answer, 2*slots)
	running := make(chan struct{}, slots)
	var group sync.WaitGroup
	defer group.Wait()
	defer stop() // before the wait
	group.Go(func() {
		defer close(pending)
		for seed := first; ctx.Err() == nil; seed++ {
			reply := make(chan answer, 1)
			select {
			case pending <- reply:
			case <-ctx.Done():
				return
			}
			running <- struct{}{}
			group.Go(func() {
				defer func() { <-running }()
				finished, err := w.seed(ctx, plan, seed)
				reply <- answer{finished, err}
			})
			if seed == last {
				return
			}
		}
	})
	for reply := range pending {
		a := <-reply
		if a.err != nil {
			return a.err
		}
		if !done(a.finished) {
			return nil
		}
	}
	return ctx.Err()
}

func (w Wiring) seed(ctx context.Context, plan Plan, seed uint64) (Finished, error) {
	plan.Seed = seed
	system, err := w.System(plan)
	if err != nil {
		return Finished{}, err
	}
	schedule, err := w.Generate(plan, system)
	if err != nil {
		return Finished{}, err
	}
	return w.Dry(ctx, plan, schedule)
}
