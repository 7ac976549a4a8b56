package shrink

import (
	"slices"
	"time"

	"cleave/history"
	"cleave/nemesis"
	"cleave/workloads"
)

// mostStaged is how many operations are staged at most.
const mostStaged = 6

// mostStagings is how often a violation is told anew at most: each time may cost some hundred short runs.
const mostStagings = 3

// mostKinds is how many simpler kinds of fault are tried on the stage.
const mostKinds = 4

// restage tells the violation anew: the operations of the witness, with one fault of a simple kind, on three
// nodes, in a few seconds. Taking away alone gets stuck where a violation hangs on who led when: a fault
// that came back ten times cannot lose nine of them when the tenth hit another leader. So the stage is
// set from the start, and where the operations stand to the fault is tried out.
//
//	before          a fault, as it last was in force          after
//	write                 [=====write===read=====]             read
func (s *search) restage() {
	if s.stagings == mostStagings || len(s.witness.operations) == 0 || len(s.witness.operations) > mostStaged || s.staged() {
		return
	}
	fault, on, off, found := s.best.inForce(s.witness.end.Duration())
	if !found || s.stagings > 0 && s.best.Items() > mostGaps { // if once was not enough, some of it is taken away first
		return
	}
	s.stagings++
	const turns = 3
	known := simpler[fault.Kind]
	kinds := append(slices.Clone(known[:min(len(known), mostKinds)]), fault.Kind)
	nodes := min(s.best.Plan.Nodes, turns)
	each := len(stageTimes) * nodes
	from := s.best
	for _, operations := range s.scripts() {
		scene := scene{from: from, operations: operations, on: on, off: off, fault: fault}
		if s.better(len(kinds)*each, func(i int) Case {
			return scene.play(kinds[i/each], stageTimes[i%each/nodes]*time.Millisecond, nodes).placed(i % nodes)
		}, 1) >= 0 {
			return
		}
	}
}

// scripts are the operations that may be staged: the last change and the last look, and all of the witness;
// changes without conditions, which are simpler, if that makes no more than two.
func (s *search) scripts() [][]workloads.Planned {
	var all, plain, last []workloads.Planned
	for _, at := range slices.Sorted(slices.Values(s.witness.operations)) {
		o := s.best.Schedule.Operations[at]
		o.Must = true
		all = append(all, o)
		if change, _ := o.Value.AsList(); o.Function == history.CAS && len(change) == 2 {
			o.Function, o.Value = history.Write, change[1]
		}
		plain = append(plain, o)
	}
	if len(plain) > 2 {
		last = plain[len(plain)-2:]
		return [][]workloads.Planned{last, plain}
	}
	return [][]workloads.Planned{plain, all}
}

// staged tells whether a case is as simple as a staged one already.
func (s *search) staged() bool {
	p := s.best.Plan
	faults := s.best.Schedule.Faults
	return s.best.Items() <= 3 && p.Nodes <= 3 && p.Clients <= 5 && time.Duration(p.Duration) <= 8*time.Second && (len(faults) == 0 || faults[0].Period == 0)
}

// stageTimes are how many milliseconds after the fault's start its operations are, and how long it lasts if
// there are none.
var stageTimes = []time.Duration{100, 300, 500, 750, 900, 1000, 1100, 1200, 1300, 1400, 1500, 1600, 1800, 2000, 2500, 3000, 5000}

// inForce is the fault that last went on before an instant, and when it did and went off.
func (c Case) inForce(at time.Duration) (fault nemesis.Fault, on, off time.Duration, found bool) {
	for _, f := range c.Schedule.Faults {
		start, end := time.Duration(f.Start), f.End()
		if start >= at || f.Kind == nemesis.None {
			continue
		}
		if period := time.Duration(f.Period); period > 0 {
			start += (min(at, end) - start) / (2 * period) * 2 * period
			end = min(end, start+period)
		}
		if !found || start >= on {
			fault, on, off, found = f, start, end, true
		}
	}
	return fault, on, off, found
}

// scene is what is staged.
type scene struct {
	from       Case
	operations []workloads.Planned // in order of time
	fault      nemesis.Fault
	on, off    time.Duration
}

const (
	stageStart = 3 * time.Second        // of the fault: by then there is a leader
	stagePause = 200 * time.Millisecond // at most, between two operations
	stageAfter = 1500 * time.Millisecond
)

// play sets the stage with a kind of fault and a distance of the operations from its start.
func (p *scene) play(kind string, distance time.Duration, nodes int) Case {
	c := p.from
	var operations []workloads.Planned
	var last, before time.Duration // where the last operation was put, and was
	end := stageStart + distance
	stages := [3]time.Duration{stageStart - stageAfter, stageStart + distance, 0}
	entered := [3]bool{}
	for _, o := range p.operations {
		was := o.At.Duration()
		part := p.part(was)
		place := last + min(was-before, stagePause)
		if !entered[part] {
			entered[part] = true
			place = max(stages[part], last)
			if part == 2 {
				place = max(end, last) + stageAfter
			}
		}
		if part == 1 {
			end = max(end, place+stageAfter)
		}
		o.At, last, before = history.Time(place), place, was
		operations = append(operations, o)
	}
	fault := nemesis.Fault{Kind: kind, Start: asDuration(stageStart), Duration: asDuration(end - stageStart), Draw: p.fault.Draw}
	if known, err := nemesis.Find(kind); err == nil {
		fault.Offset = asDuration(known.Offset)
	}
	c.Plan.Nodes = nodes
	c.Plan.Warmup, c.Plan.Quiet = asDuration(stageStart), asDuration(stageAfter)
	c.Plan.Duration = asDuration(max(end, last) + stageAfter)
	return c.with([]nemesis.Fault{fault}, operations)
}

// part is where an instant stands: before the fault, while it is in force, after it.
func (p *scene) part(at time.Duration) int {
	switch {
	case at < p.on:
		return 0
	case at < p.off:
		return 1
	}
	return 2
}
