package harness

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"cleave/checker"
	"cleave/history"
	"cleave/nemesis"
	"cleave/reports"
	"cleave/workloads"
	"cleave/world"
)

// Wiring is what the command line puts into a harness: which systems and worlds there are.
type Wiring struct {
	// Systems makes every system for a plan, which may scale its times.
	Systems func(Plan) []world.System
	// World makes the plan's world for a schedule; what it says besides the history goes to keep.
	World func(ctx context.Context, plan Plan, system world.System, schedule Schedule, keep Keep) (world.World, error)
	// Custom makes a plan's Custom system, which may have no nodes where its door is closed: it can be judged then. nil:
	// all doors are.
	Custom func(Plan) (world.System, error)
	// Able tells why a plan's world cannot run it at all, or cannot do one of the faults; nil if it can. It
	// makes nothing. nil: it can.
	Able func(plan Plan, system world.System, faults []nemesis.Kind) error
	// Unmeasured has Dry judge promises alone: the verdict is the same, and a third of the checkers' time is
	// saved, or more.
	Unmeasured bool
}

// Keep is where a world puts what it has to say besides the history. Both may be nil, for nowhere.
type Keep struct {
	Log    func(process string) io.Writer // of one process, lines of text
	File   func(name string) io.Writer    // a file of the run folder
	Step   func(world.Step)               // hears every event, in a world that can be run again to the byte; may be nil
	Passed func(world.Passage)            // hears what becomes of every message, in simulation; may be nil
	// Lost hears of every loss on a directed link, in simulation; may be nil.
	Lost func(from, to string, at history.Time)
}

// Check tells what keeps a schedule from being run.
func (w Wiring) Check(plan Plan, schedule Schedule) error {
	system, err := w.System(plan)
	if err != nil {
		return err
	}
	return w.check(plan, system, schedule.Faults)
}

func (w Wiring) check(plan Plan, system world.System, faults []nemesis.Fault) error {
	var all []nemesis.Kind
	for _, fault := range faults {
		kind, err := nemesis.Find(fault.Kind)
		if err != nil {
			return err
		}
		all = append(all, kind)
	}
	return w.able(plan, system, all)
}

func (w Wiring) able(plan Plan, system world.System, faults []nemesis.Kind) error {
	if w.Able == nil {
		return nil
	}
	return w.Able(plan, system, faults)
}

// System is the system of a plan, which must carry the plan's workload and have its bug.
func (w Wiring) System(plan Plan) (world.System, error) {
	system, err := w.named(plan)
	if err == nil && !system.Carries(plan.Workload) {
		err = fmt.Errorf("%s cannot carry the workload %.60q; it carries: %s", system.Name, plan.Workload, listed(system.Workloads))
	}
	if err == nil {
		err = hasBug(system, plan.Bug)
	}
	if err == nil {
		err = w.able(plan, system, planned(plan))
	}
	return system, err
}

// planned is the kind of fault that a plan names itself.
func planned(plan Plan) []nemesis.Kind {
	kind, err := nemesis.Find(plan.Faults)
	if err != nil {
		return nil // a schedule has them, and is checked
	}
	return []nemesis.Kind{kind}
}

// named is the system that a plan names.
func (w Wiring) named(plan Plan) (world.System, error) {
	switch {
	case plan.Custom == nil:
	case w.Custom == nil:
		return plan.Custom.System(plan.System), nil
	default:
		return w.Custom(plan)
	}
	var names []string
	for _, system := range w.Systems(plan) {
		if system.Name == plan.System {
			return system, nil
		}
		names = append(names, system.Name)
	}
	return world.System{}, fmt.Errorf("unknown system %.60q; there are: %s", plan.System, listed(names))
}

func hasBug(system world.System, bug string) error {
	var names []string
	for _, b := range system.Bugs {
		if b.Name == bug {
			return nil
		}
		names = append(names, b.Name)
	}
	if bug == "" {
		return nil
	}
	if len(names) == 0 {
		return fmt.Errorf("no bug can be planted in %s", system.Name)
	}
	return fmt.Errorf("unknown bug %.60q of %s; there are: %s", bug, system.Name, listed(names))
}

func listed(names []string) string {
	text := ""
	for i, name := range names {
		if i > 0 {
			text += ", "
		}
		text += name
	}
	return text
}

// Finished is a run that came to its end, and its judgement.
type Finished struct {
	Plan      Plan
	Schedule  Schedule
	System    world.System
	History   *history.History
	Judgement Judgement
	Folder    string // "" if nothing was kept
	Events    uint64 // of the simulator
	Hash      string
	Porcupine string // file in Folder, of a name that is a link too
	Generated bool   // the plan's seed makes the schedule; told of runs with a Folder

	Story       *reports.Story  // how it came to break a promise, if somebody told it
	Environment []world.Fact    // of a world of containers: what it is made of
	Traffic     []world.Traffic // and what went over its links
	Losses      []reports.Loss  // messages lost on links, in simulation
}

