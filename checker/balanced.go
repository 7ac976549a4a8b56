package checker

import (
	"fmt"
	"slices"

	"cleave/history"
)

// Balanced judges whether what is divided among the clients is so soon after the heal: at some instant, Within of the
// start of the quiet phase, everything named is held, and nobody holds more than one thing more than another of those who
// take part from the start of the quiet phase to the end, by the notes "holds" and "yields".
//
//	quiet                        Within
//	  |---- c1 3, c2 3, c3 0 ----|-- c1 2, c2 2, c3 2 --     invalid: c3 had no share in time
//
// Measured: "balanced after", from the start of the quiet phase; "orphaned", the time that things were without a holder
// after their first one, all together, and "orphaned after", the part of it in the quiet phase.
type Balanced struct {
	Names  []string
	Within history.Time
}

// Name is "balanced".
func (Balanced) Name() string { return "balanced" }

// Check judges. It is Unknown if the quiet phase is shorter than Within, or nobody takes part throughout.
func (b Balanced) Check(h *history.History, _ Budget) Result {
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	if !isQuiet || quiet+b.Within > h.End() {
		return Result{Verdict: Unknown, Reason: fmt.Sprintf("the run did not go on for %s after it was quiet", brief(b.Within.Duration()))}
	}
	members := throughout(attendance(h, b.Names[0]), quiet, h.End())
	if len(members) == 0 {
		return Result{Verdict: Unknown, Reason: "nobody took part from the heal to the end"}
	}
	_, of := tenures(h)
	at := b.balancedFrom(h, of, members, quiet)
	var orphaned, after history.Time
	for _, name := range b.Names {
		if list := of[name]; len(list) > 0 {
			orphaned += total(gaps(list, list[0].from, h.End()))
			after += total(gaps(list, max(quiet, list[0].from), h.End()))
		}
	}
	measures := []Measure{cell{}.measure("orphaned", milliseconds(orphaned), Milliseconds),
		cell{}.measure("orphaned after", milliseconds(after), Milliseconds)}
	if at > quiet+b.Within {
		text := fmt.Sprintf("%s after the heal the %s were not yet divided among the %s", brief(b.Within.Duration()),
			counted(len(b.Names), "thing"), counted(len(members), "client"))
		return Result{Verdict: Invalid, Reason: text, Measures: measures,
			Witness: &Witness{Operations: []history.Operation{}, Explanation: append([]string{text}, b.divided(members, of, quiet+b.Within)...)}}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("everybody had a share %s after the heal", brief((at - quiet).Duration())),
		Measures: append(measures, cell{}.measure("balanced after", milliseconds(at-quiet), Milliseconds))}
}

// balancedFrom is the first instant from another on at which all is divided, Forever if there is none. Only where a
// tenure begins or ends does that change.
func (b Balanced) balancedFrom(h *history.History, of map[string][]tenure, members []string, from history.Time) history.Time {
	instants := []history.Time{from}
	for _, name := range b.Names {
		for _, t := range of[name] {
			for _, at := range []history.Time{t.from, t.until} {
				if at > from && at <= h.End() {
					instants = append(instants, at)
				}
			}
		}
	}
	slices.Sort(instants)
	for _, at := range slices.Compact(instants) {
		shares, all := b.sharesAt(of, at)
		least, most := len(b.Names), 0
		for _, client := range members {
			least, most = min(least, shares[client]), max(most, shares[client])
		}
		if all && most-least <= 1 {
			return at
		}
	}
	return history.Forever
}

// sharesAt counts what each client holds at an instant, and tells whether all is held.
func (b Balanced) sharesAt(of map[string][]tenure, at history.Time) (shares map[string]int, all bool) {
	shares, all = map[string]int{}, true
	for _, name := range b.Names {
		held := slices.IndexFunc(of[name], func(t tenure) bool { return t.from <= at && at < t.until })
		if all = all && held >= 0; held >= 0 {
			shares[of[name][held].client]++
		}
	}
	return shares, all
}

// divided tells who holds how much at an instant.
func (b Balanced) divided(members []string, of map[string][]tenure, at history.Time) (sentences []string) {
	shares, _ := b.sharesAt(of, at)
	for _, client := range members {
		sentences = append(sentences, fmt.Sprintf("%s held %d of %d at %s", client, shares[client], len(b.Names), second(at)))
	}
	return sentences
}

// total adds lengths of time up.
func total(lengths []history.Time) (sum history.Time) {
	for _, length := range lengths {
		sum += length
	}
	return sum
}
