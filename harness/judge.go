package harness

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"cleave/checker"
	"cleave/history"
	"cleave/nemesis"
	"cleave/workloads"
	"cleave/world"
)

// Judgement is what there is to say about a run. It is verdict.json in a run folder, and its
// measured part measures.json.
type Judgement struct {
	Verdict  checker.Verdict  `json:"verdict"`
	Promises []checker.Result `json:"promises"`
	Measured []checker.Result `json:"-"`
}

// Judge checks every promise of a system under a workload, measures the rest, and merges the
// promises' verdicts, the gravest first. It is a pure function of plan, faults and history, but for
// checks that run into their bound of wall time.
func Judge(plan Plan, faults []nemesis.Fault, system world.System, h *history.History) (Judgement, error) {
	promised, measured, err := Promised(plan, faults, system)
	if err != nil {
		return Judgement{}, err
	}
	judgement := judgePromises(promised, h, plan.budget())
	judgement.Measured = check(measured, h, plan.budget())
	judgement.excuse(faults)
	return judgement, nil
}

// excuse lets service be measured where messages were lost or late for so much of the run that nothing had to
// be served in any time.
func (j *Judgement) excuse(faults []nemesis.Fault) {
	hampered := slices.ContainsFunc(faults, func(fault nemesis.Fault) bool {
		kind, err := nemesis.Find(fault.Kind)
		return err == nil && kind.Quality.Hampers()
	})
	at := slices.IndexFunc(j.Promises, func(r checker.Result) bool {
		return r.Checker == checker.Availability{}.Name() && r.Verdict == checker.Unknown && r.Witness == nil
	})
	if !hampered || at < 0 {
		return
	}
	excused := j.Promises[at]
	excused.Promise = ""
	j.Promises, j.Measured = slices.Delete(j.Promises, at, at+1), append(j.Measured, excused)
	j.Verdict = checker.Merge(j.Promises)
}

// judgeUnmeasured is Judge without what is only measured.
func judgeUnmeasured(plan Plan, faults []nemesis.Fault, system world.System, h *history.History) (Judgement, error) {
	promised, _, err := Promised(plan, faults, system)
	budget := plan.budget()
	budget.Unmeasured = true
	judgement := judgePromises(promised, h, budget)
	judgement.excuse(faults)
	return judgement, err
}

func judgePromises(promised []workloads.Promise, h *history.History, budget checker.Budget) Judgement {
	judgement := Judgement{Promises: check(promised, h, budget)}
	_, stalls := checker.Stalls(h)
	for i := range judgement.Promises {
		result := &judgement.Promises[i]
		result.Promise = result.Title
		if stalls > 0 && result.Verdict == checker.Invalid && timed(promised[i].Checker) {
			result.Verdict, result.Reason = checker.Unknown, result.Reason+"; but the harness itself stood still in this run"
		}
	}
	if len(promised) == 1 { // the last is of the run, and not of the system
		judgement.Promises = append(judgement.Promises, idle)
	}
	judgement.Verdict = checker.Merge(judgement.Promises)
	return judgement
}

// timed tells whether a promise is about what happens in some time.
func timed(c checker.Checker) bool {
	switch c.(type) {
	case checker.Availability, checker.Continuity, checker.Convergence, checker.Membership, checker.NoLostRegistration, checker.NoGhostForever,
		checker.NoDeadOwner, checker.LiveListed, checker.DeadGone, checker.SameLists, checker.CancelsHeard, checker.Overrides, checker.CacheFollows,
		checker.SomebodyHolds, checker.Balanced, checker.EveryTrigger, checker.CopyFollows,
		checker.NoOrphans, checker.Delivered, checker.CounterTotal, checker.LogComplete, checker.Commits:
		return true
	}
	return false
}

// idle is the result of a run in which nothing is promised: that nothing was broken says nothing then.
var idle = checker.Result{Checker: "promises", Title: "something is promised", Promise: "something is promised", Verdict: checker.Unknown,
	Reason: "a fault took a disk away or set it back, after which nothing is promised: see what was measured"}

// JudgeOne checks the first promise in force that passes a test, and no other, as Judge would. If none
// does, there is no result.
func JudgeOne(plan Plan, faults []nemesis.Fault, system world.System, h *history.History,
	which func(workloads.Promise) bool) (result checker.Result, inForce bool) {
	promised, _, _ := Promised(plan, faults, system)
	at := slices.IndexFunc(promised, which)
	if at < 0 {
		return checker.Result{}, false
	}
	result = check(promised[at:at+1], h, plan.budget())[0]
	result.Promise = result.Title
	return result, true
}

func (p Plan) budget() checker.Budget {
	return checker.Budget{Time: time.Duration(p.CheckTime), Memory: 2 << 30}
}