// ErrPlan is wrapped by errors in what was asked for.
var ErrPlan = errors.New("this cannot be run")

// Unable is the error of Wiring.Able that a world, on any machine, does not have a system or a fault.
type Unable string

// Error is the reason, one sentence.
func (u Unable) Error() string { return string(u) }

// described is what a world of containers can say besides: what it is made of, and what its network
// carried.
type described interface {
	Facts() []world.Fact
	Traffic() []world.Traffic
}

// announced is a world that tells when it has been populated.
type announced struct {
	world.World
	tell func() error
}

// Populate populates it, and tells.
func (a announced) Populate(system world.System, cluster world.Cluster, clients []history.Placement) error {
	if err := a.World.Populate(system, cluster, clients); err != nil {
		return err
	}
	return a.tell()
}

// counted is what a simulated world can say besides.
type counted interface {
	Events() uint64
	Hash() uint64
}

// Dry runs and judges a schedule and keeps nothing.
func (w Wiring) Dry(ctx context.Context, plan Plan, schedule Schedule) (Finished, error) {
	return w.run(ctx, plan, schedule, nil, nil)
}

// Run runs and judges a schedule and leaves a run folder. What was recorded when it is interrupted
// stays there.
func (w Wiring) Run(ctx context.Context, plan Plan, schedule Schedule, path string, progress func(reports.Progress)) (Finished, error) {
	if err := w.Check(plan, schedule); err != nil {
		return Finished{}, fmt.Errorf("%w: %w", ErrPlan, err)
	}
	f, err := createFolder(path, plan, schedule)
	if err != nil {
		return Finished{}, fmt.Errorf("%w: %w", ErrPlan, err)
	}
	defer f.untell()
	finished, err := w.run(ctx, plan, schedule, f, f.telling(progress))
	if closing := f.close(); err == nil {
		err = closing
	}
	if err != nil {
		return finished, err
	}
	return finished, finished.write(f)
}

func (w Wiring) run(ctx context.Context, plan Plan, schedule Schedule, f *folder, progress func(reports.Progress)) (Finished, error) {
	finished := Finished{Plan: plan, Schedule: schedule}
	system, err := w.System(plan)
	if err != nil {
		return finished, err
	}
	finished.System = system
	var output io.Writer
	var keep Keep
	lost := losses{}
	if f != nil {
		finished.Generated = w.generates(plan, system, schedule)
		finished.Folder, output, keep = f.path, f.history, Keep{Log: f.log, File: f.file, Lost: lost.count}
	}
	place, err := w.World(ctx, plan, system, schedule, keep)
	if err != nil {
		return finished, err
	}
	inhabited := place
	d, can := place.(described)
	if can && f != nil { // before anything happens, so that a run that is killed leaves it too
		inhabited = announced{place, func() error { return f.writeJSON(environmentFile, d.Facts()) }}
	}
	finished.History, err = Execute(ctx, plan, schedule, system, inhabited, output, progress)
	if can {
		finished.Environment, finished.Traffic = d.Facts(), d.Traffic()
	}
	if closing := place.Close(); err == nil {
		err = closing
	}
	finished.Losses = lost.all()
	if f != nil && finished.Environment != nil {
		err = cmp.Or(err, finished.describe(f))
	}
	if err != nil {
		return finished, err
	}
	if c, can := place.(counted); can {
		finished.Events, finished.Hash = c.Events(), fmt.Sprintf("%016x", c.Hash())
	}
	if f != nil {
		f.tell(reports.Progress{Phase: reports.PhaseJudging, Done: 1, Of: 1})
	}
	judge := Judge
	if w.Unmeasured && f == nil {
		judge = judgeUnmeasured
	}
	finished.Judgement, err = judge(plan, schedule.Faults, system, finished.History)
	return finished, err
}

// describe leaves what the world was made of, of an interrupted run too.
func (r *Finished) describe(f *folder) error {
	return cmp.Or(f.writeJSON(environmentFile, r.Environment), f.writeJSON(trafficFile, r.Traffic))
}

// write leaves the judgement and the report. What may fail for what the history says, pictures and logs, comes after the
// verdict, and takes no report away.
func (r *Finished) write(f *folder) error {
	if err := f.writeJSON(measuresFile, r.Judgement.Measured); err != nil {
		return err
	}
	if r.Story != nil {
		if err := f.writeJSON(storyFile, r.Story); err != nil {
			return err
		}
	}
	if len(r.Losses) > 0 {
		if err := f.writeLosses(r.Losses); err != nil {
			return err
		}
	}
	if err := f.writeJSON(verdictFile, r.Judgement); err != nil {
		return err
	}
	undrawn := r.drawWitness(f)
	run := r.Report()
	logs, unread := f.logs(append(slices.Clone(r.History.Run.Nodes), clients(r.History.Run)...))
	run.Logs = logs
	var page bytes.Buffer
	if err := reports.WriteRun(&page, run); err != nil {
		return err
	}
	return cmp.Or(f.writeWhole(reportFile, page.Bytes()), undrawn, unread)
}

