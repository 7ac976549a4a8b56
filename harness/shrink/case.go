package shrink

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"cleave/harness"
	"cleave/history"
	"cleave/nemesis"
	"cleave/workloads"
)

// Case is what is made smaller: a schedule, with the plan that says its sizes and times. A Case is never
// changed; what makes it smaller makes another.
type Case struct {
	Plan     harness.Plan
	Schedule harness.Schedule
}

// Items is how many faults and operations it has: what shrinking is measured by.
func (c Case) Items() int { return len(c.Schedule.Faults) + len(c.Schedule.Operations) }

// Size is how large a case is.
type Size struct {
	Faults     int              `json:"faults"`
	Operations int              `json:"operations"`
	Nodes      int              `json:"nodes"`
	Clients    int              `json:"clients"`
	Duration   nemesis.Duration `json:"duration"` // of the run, simulated
}

// Size is the size of the case.
func (c Case) Size() Size {
	return Size{Faults: len(c.Schedule.Faults), Operations: len(c.Schedule.Operations), Nodes: c.Plan.Nodes,
		Clients: c.Plan.Clients, Duration: c.Plan.Duration}
}

// Items are faults and operations together.
func (s Size) Items() int { return s.Faults + s.Operations }

// name is the case in 32 bytes, the same for equal cases alone.
func (c Case) name() [32]byte {
	text, err := json.Marshal(c.Plan)
	if err != nil {
		panic("shrink: a plan that is no JSON: " + err.Error())
	}
	text = fmt.Appendf(text, "%d", c.Schedule.Seed)
	for _, fault := range c.Schedule.Faults {
		text = fmt.Appendf(text, "|%+v", fault)
	}
	for _, o := range c.Schedule.Operations {
		text = strconv.AppendInt(append(text, '|'), int64(o.At), 10)
		text = append(append(append(append(text, ' '), o.Client...), ' '), o.Function...)
		text = append(append(append(append(text, ' '), o.Key...), ' '), o.Value.String()...)
		text = strconv.AppendBool(text, o.Must)
	}
	return sha256.Sum256(text)
}

// with is the case with other faults and operations.
func (c Case) with(faults []nemesis.Fault, operations []workloads.Planned) Case {
	c.Schedule.Faults, c.Schedule.Operations = faults, operations
	return c
}

// pick is the case with only the items at some positions, in order: faults first, then operations.
func (c Case) pick(positions []int) Case {
	var faults []nemesis.Fault
	var operations []workloads.Planned
	for _, at := range positions {
		if at < len(c.Schedule.Faults) {
			faults = append(faults, c.Schedule.Faults[at])
		} else {
			operations = append(operations, c.Schedule.Operations[at-len(c.Schedule.Faults)])
		}
	}
	return c.with(faults, operations)
}

// only is the case with those operations that pass a test.
func (c Case) only(wanted func(workloads.Planned) bool) Case {
	return c.with(c.Schedule.Faults, slices.DeleteFunc(slices.Clone(c.Schedule.Operations),
		func(o workloads.Planned) bool { return !wanted(o) }))
}

// replaced is the case with one fault changed.
func (c Case) replaced(at int, fault nemesis.Fault) Case {
	faults := slices.Clone(c.Schedule.Faults)
	faults[at] = fault
	return c.with(faults, c.Schedule.Operations)
}

// seeded is the case under another network seed.
func (c Case) seeded(seed uint64) Case {
	c.Schedule.Seed = seed
	return c
}

// leastQuiet is the shortest quiet phase that a cut leaves.
const leastQuiet = 100 * time.Millisecond

// without takes a stretch of time out: what is planned within it goes, what comes later comes earlier, and
// faults and phases that span it are shorter by it.
//
//	ops     1  2     3  4         1      4
//	fault     |========|    ->    |==|
//	time    0     [xxxxx]         0  []
func (c Case) without(from, to time.Duration) Case {
	return c.only(func(o workloads.Planned) bool { return o.At.Duration() <= from || o.At.Duration() >= to }).squeezed(from, to, 0)
}

// squeezed has all that is planned in a stretch of time happen in a shorter one.
func (c Case) squeezed(from, to, length time.Duration) Case {
	length = min(length, to-from)
	moved := func(at time.Duration) time.Duration {
		if at <= from || at >= to {
			return min(at, from) + max(at-to, 0) + length*min(max(at-from, 0), 1)
		}
		return from + (at-from)/time.Microsecond*(length/time.Microsecond)/max((to-from)/time.Microsecond, 1)*time.Microsecond
	}
	window := c.Plan.Window()
	end := moved(time.Duration(c.Plan.Duration))
	c.Plan.Warmup = nemesis.Duration(moved(window.Start))
	quiet := max(end-moved(window.End), min(leastQuiet, time.Duration(c.Plan.Quiet)))
	if moved(window.End) == moved(window.Start) {
		quiet = max(quiet-time.Millisecond, time.Nanosecond)
		end = max(end, moved(window.Start)+time.Millisecond+quiet)
	}
	c.Plan.Quiet, c.Plan.Duration = nemesis.Duration(quiet), nemesis.Duration(max(end, moved(window.End)+quiet))
	var faults []nemesis.Fault
	for _, fault := range c.Schedule.Faults {
		start, end := moved(time.Duration(fault.Start)), moved(fault.End())
		if end > start {
			fault.Start, fault.Duration = nemesis.Duration(start), nemesis.Duration(end-start)
			faults = append(faults, fault)
		}
	}
	var operations []workloads.Planned
	for _, o := range c.Schedule.Operations {
		o.At = history.Time(moved(o.At.Duration()))
		operations = append(operations, o)
	}
	return c.with(faults, operations)
}
