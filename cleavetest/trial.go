package cleavetest

import (
	"context"
	"sync/atomic"

	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/harness/sweep"
)

// trial is a case that was run.
type trial struct {
	finished   harness.Finished
	divergence *sweep.Divergence // nil if it was run once, or twice the same
}

// run runs a case and keeps nothing. It errs if the harness fails, or the run does not end.
func (b *bench) run(ctx context.Context, c shrink.Case, twice bool) (trial, error) {
	wiring := b.wiring
	wiring.Unmeasured = true
	var made trial // of the goroutine alone until it has ended
	err := within(b.mostTime(), func() (err error) {
		if twice {
			made.finished, made.divergence, err = sweep.Twice(ctx, wiring, c.Plan, c.Schedule)
		} else {
			made.finished, err = wiring.Dry(ctx, c.Plan, c.Schedule)
		}
		return err
	})
	if err != nil {
		return trial{}, err
	}
	return made, nil
}

// once is true the first time that it is asked.
type once struct{ done atomic.Bool }

func (o *once) first() bool { return !o.done.Swap(true) }
