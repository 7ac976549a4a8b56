package cleavetest

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"cleave/checker"
	"cleave/harness"
	"cleave/harness/shrink"
	"cleave/workloads"
	"cleave/world"
)

// Plan says what a System is put through. Every field has a default.
type Plan struct {
	// Workload is what clients do, by name; default "register": they read, write and compare-and-set three registers. Others
	// are "broadcast", "g-counter", "kafka", "txn-list-append" ("cleave list" describes them).
	Workload string
	// Faults is a kind of fault, a suite of them, or "random" ("cleave list --faults" and "--suites" describe them); default
	// "partitions".
	Faults string
	// Schedule is a schedule file of faults, in place of Faults. One that has a seed of its own is run once.
	Schedule string
	// Seeds is how many seeds are run, from 1 on; default 20. With -short it is a quarter of them.
	Seeds int
	// Nodes and Clients are how many there are; default 5 and 10.
	Nodes, Clients int
	// Shrink is how long a failure may take to be made small, by the wall clock; default 3 s, below 0 for not at all.
	Shrink time.Duration
	// AllowUnknown lets runs pass that show nothing, such as one whose fault hit nobody.
	AllowUnknown bool
	// Parallel runs seeds as parallel sub-tests: nodes of different runs must not share variables.
	Parallel bool
	// Adjust changes what else a plan has, such as times and latencies; nil for nothing.
	Adjust func(*harness.Plan)
}

// The defaults of a Plan.
const (
	usualSeeds  = 20
	usualFaults = "partitions"
	usualShrink = 3 * time.Second
)

// bench is a test under way: what all its seeds share.
type bench struct {
	system System
	plan   Plan
	wiring harness.Wiring
	base   harness.Plan
	kept   map[checker.Verdict]*once // whether a run with that verdict was kept
	// patience is how long a run may take, by the wall clock; 0 for mostTime
	patience time.Duration
	// small says that the run that was given had been made small before
	small bool
	// stuck is set when a run did not end: the other seeds are left out, which would take as long
	stuck atomic.Bool
}

// prepare checks all that was asked for.
func prepare(test string, system System, plan Plan) (*bench, error) {
	if system.Node == nil || system.Client == nil {
		return nil, errors.New("cleavetest: System.Node and System.Client must be there")
	}
	system.Guarantee = cmp.Or(system.Guarantee, workloads.Linearizable)
	b := &bench{system: system, plan: plan, kept: map[checker.Verdict]*once{checker.Invalid: {}, checker.Unknown: {}}}
	b.wiring = harness.Wiring{World: simulate, Able: able,
		Custom: func(plan harness.Plan) (world.System, error) { return system.made(plan), nil }}
	p := harness.DefaultPlan()
	p.Version, p.System, p.Custom = version(), cmp.Or(system.Name, nameOf(path.Base(packagePath()))), system.custom(test)
	p.Workload, p.Faults = cmp.Or(plan.Workload, p.Workload), cmp.Or(plan.Faults, usualFaults)
	p.Nodes, p.Clients = cmp.Or(plan.Nodes, p.Nodes), cmp.Or(plan.Clients, p.Clients)
	if plan.Schedule != "" {
		p.Faults = harness.FileFaults
	}
	if plan.Adjust != nil {
		own := p.Custom
		plan.Adjust(&p)
		p.Custom = own // which is the system's, and no more than that
	}
	b.base = p
	return b, b.check()
}

// check tells what cannot be run.
func (b *bench) check() error {
	if b.plan.Seeds < 0 {
		return fmt.Errorf("cleavetest: Seeds: %d; it cannot be negative", b.plan.Seeds)
	}
	if b.plan.Faults != "" && b.plan.Schedule != "" {
		return errors.New("cleavetest: Faults and Schedule: it is one or the other")
	}
	if b.plan.Faults == harness.FileFaults {
		return fmt.Errorf("cleavetest: Faults: %q; a file of faults is named by Schedule", b.plan.Faults)
	}
	fitting := carriedBy(b.system.Guarantee)
	if !slices.Contains(fitting, b.base.Workload) {
		if _, err := workloads.Find(b.base.Workload); err != nil {
			return fmt.Errorf("cleavetest: Workload: %w", err)
		}
		return fmt.Errorf("cleavetest: Workload: %s promises nothing of a system that is %s; there are: %s",
			b.base.Workload, b.system.Guarantee, strings.Join(fitting, ", "))
	}
	if err := b.base.Validate(); err != nil {
		return fmt.Errorf("cleavetest: %w", err)
	}
	if _, err := b.wiring.System(b.base); err != nil {
		return fmt.Errorf("cleavetest: %w", err)
	}
	return nil
}

