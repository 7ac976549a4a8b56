package shrink

import (
	"slices"
	"time"

	"cleave/history"
	"cleave/workloads"
)

// pass is a way to make a case smaller.
type pass struct {
	name string
	do   func(*search)
}

// once are the passes that make a large case small quickly; until are repeated until none finds anything,
// and rarely tries other network seeds too. Cases are cheap only when they are short and have few
// operations, so time and operations go first.
var (
	once = []pass{
		{"cut off what comes after the violation", (*search).truncate},
		{"tell it anew", (*search).restage},
		{"only the operations of the witness", (*search).guess},
		{"a shorter log", (*search).shorterLog},
		{"fewer clients", (*search).fewerBusy},
		{"tell it anew", (*search).restage},
		{"fewer faults", func(s *search) { s.fewerFaults(0) }},
		{"fewer operations, roughly", (*search).fewerRoughly},
		{"tell it anew", (*search).restage},
		{"faster", (*search).faster},
		{"simpler faults", (*search).simplerFaults},
		{"fewer nodes", (*search).fewerNodes},
		{"fewer operations, roughly", (*search).fewerRoughly},
		{"fewer operations", (*search).fewerOperations},
		{"less time between", func(s *search) { s.closeGaps(0) }},
	}
	until = []pass{
		{"cut off what comes after the violation", (*search).truncate},
		{"faults and operations together", func(s *search) { s.fewerItems(0) }},
		{"other seeds", func(s *search) { s.fewerItems(s.options.Seeds) }},
		{"tell it anew", (*search).restage},
		{"simpler faults", (*search).simplerFaults},
		{"fewer nodes", (*search).fewerNodes},
		{"fewer clients", (*search).fewerClients},
		{"less time between", func(s *search) { s.closeGaps(min(s.options.Seeds, 1)) }},
		{"a shorter log", func(s *search) { s.withShorterLog() }},
		{"less noise", (*search).lessNoise},
		{"rounder times", (*search).rounderTimes},
		{"smaller numbers", (*search).smallerNumbers},
	}
)

// mostRounds bounds how often the passes are repeated.
const mostRounds = 6

func (s *search) passes() []Pass {
	var done []Pass
	run := func(p pass) (changed bool) {
		began := time.Now()
		if !s.goesOn() {
			return false
		}
		before, runs, name := s.best.Size(), s.runs, s.best.name()
		s.pass = p.name
		p.do(s)
		if s.runs > runs {
			done = append(done, Pass{Name: p.name, Runs: s.runs - runs, Before: before, After: s.best.Size(), wall: time.Since(began)})
		}
		return s.best.name() != name
	}
	for _, p := range once {
		run(p)
	}
	for changed, round := true, 0; changed && round < mostRounds; round++ {
		changed = false
		for _, p := range until {
			changed = run(p) || changed
		}
	}
	return done
}

// truncate drops what is planned after the violation, and ends the run soon after it. A promise of the
// quiet phase keeps as much of that as it needs: the run no longer shows it otherwise.
func (s *search) truncate() {
	end := s.witness.end
	if end == 0 {
		s.endEarlier()
		return
	}
	s.one(s.best.only(func(o workloads.Planned) bool { return o.At <= end }), 0)
	all := time.Duration(s.best.Plan.Duration)
	for _, slack := range []time.Duration{time.Millisecond, 500 * time.Millisecond, 2 * time.Second} {
		if after := end.Duration() + slack; after < all && s.one(s.best.without(after, all), 0) {
			return
		}
	}
}

// endEarlier looks for the earliest end of a run in which no operation tells when it was broken, such as one
// in which a node panicked.
func (s *search) endEarlier() {
	for least, most := time.Duration(0), time.Duration(s.best.Plan.Duration); most-least > 10*time.Millisecond && s.goesOn(); {
		middle := (least + most) / 2
		if s.one(s.best.without(middle, time.Duration(s.best.Plan.Duration)), 0) {
			most = min(middle, time.Duration(s.best.Plan.Duration))
		} else {
			least = middle
		}
	}
}

