package harness

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"cleave/history"
	"cleave/internal/byhand"
	"cleave/nemesis"
	"cleave/workloads"
	"cleave/world"
)

// Schedule is a test case as data: everything that a run depends on besides the binary and the sizes
// and times of its plan. It is schedule.json in a run folder.
type Schedule struct {
	Seed       uint64              `json:"seed"` // of the world: latencies, losses, elections
	Faults     []nemesis.Fault     `json:"faults"`
	Operations []workloads.Planned `json:"operations"`
}

// Generate makes the schedule of a plan for a system, of faults that its world can do.
func (w Wiring) Generate(plan Plan, system world.System) (Schedule, error) {
	able := func(kind nemesis.Kind) bool {
		return doable(kind, system) && w.able(plan, system, []nemesis.Kind{kind}) == nil
	}
	workload, err := workloads.Find(plan.Workload)
	if err != nil {
		return Schedule{}, err
	}
	schedule := Schedule{Seed: plan.Seed, Operations: workload.Plan(shapeOf(plan, system))}
	if plan.Interval > 0 {
		schedule.Faults = nemesis.InTurn(plan.faultNames(), plan.Seed, plan.Nodes, plan.Window(), time.Duration(plan.Interval), able)
		if len(schedule.Faults) == 0 {
			return schedule, fmt.Errorf("no fault of %s can be done to %s with %s, every %s, in the %s that faults have", plan.Faults,
				system.Name, countedNodes(plan.Nodes), time.Duration(plan.Interval), plan.Window().End-plan.Window().Start)
		}
		return schedule, nil
	}
	if suite, found := nemesis.FindSuite(plan.Faults); found {
		schedule.Faults = suite.Faults(plan.Seed, plan.Nodes, plan.Window(), able)
		if len(schedule.Faults) == 0 {
			return schedule, fmt.Errorf("no fault of the suite %s can be done to %s with %s", suite.Name, system.Name, countedNodes(plan.Nodes))
		}
		return schedule, nil
	}
	switch plan.Faults {
	case RandomFaults:
		schedule.Faults = nemesis.Random(plan.Seed, plan.Nodes, plan.Window())
	case FileFaults:
	default:
		kind, err := nemesis.Find(plan.Faults)
		if err != nil {
			return Schedule{}, err
		}
		schedule.Faults = nemesis.One(kind, plan.Seed, plan.Window())
	}
	return schedule, nil
}

// generates tells whether a schedule is what its plan's seed makes, so that the plan alone says what was run. One from a
// file, one that was shrunk or one that somebody edited is not.
func (w Wiring) generates(plan Plan, system world.System, schedule Schedule) bool {
	if plan.Faults == FileFaults {
		return false
	}
	made, err := w.Generate(plan, system)
	if err != nil {
		return false
	}
	ours, err := made.text()
	theirs, problem := schedule.text()
	return err == nil && problem == nil && bytes.Equal(ours, theirs)
}

// doable tells whether a kind does anything to a system.
func doable(kind nemesis.Kind, system world.System) bool {
	return (!system.Diskless || !slices.ContainsFunc(kind.Needs(), nemesis.Ability.OfDisks)) &&
		(system.Enlists || !slices.ContainsFunc(kind.Needs(), nemesis.Ability.OfMembers))
}

func shapeOf(plan Plan, system world.System) workloads.Shape {
	return workloads.Shape{
		Seed: plan.Seed, Guarantee: workloads.Guarantee(system.Guarantee), Clients: placements(plan),
		Faults: time.Duration(plan.Warmup), Quiet: time.Duration(plan.Duration - plan.Quiet), End: time.Duration(plan.Duration),
		Settle: settle(plan), Every: time.Duration(plan.Every), Alike: plan.Alike,
		Keys: plan.Keys, TxnLength: plan.TxnLength, WritesPerKey: plan.WritesPerKey,
	}
}

// settle is how much of the quiet phase is for recovery; final reads take the rest.
func settle(plan Plan) time.Duration { return time.Duration(plan.Quiet) * 4 / 5 }

// placements puts the clients beside the nodes in turn.
func placements(plan Plan) []history.Placement {
	places := make([]history.Placement, plan.Clients)
	for i := range places {
		places[i] = history.Placement{Client: fmt.Sprintf("c%d", i+1), Host: fmt.Sprintf("n%d", i%plan.Nodes+1)}
	}
	return places
}