// plain are the workloads whose operations any system may know; the others need sessions, watches or registrations.
var plain = []func() workloads.Workload{workloads.Register, workloads.LinKV, workloads.Broadcast, workloads.GSet, workloads.GCounter,
	workloads.PNCounter, workloads.Kafka, workloads.TxnListAppend, workloads.TxnRWRegister, workloads.Echo, workloads.UniqueIDs}

// carriedBy are the workloads that say what a guarantee promises.
func carriedBy(guarantee workloads.Guarantee) []string {
	var names []string
	for _, workload := range plain {
		names = append(names, workload().Name)
	}
	if slices.Contains([]workloads.Guarantee{workloads.Consistent, workloads.Available, workloads.Cached}, guarantee) {
		names = nil
		for _, workload := range workloads.All() {
			names = append(names, workload.Name)
		}
	}
	return names
}

// seeded is the case of a seed.
func (b *bench) seeded(seed uint64) (shrink.Case, error) {
	plan := b.base
	plan.Seed = seed
	system := b.system.made(plan)
	if b.plan.Schedule != "" {
		return b.scheduled(plan, b.plan.Schedule)
	}
	schedule, err := b.wiring.Generate(plan, system)
	return shrink.Case{Plan: plan, Schedule: schedule}, err
}

// scheduled is a case of a plan with a schedule file.
func (b *bench) scheduled(plan harness.Plan, path string) (shrink.Case, error) {
	plan.Faults = harness.FileFaults
	schedule, err := harness.LoadSchedule(path, plan, b.system.made(plan))
	if err == nil {
		err = schedule.Validate(plan)
	}
	plan.Seed = schedule.Seed
	return shrink.Case{Plan: plan, Schedule: schedule}, err
}

// fixed tells whether the plan's schedule has a seed of its own, and so is the same for all seeds.
func (b *bench) fixed() bool {
	if b.plan.Schedule == "" {
		return false
	}
	one, another := b.base, b.base
	one.Seed, another.Seed = 1, 2
	c, err := b.scheduled(one, b.plan.Schedule)
	d, problem := b.scheduled(another, b.plan.Schedule)
	return err == nil && problem == nil && c.Plan.Seed == d.Plan.Seed
}

// repeated is the case of a run folder, with its sizes and times.
func (b *bench) repeated(folder string, custom *harness.Custom) (shrink.Case, error) {
	stored, err := harness.LoadSetup(folder)
	if err != nil {
		return shrink.Case{}, err
	}
	plan := stored.Plan
	if plan.System != b.base.System || plan.Workload != b.base.Workload {
		return shrink.Case{}, fmt.Errorf("%s is a run of %s under %s, not of %s under %s", folder, plan.System, plan.Workload,
			b.base.System, b.base.Workload)
	}
	plan.Version, plan.Custom, plan.Faults = b.base.Version, custom, harness.FileFaults
	return shrink.Case{Plan: plan, Schedule: stored.Schedule}, nil
}

// count is how many seeds there are.
func (b *bench) count(short bool) uint64 {
	seeds := cmp.Or(b.plan.Seeds, usualSeeds)
	if short {
		seeds = (seeds + 3) / 4
	}
	return uint64(seeds)
}

// version is that of the module that this package is of.
func version() string {
	const own = "cleave"
	if info, known := debug.ReadBuildInfo(); known {
		for _, module := range append(info.Deps, &info.Main) {
			if module.Path == own {
				return cmp.Or(module.Version, "(devel)")
			}
		}
	}
	return "(devel)"
}

// packagePath is the package under test, as go test takes it.
func packagePath() string {
	info, known := debug.ReadBuildInfo()
	if !known || info.Path == "" {
		return "."
	}
	return strings.TrimSuffix(info.Path, ".test")
}