// guess tries the operations of the witness alone, then with more and more of what was around them.
func (s *search) guess() {
	witness := s.witness
	if len(witness.operations) == 0 {
		return
	}
	wanted, clients := map[int]bool{}, map[string]bool{}
	for _, at := range witness.operations {
		wanted[at] = true
		clients[s.best.Schedule.Operations[at].Client] = true
	}
	from := s.best
	keep := func(keep func(at int, o workloads.Planned) bool) Case {
		var operations []workloads.Planned
		for at, o := range from.Schedule.Operations {
			if wanted[at] || keep(at, o) {
				operations = append(operations, o)
			}
		}
		return from.with(from.Schedule.Faults, operations)
	}
	onKey := func(o workloads.Planned) bool { return slices.Contains(witness.keys, o.Key) }
	recent := func(d time.Duration) func(int, workloads.Planned) bool {
		return func(_ int, o workloads.Planned) bool { return o.At >= witness.end-history.Time(d) }
	}
	cases := []Case{
		keep(func(int, workloads.Planned) bool { return false }),
		keep(recent(500 * time.Millisecond)),
		keep(recent(2 * time.Second)),
		keep(func(_ int, o workloads.Planned) bool { return onKey(o) && clients[o.Client] }),
		keep(func(_ int, o workloads.Planned) bool { return onKey(o) && o.Function.Mutates() }),
		keep(func(_ int, o workloads.Planned) bool { return onKey(o) }),
		keep(recent(10 * time.Second)),
		keep(func(_ int, o workloads.Planned) bool { return clients[o.Client] }),
		keep(func(_ int, o workloads.Planned) bool { return o.Function.Mutates() }),
	}
	if s.better(len(cases), func(i int) Case { return cases[i] }, 0) < 0 {
		s.better(2, func(i int) Case { return cases[i] }, guessSeeds)
	}
}

// guessSeeds is under how many other network seeds a guess is tried: it is short, and when something happens
// in it is another matter than before.
const guessSeeds = 30

func (s *search) fewerFaults(seeds int) {
	from := s.best
	minimise(len(from.Schedule.Faults), 1, func(count int, candidate func(int) []int) int {
		return s.better(count, func(i int) Case {
			best := s.best
			return best.with(from.pick(candidate(i)).Schedule.Faults, best.Schedule.Operations)
		}, seeds)
	})
}

// fewerBusy takes away all that some clients do, many at a time, and then the clients that do nothing: while
// a case is large, that is the quickest way to make its runs short.
func (s *search) fewerBusy() {
	from, active := s.best, s.best.active()
	minimise(len(active), 1, func(count int, candidate func(int) []int) int {
		return s.better(count, func(i int) Case {
			stay := map[string]bool{}
			for _, at := range candidate(i) {
				stay[active[at]] = true
			}
			return from.only(func(o workloads.Planned) bool { return stay[o.Client] })
		}, 0)
	})
	s.better(2, func(i int) Case {
		if i == 0 {
			return s.best.besideTheSame()
		}
		c := s.best
		c.Plan.Clients = max(number(s.best.active()[len(s.best.active())-1]), 2)
		return c
	}, 0)
}

func (s *search) fewerOperations() { s.fewerInStretchesOf(1) }

// fewerRoughly takes away long stretches of operations alone. Where the number of operations is what counts,
// as with snapshots, hardly any single one can be taken: that is better tried when runs are short.
func (s *search) fewerRoughly() { s.fewerInStretchesOf(max(1, len(s.best.Schedule.Operations)/32)) }

func (s *search) fewerInStretchesOf(least int) {
	from, faults := s.best, len(s.best.Schedule.Faults)
	minimise(len(from.Schedule.Operations), least, func(count int, candidate func(int) []int) int {
		return s.better(count, func(i int) Case {
			positions := slices.Clone(candidate(i))
			for at := range positions {
				positions[at] += faults
			}
			return s.best.with(from.Schedule.Faults, from.pick(positions).Schedule.Operations)
		}, 0)
	})
}

// fewerItems makes the case minimal: without any single item it no longer shows the violation.
func (s *search) fewerItems(seeds int) {
	from := s.best
	minimise(from.Items(), 1, func(count int, candidate func(int) []int) int {
		return s.better(count, func(i int) Case {
			picked := from.pick(candidate(i))
			return s.best.with(picked.Schedule.Faults, picked.Schedule.Operations)
		}, seeds)
	})
}

// mostGaps is how many stretches without an event are tried to be closed one by one.
const mostGaps = 40

// closeGaps takes out time in which nothing is planned: whole gaps, or all but a little of them, the last first.
func (s *search) closeGaps(seeds int) {
	gaps := s.best.gaps()
	if len(gaps) > mostGaps {
		slices.SortFunc(gaps, func(a, b gap) int { return int((b.to - b.from) - (a.to - a.from)) })
		gaps = gaps[:mostGaps]
		slices.SortFunc(gaps, func(a, b gap) int { return int(a.from - b.from) })
	}
	for i := len(gaps) - 1; i >= 0; i-- {
		g := gaps[i]
		leave := []time.Duration{0, 10 * time.Millisecond, 100 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second}
		leave = slices.DeleteFunc(leave, func(left time.Duration) bool { return left >= g.to-g.from })
		if g.to-g.from > time.Second {
			leave = append(leave, (g.to-g.from)*3/4)
		}
		s.better(len(leave), func(i int) Case { return s.best.without(g.from+leave[i], g.to) }, seeds)
	}
}

