package harness

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"cleave/checker"
	"cleave/nemesis"
	"cleave/reports"
	"cleave/workloads"
)

// Comparison is many plans side by side: systems in worlds by workloads by faults, under one seed.
type Comparison struct {
	Base      Plan // what all plans share
	Worlds    []string
	Systems   []string
	Workloads []string
	Faults    []string
	Brought   map[string]*Custom // those of the systems that somebody brought along, by name
	Parallel  int                // how many run at a time in containers; 0 is one per core of real systems, and two of our own
	Command   string             // the command line, for the page
	Against   *reports.Against   // an earlier comparison to be set beside; nil for none
}

// Plans are a comparison's plans, in the order of the page: by workload, fault, system. Left out are
// those of a system that cannot carry the workload or does not run in the world, and those of a fault that
// the world cannot do, and said in words, once each.
func (w Wiring) Plans(c Comparison) (plans []Plan, leftOut []string) {
	leave := func(reason string) {
		if !slices.Contains(leftOut, reason) {
			leftOut = append(leftOut, reason)
		}
	}
	for _, workload := range c.Workloads {
		for _, fault := range c.Faults {
			for _, name := range c.Systems {
				for _, place := range c.worlds() {
					plan := c.Base
					plan.Workload, plan.Faults, plan.System, plan.World = workload, fault, name, place
					plan.Custom = c.Brought[name]
					if reason := w.impossible(plan); reason != "" {
						leave(reason)
					} else {
						plans = append(plans, plan)
					}
				}
			}
		}
	}
	return plans, leftOut
}

// worlds are the worlds, in order.
func (c *Comparison) worlds() []string {
	if len(c.Worlds) == 0 {
		return []string{c.Base.World}
	}
	return c.Worlds
}

// impossible says why a system cannot carry a workload, or why its world cannot run it, as far as all are
// known; what is not is told by whoever checks the plan.
func (w Wiring) impossible(plan Plan) string {
	found, err := w.named(plan)
	if err != nil {
		return ""
	}
	if _, err := workloads.Find(plan.Workload); err == nil && !found.Carries(plan.Workload) {
		return fmt.Sprintf("%s cannot carry the workload %s", plan.System, plan.Workload)
	}
	if plan.Validate() != nil {
		return ""
	}
	var reason Unable
	if errors.As(w.able(plan, found, planned(plan)), &reason) {
		return string(reason)
	}
	return ""
}

// Compared is a comparison that came to its end.
type Compared struct {
	Folder  string
	Page    reports.Comparison
	Verdict checker.Verdict
}

// Compare runs all plans, each in a folder of its own under path, and writes index.html there. Simulated
// runs go first, as many at a time as there are cores: they are independent, so their number at a time
// changes nothing in them. Those in real time follow, Parallel at a time: those of our own
// systems, which take little, before the others. done hears of each run as it ends, one at a time. A run that could not be made to
// its end is shown as unknown, and the first such error is given with the page.
func (w Wiring) Compare(ctx context.Context, c Comparison, path string, done func(Finished)) (Compared, error) {
	plans, _ := w.Plans(c)
	cells, errs := make([]reports.Cell, len(plans)), make([]error, len(plans))
	var telling sync.Mutex
	run := func(i int) {
		finished, err := w.one(ctx, plans[i], filepath.Join(path, plans[i].Name()))
		if err != nil {
			cells[i], errs[i] = lost(plans[i], err), fmt.Errorf("%s: %w", plans[i].Name(), err)
			return
		}
		cells[i] = cell(&finished)
		telling.Lock()
		done(finished)
		telling.Unlock()
	}
	var simulated, light, heavy []int
	for i, plan := range plans {
		switch system, err := w.named(plan); {
		case plan.World == Simulation:
			simulated = append(simulated, i)
		case err == nil && system.Deployment != nil && system.Deployment.Image == "":
			light = append(light, i)
		default:
			heavy = append(heavy, i)
		}
	}
	cores := runtime.GOMAXPROCS(0)
	spread(simulated, cores, run)
	spread(light, cmp.Or(c.Parallel, 2*cores), run)
	spread(heavy, cmp.Or(c.Parallel, cores), run)
	compared, err := w.finish(c, path, cells)
	return compared, cmp.Or(ctx.Err(), first(errs), err)
}

