package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"cleave/claims"
	"cleave/harness"
	"cleave/reports"
)

// realRun is an experiment on a real system.
type realRun struct {
	experiment claims.Experiment
	plan       harness.Plan
	name       string // of its folder
}

// claimsInContainers runs each experiment once on the real system, one after another, and says whether that agrees with
// what simulation decided.
func (s screen) claimsInContainers(ctx context.Context, options claimsOptions, chosen []claims.Claim, seed uint64, line string) error {
	chosen = claims.Real(chosen)
	runs, leftOut := realRuns(chosen, seed)
	if len(runs) == 0 {
		return bad(errors.New("--claim: none of these can be put to a real system in containers"))
	}
	plans := make([]harness.Plan, len(runs))
	for i, run := range runs {
		plans[i] = run.plan
	}
	if err := checkMachine(ctx, plans...); err != nil {
		return bad(err)
	}
	for _, reason := range leftOut {
		fmt.Fprintf(s.out, "left out: %s\n", reason)
	}
	path := newPath(options.store, "claims", seed)
	began := time.Now()
	trials, links, failed := s.realTrials(ctx, runs, path)
	if ctx.Err() != nil {
		return broken(errors.New("interrupted"))
	}
	results := claims.Judge(chosen, trials, claims.Seeds{First: seed, Last: seed})
	page := claims.RealPage(results, seed, inContainers, version(), line, func(e claims.Experiment) string { return links[e] })
	if err := writeClaims(path, page); err != nil {
		return broken(err)
	}
	latest(options.store, path)
	if err := reports.TerminalClaims(s.out, page, options.evidence, s.color()); err != nil {
		return broken(err)
	}
	fmt.Fprintf(s.out, "%d runs in %.0f s · %s\n", len(runs), time.Since(began).Seconds(), filepath.Join(path, claimsPage))
	if failed != nil {
		return broken(failed)
	}
	if slices.ContainsFunc(results, claims.Result.Unexplained) {
		return exit{code: exitInvalid}
	}
	return nil
}

// realRuns are the runs that claims need on real systems, and why others cannot be.
func realRuns(chosen []claims.Claim, seed uint64) (runs []realRun, leftOut []string) {
	for _, experiment := range claims.Experiments(chosen) {
		plan, can := experiment.RealPlan(seed, inContainers)
		if !can {
			continue
		}
		plan.Version = version()
		if _, err := wiring.System(plan); err != nil {
			leftOut = append(leftOut, fmt.Sprintf("%s: %v", experiment, err))
			continue
		}
		name := plan.Name()
		if taken := slices.ContainsFunc(runs, func(r realRun) bool { return r.name == name }); taken {
			name = fmt.Sprintf("%s-%d", name, len(runs))
		}
		runs = append(runs, realRun{experiment, plan, name})
	}
	return runs, leftOut
}

// realTrials makes the runs one after another. One that fails is told of and says nothing.
func (s screen) realTrials(ctx context.Context, runs []realRun, path string) (trials []claims.Trial, links map[claims.Experiment]string, failed error) {
	links = map[claims.Experiment]string{}
	for i, run := range runs {
		fmt.Fprintf(s.err, "%d of %d: %s\n", i+1, len(runs), run.name)
		finished, err := realTrial(ctx, run, filepath.Join(path, run.name))
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if err != nil {
			fmt.Fprintf(s.err, "%s: %v\n", run.name, err)
			failed = errors.Join(failed, fmt.Errorf("%s: %w", run.name, err))
			continue
		}
		trials = append(trials, claims.Trial{Experiment: run.experiment, Seed: run.plan.Seed, Judgement: finished.Judgement})
		links[run.experiment] = run.name + "/report.html"
	}
	return trials, links, failed
}

func realTrial(ctx context.Context, run realRun, path string) (harness.Finished, error) {
	system, err := wiring.System(run.plan)
	if err != nil {
		return harness.Finished{}, err
	}
	schedule, err := wiring.Generate(run.plan, system)
	if err != nil {
		return harness.Finished{}, err
	}
	return wiring.Run(ctx, run.plan, schedule, path, nil)
}