// faster has all that is planned in a stretch between the starts and ends of faults happen in less time.
func (s *search) faster() {
	for at := len(s.best.acts()) - 2; at >= 0; at-- {
		acts := s.best.acts()
		if at+1 >= len(acts) || acts[at+1]-acts[at] < 100*time.Millisecond {
			continue
		}
		from, to := acts[at], acts[at+1]
		parts := []time.Duration{16, 8, 4, 2}
		s.better(len(parts), func(i int) Case { return s.best.squeezed(from, to, (to-from)/parts[i]) }, 0)
	}
}

// acts are the times at which faults begin and end and phases change.
func (c Case) acts() []time.Duration {
	window := c.Plan.Window()
	acts := []time.Duration{0, window.Start, window.End, time.Duration(c.Plan.Duration)}
	for _, fault := range c.Schedule.Faults[:min(len(c.Schedule.Faults), mostGaps)] {
		acts = append(acts, time.Duration(fault.Start), fault.End())
	}
	slices.Sort(acts)
	return slices.Compact(acts)
}

// gap is a stretch of time in which nothing is planned.
type gap struct{ from, to time.Duration }

func (c Case) gaps() []gap {
	window := c.Plan.Window()
	stops := []time.Duration{0, window.Start, window.End, time.Duration(c.Plan.Duration)}
	for _, fault := range c.Schedule.Faults {
		stops = append(stops, time.Duration(fault.Start), fault.End())
	}
	for _, o := range c.Schedule.Operations {
		stops = append(stops, o.At.Duration())
	}
	slices.Sort(stops)
	var gaps []gap
	for i := 1; i < len(stops); i++ {
		if stops[i]-stops[i-1] > 2*time.Millisecond {
			gaps = append(gaps, gap{stops[i-1], stops[i]})
		}
	}
	return gaps
}

// lessNoise sets loss and jitter of the network to zero, and its latency and the clients' pace to the usual, and the
// interval of snapshots.
func (s *search) lessNoise() {
	usual := usualPlan
	for _, quieter := range []func(*Case){
		func(c *Case) { c.Plan.Loss = 0 },
		func(c *Case) { c.Plan.Jitter = 0 },
		func(c *Case) { c.Plan.Jitter = min(c.Plan.Jitter, usual.Jitter) },
		func(c *Case) { c.Plan.Latency = min(c.Plan.Latency, usual.Latency) },
		func(c *Case) { c.Plan.Every = usual.Every },
		func(c *Case) { c.Plan.SnapshotEvery = 0 },
	} {
		c := s.best
		quieter(&c)
		s.one(c, s.options.Seeds)
	}
}

// rounderTimes moves starts, ends and operations to whole steps: all at once, then one by one.
func (s *search) rounderTimes() {
	steps := []time.Duration{5 * time.Second, time.Second, 500 * time.Millisecond, 100 * time.Millisecond, 10 * time.Millisecond, time.Millisecond}
	s.better(len(steps), func(i int) Case { return s.best.rounded(steps[i], func(int) bool { return true }) }, 0)
	if s.best.Items() > mostGaps {
		return
	}
	for at := range s.best.Items() {
		s.better(len(steps), func(i int) Case { return s.best.rounded(steps[i], func(item int) bool { return item == at }) }, 0)
	}
}

// rounded moves the times of some items to the nearest step, and those of faults into the window.
func (c Case) rounded(step time.Duration, which func(item int) bool) Case {
	window := c.Plan.Window()
	faults, operations := slices.Clone(c.Schedule.Faults), slices.Clone(c.Schedule.Operations)
	for i := range faults {
		if which(i) {
			start := min(max(time.Duration(faults[i].Start).Round(step), window.Start), window.End)
			end := min(max(faults[i].End().Round(step), start+min(step, window.End-start)), window.End)
			if end > start {
				faults[i].Start, faults[i].Duration = asDuration(start), asDuration(end-start)
			}
		}
	}
	for i := range operations {
		if which(len(faults) + i) {
			operations[i].At = history.Time(min(operations[i].At.Duration().Round(step), time.Duration(c.Plan.Duration)))
		}
	}
	slices.SortStableFunc(operations, func(a, b workloads.Planned) int { return int(a.At - b.At) })
	return c.with(faults, operations)
}
