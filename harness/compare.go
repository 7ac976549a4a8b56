package harness

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"cleave/checker"
	"cleave/nemesis"
	"cleave/reports"
	"cleave/workloads"
)

// Comparison is many plans side by side: systems by workloads by faults, under one seed.
type Comparison struct {
	Base      Plan // what all plans share
	Systems   []string
	Workloads []string
	Faults    []string
	Command   string // the command line, for the page
}

// Plans are a comparison's plans, in the order of the page: by workload, fault, system. Left out are
// those of a system that cannot carry the workload, and said in words, once for each such pair.
func (w Wiring) Plans(c Comparison) (plans []Plan, leftOut []string) {
	for _, workload := range c.Workloads {
		for _, name := range c.Systems {
			if !w.possible(c.Base, name, workload) {
				leftOut = append(leftOut, fmt.Sprintf("%s cannot carry the workload %s", name, workload))
			}
		}
		for _, fault := range c.Faults {
			for _, name := range c.Systems {
				plan := c.Base
				plan.Workload, plan.Faults, plan.System = workload, fault, name
				if w.possible(c.Base, name, workload) {
					plans = append(plans, plan)
				}
			}
		}
	}
	return plans, leftOut
}

// possible tells whether a system carries a workload, as far as both are known; that one is not is told
// by whoever checks the plan.
func (w Wiring) possible(base Plan, system, workload string) bool {
	base.System = system
	found, err := w.named(base)
	if err != nil {
		return true
	}
	_, err = workloads.Find(workload)
	return err != nil || found.Carries(workload)
}

// Compared is a comparison that came to its end.
type Compared struct {
	Folder  string
	Page    reports.Comparison
	Verdict checker.Verdict
}

// Compare runs all plans, as many at a time as there are cores, each in a folder of its own under
// path, and writes index.html there. Runs are independent, so their number at a time changes nothing
// in them. done hears of each run as it ends, one at a time.
func (w Wiring) Compare(ctx context.Context, c Comparison, path string, done func(Finished)) (Compared, error) {
	plans, _ := w.Plans(c)
	cells, errs := make([]reports.Cell, len(plans)), make([]error, len(plans))
	var group sync.WaitGroup
	var telling sync.Mutex
	turn := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(plans)) {
		group.Go(func() {
			for i := range turn {
				var finished Finished
				if finished, errs[i] = w.one(ctx, plans[i], filepath.Join(path, plans[i].Name())); errs[i] != nil {
					continue
				}
				cells[i] = cell(&finished)
				telling.Lock()
				done(finished)
				telling.Unlock()
			}
		})
	}
	for i := range plans {
		turn <- i
	}
	close(turn)
	group.Wait()
	for i, err := range errs {
		if err != nil {
			return Compared{Folder: path}, fmt.Errorf("%s: %w", plans[i].Name(), err)
		}
	}
	return w.finish(c, path, cells)
}

// one generates and runs one plan.
func (w Wiring) one(ctx context.Context, plan Plan, path string) (Finished, error) {
	if err := ctx.Err(); err != nil {
		return Finished{}, err
	}
	system, err := w.System(plan)
	if err != nil {
		return Finished{}, err
	}
	schedule, err := Generate(plan, system)
	if err != nil {
		return Finished{}, err
	}
	return w.Run(ctx, plan, schedule, path, nil)
}

func cell(r *Finished) reports.Cell {
	return reports.Cell{
		System: r.Plan.System, Workload: r.Plan.Workload, Fault: r.Plan.Faults, Seed: r.Plan.Seed,
		Link: r.Plan.Name() + "/" + reportFile, Verdict: r.Judgement.Verdict, Promises: r.Judgement.Promises,
		Measured: r.Judgement.Measured, Replay: r.Plan.Command(),
	}
}

// finish writes the index page.
func (w Wiring) finish(c Comparison, path string, cells []reports.Cell) (Compared, error) {
	page := reports.Comparison{
		Title: "CP and AP under the same faults", Version: c.Base.Version, Command: c.Command, Seed: c.Base.Seed,
		Systems: w.systemSubjects(c), Workloads: workloadSubjects(c.Workloads), Faults: faultSubjects(c.Faults), Cells: cells,
	}
	compared := Compared{Folder: path, Page: page, Verdict: checker.Valid}
	for _, cell := range cells {
		compared.Verdict = compared.Verdict.Worse(cell.Verdict)
	}
	var text bytes.Buffer
	if err := reports.WriteComparison(&text, page); err != nil {
		return compared, err
	}
	return compared, os.WriteFile(filepath.Join(path, "index.html"), text.Bytes(), 0o644)
}

func (w Wiring) systemSubjects(c Comparison) []reports.Subject {
	subjects := make([]reports.Subject, len(c.Systems))
	for i, name := range c.Systems {
		plan := c.Base
		plan.System = name
		system, _ := w.named(plan) // its name was good enough to run
		subjects[i] = reports.Subject{Name: name, Text: system.Summary}
	}
	return subjects
}

func workloadSubjects(names []string) []reports.Subject {
	subjects := make([]reports.Subject, len(names))
	for i, name := range names {
		workload, _ := workloads.Find(name)
		subjects[i] = reports.Subject{Name: name, Text: workload.Summary}
	}
	return subjects
}

func faultSubjects(names []string) []reports.Subject {
	subjects := make([]reports.Subject, len(names))
	for i, name := range names {
		subjects[i] = reports.Subject{Name: name, Text: "one to four faults of any kinds, drawn from the seed"}
		if kind, err := nemesis.Find(name); err == nil {
			subjects[i].Text, subjects[i].Picture = kind.Summary, kind.Picture
		}
	}
	return subjects
}
