package claims

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"cleave/harness"
)

// Seeds are a range, both ends included.
type Seeds struct{ First, Last uint64 }

// Count is how many there are.
func (s Seeds) Count() int { return int(s.Last - s.First + 1) }

// Trial is one run of an experiment that came to its end.
type Trial struct {
	Experiment Experiment
	Seed       uint64
	Judgement  harness.Judgement
}

// Experiments are those that some claims need, each once, in order of need.
func Experiments(claims []Claim) (needed []Experiment) {
	add := func(e Experiment) {
		if e != (Experiment{}) && !slices.Contains(needed, e) {
			needed = append(needed, e)
		}
	}
	for _, claim := range claims {
		for _, finding := range slices.Concat(claim.Worded, claim.Bounds) {
			add(finding.Of)
			if finding.Minus != nil {
				add(finding.Minus.Of)
			}
		}
	}
	return needed
}

// trialOf is one run among those that were made.
type trialOf struct {
	experiment Experiment
	seed       uint64
}

// trials are the judgements of runs.
type trials map[trialOf]Trial

// Simulate runs the experiments of some claims under every seed, as many runs at a time as there are cores, and
// judges the claims. A run depends on its plan alone, so the results are the same on any number of cores. done hears
// of each run as it ends, one at a time. The first error of a run is given.
func Simulate(ctx context.Context, wiring harness.Wiring, claims []Claim, seeds Seeds, done func(ended, of int)) ([]Result, error) {
	defer harness.CollectLess(0)()
	var jobs []trialOf
	for seed := seeds.First; ; seed++ {
		for _, experiment := range Experiments(claims) {
			jobs = append(jobs, trialOf{experiment, seed})
		}
		if seed == seeds.Last {
			break
		}
	}
	made, errs := make([]Trial, len(jobs)), make([]error, len(jobs))
	var group sync.WaitGroup
	var turn sync.Mutex
	next, ended := 0, 0
	take := func() (int, bool) {
		turn.Lock()
		defer turn.Unlock()
		next++
		return next - 1, next <= len(jobs) && ctx.Err() == nil
	}
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for at, more := take(); more; at, more = take() {
				made[at], errs[at] = simulate(ctx, wiring, jobs[at])
				turn.Lock()
				ended++
				done(ended, len(jobs))
				turn.Unlock()
			}
		})
	}
	group.Wait()
	for at, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("%s, seed %d: %w", jobs[at].experiment, jobs[at].seed, err)
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return Judge(claims, made, seeds), nil
}

func simulate(ctx context.Context, wiring harness.Wiring, job trialOf) (Trial, error) {
	plan := job.experiment.Plan(job.seed)
	system, err := wiring.System(plan)
	if err != nil {
		return Trial{}, err
	}
	schedule, err := wiring.Generate(plan, system)
	if err != nil {
		return Trial{}, err
	}
	finished, err := wiring.Dry(ctx, plan, schedule)
	return Trial{Experiment: job.experiment, Seed: job.seed, Judgement: finished.Judgement}, err
}

// Judge judges claims by runs. An experiment that was not run with some seed says nothing of it.
func Judge(claims []Claim, made []Trial, seeds Seeds) []Result {
	all := trials{}
	for _, trial := range made {
		all[trialOf{trial.Experiment, trial.Seed}] = trial
	}
	results := make([]Result, len(claims))
	for i, claim := range claims {
		r := Result{Claim: claim, Worded: all.weigh(claim.Worded, seeds), Bounds: all.weigh(claim.Bounds, seeds)}
		r.Verdict, r.Cause = merge(r.Worded)
		r.Precise, r.PreciseCause = merge(r.Bounds)
		results[i] = r
	}
	return results
}

func (t trials) weigh(findings []Finding, seeds Seeds) []Evidence {
	weighed := make([]Evidence, len(findings))
	for i, finding := range findings {
		var readings []reading
		in := unit("")
		for seed := seeds.First; ; seed++ {
			if value, of, found := t.read(finding, seed); found {
				readings, in = append(readings, reading{seed, value}), of
			}
			if seed == seeds.Last {
				break
			}
		}
		weighed[i] = finding.weigh(readings, in, seeds.Count())
	}
	return weighed
}

// read is what the run, or the two, of a seed give for a finding.
func (t trials) read(f Finding, seed uint64) (Value, unit, bool) {
	value, in, found := f.Number.read(t[trialOf{f.Of, seed}].Judgement)
	if !found || f.Minus == nil {
		return value, in, found
	}
	other := f.Minus.Of
	if other == (Experiment{}) {
		other = f.Of
	}
	less, _, found := f.Minus.Number.read(t[trialOf{other, seed}].Judgement)
	return value - less, in, found
}
