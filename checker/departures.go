package checker

import (
	"slices"

	"cleave/history"
)

// Departures measures for how long those who left are still listed: who died without a word, and who took leave.
//
//	c1 |--register a--|        die |--|
//	c2    |--lookup = [a]--|      |--lookup = [a]--|      |--lookup = [a]--|      |--lookup = []--|
//	                                  |------ listed after death -----|
//
// Measured, over all instances that surely ended and were not registered again:
//   - "died", "cancelled": how many.
//   - "listed after death min", "... p50", "... max": from the end of an instance that died to the invocation of
//     the last lookup of a server that listed it; 0 if none did.
//   - "listed after cancel max": the same of those that took leave and were told that it had happened.
//   - "dead kept": how many of the dead the very last lookup still lists.
//
// It judges nothing: Valid means that something was measured.
type Departures struct {
	Service string // the key of the lookups; "" for all
}

// Name is "departures".
func (Departures) Name() string { return "departures" }

// Check measures.
func (d Departures) Check(h *history.History, budget Budget) Result {
	lookups, known := budget.Facts.inquiries(h, d.Service, history.Lookup), budget.Facts.registryOf(h)
	if len(lookups) == 0 {
		return Result{Verdict: Unknown, Reason: "no ok lookup to measure"}
	}
	var died, cancelled []history.Time
	kept := 0
	for number := range known.instances {
		its := known.lives[number]
		last := its[len(its)-1]
		if last.end == nil || last.end.Outcome != history.Ok || last.ok == history.Forever {
			continue
		}
		listed := lastListed(lookups, number, last.left)
		if last.end.Function == history.Die {
			died = append(died, listed)
			if lookups[len(lookups)-1].shows(number) {
				kept++
			}
		} else {
			cancelled = append(cancelled, listed)
		}
	}
	slices.Sort(died)
	slices.Sort(cancelled)
	c := cell{function: history.Lookup}
	measures := []Measure{c.measure("died", float64(len(died)), Count), c.measure("cancelled", float64(len(cancelled)), Count)}
	if len(died) > 0 {
		measures = append(measures, c.measure("listed after death min", milliseconds(died[0]), Milliseconds),
			c.measure("listed after death p50", milliseconds(quantile(died, 50)), Milliseconds),
			c.measure("listed after death max", milliseconds(died[len(died)-1]), Milliseconds),
			c.measure("dead kept", float64(kept), Count))
	}
	if len(cancelled) > 0 {
		measures = append(measures, c.measure("listed after cancel max", milliseconds(cancelled[len(cancelled)-1]), Milliseconds))
	}
	return Result{Verdict: Valid, Reason: "measured on " + counted(len(died)+len(cancelled), "departure"), Measures: measures}
}

// lastListed is how long after it left an instance was last listed by a lookup asked later.
func lastListed(lookups []inquiry, number int, left history.Time) (longest history.Time) {
	for i := range lookups {
		if asked := lookups[i].Invoked; asked > left && lookups[i].shows(number) {
			longest = max(longest, asked-left)
		}
	}
	return longest
}
