package cleavetest

import (
	"context"
	"slices"
	"sync/atomic"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/harness/sweep"
	"cleave/nemesis"
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

// fitting runs a case without those faults that hit nobody, if it is drawn from many kinds: of four faults one may well hit
// nobody, such as a cut between clients and a node that they do not ask just then. The others are a test still.
func (b *bench) fitting(ctx context.Context, c shrink.Case, twice bool) (shrink.Case, trial, error) {
	made, err := b.run(ctx, c, twice)
	if _, drawn := nemesis.FindSuite(c.Plan.Faults); err != nil || made.divergence != nil || !drawn && c.Plan.Faults != harness.RandomFaults {
		return c, made, err
	}
	idle := checker.Idle(made.finished.History)
	if made.finished.Judgement.Verdict != checker.Unknown || len(idle) == 0 || len(idle) == len(c.Schedule.Faults) {
		return c, made, nil
	}
	var others []nemesis.Fault
	for i, fault := range c.Schedule.Faults {
		if !slices.Contains(idle, i) {
			others = append(others, fault)
		}
	}
	c.Schedule.Faults = others
	made, err = b.run(ctx, c, false)
	return c, made, err
}

// inert tells whether nothing was ever changed, as the system supports nothing that does: Ask has forgotten it, most likely.
// One of a schedule with operations of its own may well have none that could be done.
func inert(finished harness.Finished) bool {
	changes := false
	for _, operation := range finished.History.Operations {
		if !operation.Function.Mutates() {
			continue
		}
		if changes = true; operation.Error != unsupported {
			return false
		}
	}
	return changes && finished.Plan.Faults != harness.FileFaults
}

// once is true the first time that it is asked.
type once struct{ done atomic.Bool }

func (o *once) first() bool { return !o.done.Swap(true) }