func nodes(plan Plan) []string {
	names := make([]string, plan.Nodes)
	for i := range names {
		names[i] = fmt.Sprintf("n%d", i+1)
	}
	return names
}

// Validate tells what is wrong with a schedule for a plan.
func (s Schedule) Validate(plan Plan) error {
	for _, fault := range s.Faults {
		if err := fits(fault, plan); err != nil {
			return err
		}
	}
	if len(s.Operations) == 0 {
		return errors.New("it has no operations: a run in which nobody asks anything shows nothing")
	}
	return workloads.Validate(s.Operations, placements(plan))
}

// fits tells why a fault cannot be among a plan's nodes, or in its time for faults.
func fits(fault nemesis.Fault, plan Plan) error {
	if err := nemesis.Validate([]nemesis.Fault{fault}, plan.Nodes); err != nil {
		return err
	}
	window, start := plan.Window(), time.Duration(fault.Start)
	if start < window.Start || start >= window.End {
		return fmt.Errorf("the fault at %s: %s cannot start then: faults are between the warm-up's end at %s and the quiet phase at %s",
			start, fault.Kind, window.Start, window.End)
	}
	if lasts, left := time.Duration(fault.Duration), window.End-start; lasts > left {
		return fmt.Errorf("the fault at %s: %s lasts %s, into the quiet phase at %s; its duration can be %s at most",
			start, fault.Kind, lasts, window.End, left)
	}
	return nil
}

// LoadSchedule reads a schedule file to be run, as ReadSchedule does, and refuses faults that the plan has no nodes or no
// time for, and what the clients of its workload cannot be asked.
func LoadSchedule(path string, plan Plan, system world.System) (Schedule, error) {
	d, err := loadDraft(path)
	if err != nil {
		return Schedule{}, err
	}
	for _, wrong := range []error{d.fit(plan), d.ask(plan)} {
		if wrong != nil {
			return Schedule{}, inFile(path, wrong)
		}
	}
	return d.filledIn(plan, system)
}

// ReadSchedule reads a schedule file, strictly, and fills in from the plan what it leaves out. In JSON it is a
// file as a run folder has it, which may leave out the operations; in YAML, one for people (see SchemaOfSchedules).
func ReadSchedule(path string, plan Plan, system world.System) (Schedule, error) {
	d, err := loadDraft(path)
	if err != nil {
		return Schedule{}, err
	}
	return d.filledIn(plan, system)
}

// inFile says in which file an error is: before the place, if it has one.
func inFile(path string, err error) error {
	if errors.As(err, &byhand.Misplaced{}) {
		return fmt.Errorf("%s:%w", path, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// filledIn is the schedule with what it leaves out.
func (d *draft) filledIn(plan Plan, system world.System) (Schedule, error) {
	var operations []workloads.Planned
	if !d.planned {
		workload, err := workloads.Find(plan.Workload)
		if err != nil {
			return Schedule{}, err
		}
		if !d.seeded {
			d.Seed = plan.Seed
		}
		made := plan
		made.Seed, d.seeded = d.Seed, true
		operations = workload.Plan(shapeOf(made, system))
	}
	return d.complete(plan, operations), nil
}

func loadDraft(path string) (draft, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return draft{}, err
	}
	if isJSON(text) {
		var file struct {
			Seed       *uint64              `json:"seed"`
			Faults     []nemesis.Fault      `json:"faults"`
			Operations *[]workloads.Planned `json:"operations"`
		}
		if err := readStrict(path, &file); err != nil {
			return draft{}, err
		}
		d := draft{Schedule: Schedule{Faults: file.Faults}, seeded: file.Seed != nil, planned: file.Operations != nil}
		if d.seeded {
			d.Seed = *file.Seed
		}
		if d.planned {
			d.Operations = *file.Operations
		} else if len(d.Faults) == 0 {
			return d, fmt.Errorf("%s: it has no operations, and no faults", path)
		}
		return d, nil
	}
	d, err := parseDraft(text)
	if err != nil {
		return d, inFile(path, err)
	}
	return d, nil
}

// isJSON tells whether a file is JSON, which YAML would be too: but JSON says all that is run, and its errors
// are its own.
func isJSON(text []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) }