// drawWitness leaves porcupine's own picture of a broken linearizability.
func (r *Finished) drawWitness(f *folder) error {
	for _, result := range r.Judgement.Broken() {
		promise, found := r.linearizable(result.Title)
		if !found || result.Witness == nil {
			continue
		}
		name := pictureFile(result.Witness.Key)
		var page bytes.Buffer
		if err := checker.Visualize(r.History, promise, result.Witness.Key, &page); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := f.writeWhole(name, page.Bytes()); err != nil {
			return err
		}
		r.Porcupine = name // for the report to link
		return nil
	}
	return nil
}

// linearizable is the linearizability checker of a promise, if it is one.
func (r *Finished) linearizable(title string) (checker.Linearizable, bool) {
	workload, err := workloads.Find(r.Plan.Workload)
	if err != nil {
		return checker.Linearizable{}, false
	}
	for _, promise := range workload.Promises(workloads.Guarantee(r.System.Guarantee), workloads.Conditions{}) {
		if c, is := promise.Checker.(checker.Linearizable); is && promise.Text == title {
			return c, true
		}
	}
	return checker.Linearizable{}, false
}

// Report is the run as reports show it.
func (r *Finished) Report() reports.Run {
	return reports.Run{
		System: r.Plan.System, SystemSummary: r.System.Summary, Workload: r.Plan.Workload, Fault: r.Plan.Faults,
		World: r.Plan.World, Version: r.Plan.Version, Seed: r.Plan.Seed, Options: r.Plan.Options(),
		Verdict: r.Judgement.Verdict, Promises: r.Judgement.Promises, Measured: r.Judgement.Measured, History: r.History,
		Replay: r.Replay(), Command: r.command(), Folder: r.Folder, Porcupine: r.Porcupine, Events: r.Events, Hash: r.Hash,
		Environment: options(r.Environment), Traffic: traffic(r.Traffic), Losses: r.Losses, Story: r.Story,
	}
}

func options(facts []world.Fact) []reports.Option {
	var all []reports.Option
	for _, fact := range facts {
		all = append(all, reports.Option{Name: fact.Name, Value: fact.Value})
	}
	return all
}

func traffic(links []world.Traffic) []reports.Traffic {
	var all []reports.Traffic
	for _, l := range links {
		all = append(all, reports.Traffic(l))
	}
	return all
}

// Replay is the command line that shows the run again: from its folder if there is one.
func (r *Finished) Replay() string {
	if r.Folder != "" {
		return r.Plan.Custom.replay(r.Folder)
	}
	return r.Plan.Command()
}

// command is the command line that makes the run anew without its folder, "" if none does.
func (r *Finished) command() string {
	if !r.Generated {
		return ""
	}
	return r.Plan.Command()
}

// Rejudge judges a stored run again, offline.
func (w Wiring) Rejudge(stored Stored) (Finished, error) {
	finished := Finished{Plan: stored.Plan, Schedule: stored.Schedule, History: stored.History, Folder: stored.Path,
		Environment: stored.Environment, Traffic: stored.Traffic, Losses: stored.Losses, Story: stored.Story}
	able := w    // of what a world can do, schedules are made
	w.Able = nil // nothing is run
	system, err := w.System(stored.Plan)
	if err != nil {
		return finished, err
	}
	finished.System, finished.Generated = system, able.generates(stored.Plan, system, stored.Schedule)
	if err := stored.agree(); err != nil {
		return finished, err
	}
	finished.Judgement, err = Judge(stored.Plan, stored.Schedule.Faults, system, stored.History)
	if !stored.Finished || stored.History.Torn {
		finished.Judgement.doubt()
	}
	return finished, err
}

// agree errs if the history is of another plan, or empty.
func (s Stored) agree() error {
	at, plan := s.History.Run, s.Plan
	if at.System == plan.System && at.Workload == plan.Workload && at.Seed == plan.Seed &&
		len(at.Nodes) == plan.Nodes && len(at.Clients) == plan.Clients {
		return nil
	}
	return fmt.Errorf("%s: it is the history of %q under %q, seed %d, %d nodes, %d clients; "+
		"the plan says %s under %s, seed %d, %d nodes, %d clients",
		s.HistoryPath(), at.System, at.Workload, at.Seed, len(at.Nodes), len(at.Clients),
		plan.System, plan.Workload, plan.Seed, plan.Nodes, plan.Clients)
}

// doubt makes the judgement of a run that was cut short unknown, unless it is worse.
func (j *Judgement) doubt() {
	const title = "the run came to its end"
	j.Promises = append(j.Promises, checker.Result{Checker: "finished", Title: title, Promise: title, Verdict: checker.Unknown,
		Reason: "the run did not come to its end: only its beginning was judged"})
	j.Verdict = checker.Merge(j.Promises)
}

// Rewrite makes a stored run's verdict, measures and report anew.
func (r *Finished) Rewrite() error {
	if _, err := os.Stat(r.Folder); err != nil {
		return err
	}
	return r.write(&folder{path: r.Folder})
}
