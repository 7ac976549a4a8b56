package sweep

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"time"

	"cleave/harness"
	"cleave/world"
)

// result is a run that was judged, and the world it was in.
type result struct {
	finished harness.Finished
	seen     *observed
}

// run runs a seed's schedule and keeps nothing. step hears every event; it may be nil.
func run(ctx context.Context, wiring harness.Wiring, plan harness.Plan, schedule harness.Schedule, step func(world.Step)) (result, error) {
	var r result
	make := wiring.World
	wiring.World = func(ctx context.Context, plan harness.Plan, system world.System, schedule harness.Schedule, keep harness.Keep) (world.World, error) {
		keep.Step = step
		w, err := make(ctx, plan, system, schedule, keep)
		if err != nil {
			return nil, err
		}
		r.seen, err = observe(w, system)
		return r.seen, err
	}
	wiring.Unmeasured = true
	var err error
	r.finished, err = wiring.Dry(ctx, plan, schedule)
	return r, err
}

// one makes the outcome of a seed, whatever happens in its run.
func (s *sweep) one(ctx context.Context, seed uint64) (o outcome) {
	defer func() {
		if cause := brokenBy(recover()); cause != nil {
			o = outcome{seed: seed, broken: fmt.Sprint(cause)}
		}
	}()
	plan := s.record.Plan
	plan.Seed = seed
	system, err := s.wiring.System(plan)
	if err != nil {
		return outcome{seed: seed, broken: err.Error()}
	}
	schedule, err := s.wiring.Generate(plan, system)
	if err != nil {
		return outcome{seed: seed, broken: err.Error()}
	}
	var r result
	var divergence *Divergence
	audited := s.record.audits(seed)
	if audited {
		r, divergence, err = twice(ctx, func(ctx context.Context, step func(world.Step)) (result, error) {
			return run(ctx, s.wiring, plan, schedule, step)
		})
	} else {
		r, err = run(ctx, s.wiring, plan, schedule, nil)
	}
	switch {
	case (err != nil || divergence != nil) && ctx.Err() != nil: // stopped, one of two perhaps before the other
		return outcome{seed: seed, interrupted: true}
	case divergence != nil:
		return outcome{seed: seed, broken: "it is not the same when run twice", audited: true, divergence: divergence}
	case err != nil:
		return outcome{seed: seed, broken: err.Error()}
	}
	o = outcomeOf(r.finished, r.seen)
	o.audited = audited
	return o
}

// Limits of a run that does not end by itself.
const (
	usualRunTime  = 2 * time.Minute // of wall time
	grace         = 5 * time.Second // after it was asked to end
	mostAbandoned = 4               // of runs that never did, and go on taking a core
)

var errAbandoned = fmt.Errorf("%d runs would not end, and each goes on taking a core: the sweep gives up", mostAbandoned)

// contained is one, given up if it takes too long. A run that does not even stop when it is asked to is
// abandoned: it holds its core and memory until the program ends, so there cannot be many.
func (s *sweep) contained(ctx context.Context, seed uint64) outcome {
	limit := s.bounds.RunTime
	if limit == 0 {
		limit = usualRunTime
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	reply := make(chan outcome, 1)
	go func() { reply <- s.one(ctx, seed) }()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case o := <-reply:
		return o
	case <-timer.C:
	case <-ctx.Done():
		select {
		case o := <-reply:
			return o
		case <-time.After(grace):
			return outcome{seed: seed, interrupted: true}
		}
	}
	stop()
	o := outcome{seed: seed, runaway: true, broken: fmt.Sprintf("it did not end within %s of wall time, and was stopped", limit)}
	select {
	case <-reply:
	case <-time.After(grace):
		s.abandoned.Add(1)
		o.broken = fmt.Sprintf("it did not end within %s of wall time, and would not stop", limit)
	}
	return o
}

// brokenBy says what a recovered panic was and where, in a few words; nil if there was none. It is to be called in the
// deferred function, where the panic's frames are still there.
func brokenBy(cause any) any {
	if cause == nil {
		return nil
	}
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	panicking := false
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		switch {
		case strings.HasPrefix(frame.Function, "runtime."):
			panicking = true
		case panicking:
			return fmt.Sprintf("a panic in %s: %v", frame.Function, cause)
		}
	}
	return fmt.Sprintf("a panic: %v", cause)
}