// spread does something with each of many things, so many at a time.
func spread[T any](things []T, atATime int, do func(T)) {
	turn := make(chan T)
	var group sync.WaitGroup
	for range min(atATime, len(things)) {
		group.Go(func() {
			for thing := range turn {
				do(thing)
			}
		})
	}
	for _, thing := range things {
		turn <- thing
	}
	close(turn)
	group.Wait()
}

func first(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
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
	schedule, err := w.Generate(plan, system)
	if err != nil {
		return Finished{}, err
	}
	return w.Run(ctx, plan, schedule, path, nil)
}

func cell(r *Finished) reports.Cell {
	return reports.Cell{
		System: r.Plan.System, World: r.Plan.World, Workload: r.Plan.Workload, Fault: r.Plan.Faults, Seed: r.Plan.Seed,
		Link: r.Plan.Name() + "/" + reportFile, Verdict: r.Judgement.Verdict, Promises: r.Judgement.Promises,
		Measured: r.Judgement.Measured, Replay: r.Plan.Command(), Course: reports.CourseOf(r.Report()),
	}
}

// lost is the cell of a run that did not come to its end.
func lost(plan Plan, err error) reports.Cell {
	result := checker.Result{Checker: "finished", Title: "the run came to its end", Verdict: checker.Unknown, Reason: err.Error()}
	result.Promise = result.Title
	return reports.Cell{System: plan.System, World: plan.World, Workload: plan.Workload, Fault: plan.Faults, Seed: plan.Seed,
		Verdict: checker.Unknown, Promises: []checker.Result{result}, Replay: plan.Command()}
}

// finish makes the index page, and leaves it.
func (w Wiring) finish(c Comparison, path string, cells []reports.Cell) (Compared, error) {
	page := reports.Comparison{
		Title: "CP and AP under the same faults", Version: c.Base.Version, Command: c.Command, Seed: c.Base.Seed,
		Worlds: c.worlds(), Systems: w.systemSubjects(c), Workloads: workloadSubjects(c.Workloads), Faults: faultSubjects(c.Faults), Cells: cells,
		Against: c.Against,
	}
	compared := Compared{Folder: path, Page: page, Verdict: checker.Valid}
	for _, cell := range cells {
		compared.Verdict = compared.Verdict.Worse(cell.Verdict)
	}
	return compared, compared.write()
}

// write leaves the index page in the folder, and its tables as Markdown.
func (c Compared) write() error {
	var text, plain bytes.Buffer
	if err := errors.Join(reports.WriteComparison(&text, c.Page), reports.MarkdownComparison(&plain, c.Page)); err != nil {
		return err
	}
	return errors.Join(os.WriteFile(filepath.Join(c.Folder, "index.html"), text.Bytes(), 0o644),
		os.WriteFile(filepath.Join(c.Folder, "index.md"), plain.Bytes(), 0o644))
}

// Answer puts what a service's callers would have got over many seeds on the page, and leaves it in the folder, with all of its
// tables as callers.md beside it.
func (c Compared) Answer(callers reports.Callers) error {
	c.Page.Calls = &callers
	var tables bytes.Buffer
	if err := reports.MarkdownCallers(&tables, callers); err != nil {
		return err
	}
	return errors.Join(c.write(), os.WriteFile(filepath.Join(c.Folder, reports.CallersFile), tables.Bytes(), 0o644))
}

func (w Wiring) systemSubjects(c Comparison) []reports.Subject {
	subjects := make([]reports.Subject, len(c.Systems))
	for i, name := range c.Systems {
		plan := c.Base
		plan.System, plan.Custom = name, c.Brought[name]
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
		} else if suite, found := nemesis.FindSuite(name); found {
			subjects[i].Text = "one to four faults drawn from the seed: " + suite.Summary
		}
	}
	return subjects
}
