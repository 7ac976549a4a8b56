package reports

import (
	"slices"

	"cleave/checker"
	"cleave/history"
)

// Course is what a run was like as time went by, in columns: what a comparison keeps of a history, however long.
type Course struct {
	end, column history.Time // of the run, and of each column
	phases      []history.Time
	bands       []courseBand
	sides       []courseSide
	latency     [2][]float64 // p50 and p99 of ok operations, ms; nothing for none
	oldest      []float64    // the most out-of-date answer, ms, of a run whose staleness was measured; nothing for none
	registry    []portion    // ghosts and misses of a run whose lookups were measured
}

// nothing is the value of a column in which there is none.
const nothing = -1.0

// courseBand is a stretch in which a fault was in force.
type courseBand struct {
	interval
	kind string
}

// courseSide is what was answered on a side, of what was asked there.
type courseSide struct {
	side    string
	ok, all []int
}

// CourseOf sums up a run's history over time; nil if there is none.
func CourseOf(run Run) *Course {
	if run.History == nil || len(run.History.Operations) == 0 {
		return nil
	}
	h := run.History
	windows := windowsOf(h)
	a := newAxis(h, nil)
	c := &Course{end: a.end, column: a.bin(), sides: courseSides(h, a), latency: courseLatency(h, a)}
	for _, phase := range a.phases[min(1, len(a.phases)):] {
		c.phases = append(c.phases, phase.from)
	}
	for _, w := range windows {
		if w.harmless() {
			continue
		}
		for _, on := range w.on[:min(len(w.on), mostBands)] {
			if len(c.bands) < mostBands {
				c.bands = append(c.bands, courseBand{on, name(w.first.Kind)})
			}
		}
	}
	t := truthOf(run)
	if len(t.ages) > 0 {
		c.oldest = slices.Repeat([]float64{nothing}, a.bins())
		for _, read := range t.ages {
			at := a.at(read.Operation.Invoked)
			c.oldest[at] = max(c.oldest[at], float64(read.Age)/1e6)
		}
	}
	if len(t.sightings) > 0 {
		c.registry = registryRows(t.sightings, a)
	}
	return c
}

// courseSides adds up what was answered on each side where a client can stand; functions are not told apart.
func courseSides(h *history.History, a axis) []courseSide {
	var sides []courseSide
	for _, s := range servingsOf(h, a) {
		if s.side == string(checker.Changing) || s.side == "" {
			continue
		}
		at := slices.IndexFunc(sides, func(c courseSide) bool { return c.side == s.side })
		if at < 0 {
			at = len(sides)
			sides = append(sides, courseSide{s.side, make([]int, a.bins()), make([]int, a.bins())})
		}
		for column := range s.all {
			sides[at].ok[column] += s.ok[column]
			sides[at].all[column] += s.all[column]
		}
	}
	return sides
}

// courseLatency is how long clients waited for what was answered.
func courseLatency(h *history.History, a axis) [2][]float64 {
	waits := make([][]float64, a.bins())
	for _, operation := range h.Operations {
		if wait, ended := waited(operation); ended && operation.Outcome == history.Ok {
			at := a.at(operation.Invoked)
			waits[at] = append(waits[at], wait)
		}
	}
	var quantiles [2][]float64
	for i, hundredths := range []int{50, 99} {
		for _, of := range waits {
			slices.Sort(of)
			value := nothing
			if len(of) > 0 {
				value = of[max((len(of)*hundredths+99)/100-1, 0)]
			}
			quantiles[i] = append(quantiles[i], value)
		}
	}
	return quantiles
}

// minority tells whether any client stood on a minority side.
func (c *Course) minority() bool {
	return slices.ContainsFunc(c.sides, func(s courseSide) bool { return s.side == string(checker.Minority) })
}