// Promised are the promises that a plan's run is held to, and the properties that are only measured.
func Promised(plan Plan, faults []nemesis.Fault, system world.System) (promised, measured []workloads.Promise, err error) {
	workload, err := workloads.Find(plan.Workload)
	if err != nil {
		return nil, nil, err
	}
	conditions := workloads.Conditions{Faults: kinds(faults), Settle: settle(plan) - lateness(plan), Spread: settle(plan) / 4,
		Recovery: system.Recovery, Grace: system.Grace, OnDemand: system.OnDemand, Boot: system.Boot, Ghost: system.Ghost,
		Notice: cmp.Or(system.Notice, settle(plan)/4)}
	guarantee := workloads.Guarantee(system.Guarantee)
	all := append(workload.Promises(guarantee, conditions), workloads.Promise{
		Text: "the run put its promises to the test", Checker: checker.Vacuity{Planned: len(faults)}})
	if plan.Custom != nil && plan.Custom.Answered > 0 {
		all = slices.Insert(all, len(all)-1, workloads.Promise{
			Text: fmt.Sprintf("of 1000 operations %d are answered", plan.Custom.Answered), Checker: checker.Answered{Least: plan.Custom.Answered}})
	}
	if plan.World != Simulation {
		all = slices.Insert(all, len(all)-1, workloads.Promise{Text: "the harness kept time", Checker: checker.Timekeeping{}})
	}
	if nemesis.MovesMembers(faults) && guarantee != workloads.Available {
		all = slices.Insert(all, len(all)-1, workloads.Promise{Text: "members come and go one by one, and all belong in the end",
			Checker: checker.Membership{Settle: settle(plan) - lateness(plan)}})
	}
	promised, besides := due(plan, system, all)
	if nemesis.Harmful(faults) {
		last := len(promised) - 1 // that the run puts its promises to the test is no promise of the system
		promised, besides = promised[last:], append(besides, promised[:last]...)
	}
	return promised, append(besides, workload.Measures(guarantee, conditions)...), nil
}

// lateness is how much later than planned things may happen. In real time the quiet phase may begin a little
// late, and the final reads, planned before, are then a little early.
func lateness(plan Plan) time.Duration {
	if plan.World == Simulation {
		return 0
	}
	return 500 * time.Millisecond
}

// due parts the promises that a plan leaves in force from those it only lets be measured: on a network
// that loses messages, or is slower than the system's times allow for, no answer is promised in any
// time, nor that a session is kept up; and what is promised of the end needs a quiet phase that is as
// long as the system's recovery. A fault that loses or delays messages excuses nothing here: the history
// says how long it did (history.Connectivity), and checkers of what is due in time leave that out.
func due(plan Plan, system world.System, all []workloads.Promise) (promised, measured []workloads.Promise) {
	slow := system.Delay != 0 && time.Duration(plan.Latency+plan.Jitter) > system.Delay
	short := time.Duration(plan.Quiet) < system.Recovery || slow
	for _, promise := range all {
		excused := false
		switch c := promise.Checker.(type) {
		case checker.Availability:
			excused = plan.Loss > 0 || slow || plan.Custom != nil && c.Grace == 0 // nobody has said in what time
		case checker.ElectionSafety:
			excused = system.Leaderless
		case checker.Continuity:
			excused = plan.Loss > 0 || short
		case checker.Convergence:
			lists := slices.Contains(c.Functions, history.Owners) || slices.Contains(c.Functions, history.Children)
			excused = short || plan.Loss > 0 && lists // a session may still end
		case checker.NoLostRegistration, checker.NoGhostForever, checker.NoDeadOwner, checker.Delivered, checker.CounterTotal, checker.LogComplete:
			excused = short
		case checker.Commits:
			excused = short && !c.Throughout
		case checker.LiveListed, checker.DeadGone, checker.SameLists, checker.CacheFollows, checker.CopyFollows, checker.SomebodyHolds,
			checker.Balanced, checker.EveryTrigger, checker.NoOrphans:
			excused = short || plan.Loss > 0
		case checker.Membership:
			if short || plan.Loss > 0 {
				promise.Checker = checker.Membership{} // but for the end
			}
		case checker.CancelsHeard, checker.Overrides, checker.NoForgetting: // the news of an instance may come too late
			excused = plan.Loss > 0
		}
		if excused {
			measured = append(measured, promise)
		} else {
			promised = append(promised, promise)
		}
	}
	return promised, measured
}

func check(promises []workloads.Promise, h *history.History, budget checker.Budget) []checker.Result {
	results := make([]checker.Result, len(promises))
	budget.Facts = &checker.Facts{}
	for i, promise := range promises {
		results[i] = checker.Run(promise.Checker, h, budget)
		results[i].Title = promise.Text
		if results[i].Abandoned {
			budget.Facts = &checker.Facts{} // the others may still be in use
		}
	}
	return results
}

func kinds(faults []nemesis.Fault) []string {
	var names []string
	for _, fault := range faults {
		if !slices.Contains(names, fault.Kind) {
			names = append(names, fault.Kind)
		}
	}
	return names
}

// Broken are the promises that were broken.
func (j Judgement) Broken() []checker.Result {
	var broken []checker.Result
	for _, result := range j.Promises {
		if result.Verdict == checker.Invalid {
			broken = append(broken, result)
		}
	}
	return broken
}
