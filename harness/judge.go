package harness

import (
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
	workload, err := workloads.Find(plan.Workload)
	if err != nil {
		return Judgement{}, err
	}
	budget := checker.Budget{Time: time.Duration(plan.CheckTime), Memory: 2 << 30}
	conditions := workloads.Conditions{Faults: kinds(faults), Settle: settle(plan), Spread: settle(plan) / 4,
		Grace: system.Grace, Boot: system.Boot, Ghost: system.Ghost}
	guarantee := workloads.Guarantee(system.Guarantee)
	promised := append(workload.Promises(guarantee, conditions), workloads.Promise{
		Text: "the run put its promises to the test", Checker: checker.Vacuity{}})
	judgement := Judgement{Promises: check(promised, h, budget), Measured: check(workload.Measures(guarantee, conditions), h, budget)}
	for i := range judgement.Promises {
		judgement.Promises[i].Promise = judgement.Promises[i].Title
	}
	judgement.Verdict = checker.Merge(judgement.Promises)
	return judgement, nil
}

func check(promises []workloads.Promise, h *history.History, budget checker.Budget) []checker.Result {
	results := make([]checker.Result, len(promises))
	for i, promise := range promises {
		results[i] = checker.Run(promise.Checker, h, budget)
		results[i].Title = promise.Text
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
