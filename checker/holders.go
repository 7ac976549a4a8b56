package checker

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cleave/history"
)

// tenure is a time in which a client believed that it held something, by its notes "holds" and "yields". The last may
// last to the end of the run, or of the client.
type tenure struct {
	client      string
	shared      bool
	from, until history.Time
}

// tenures lists who believed to hold what, in order of time, by what was held, in order of name.
func tenures(h *history.History) (names []string, of map[string][]tenure) {
	of = map[string][]tenure{}
	open := map[[2]string]int{} // by client and name: where in the list, and one
	for _, event := range h.Notes() {
		name, how, _ := strings.Cut(event.Note.Detail, " ")
		key := [2]string{event.Note.Node, name}
		switch event.Note.Kind {
		case "holds":
			if open[key] == 0 {
				of[name] = append(of[name], tenure{event.Note.Node, how == "shared", event.Time, history.Forever})
				open[key] = len(of[name])
			}
		case "yields":
			if at := open[key]; at > 0 {
				of[name][at-1].until = event.Time
				delete(open, key)
			}
		}
	}
	for name := range of {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, of
}

// OneHolder judges whether never two clients at a time believe that they hold one thing, unless both share it: who
// leads, who has the lock, who works on a part. What they believe they note: "holds" and "yields". Ends that touch do
// not overlap.
//
//	c1 |====holds election====|
//	c2                  |====holds election====|     invalid: they overlap
//
// Measured: "tenures", how many there were; "overlaps", how many began in another's time, "overlap", the longest such
// time; "vacancy", the longest time between the first tenure and the end of the run in which nobody held it.
type OneHolder struct{}

// Name is "one-holder".
func (OneHolder) Name() string { return "one-holder" }

// Check judges. It is Unknown if nobody ever held anything.
func (OneHolder) Check(h *history.History, _ Budget) Result {
	names, of := tenures(h)
	if len(names) == 0 {
		return Result{Verdict: Unknown, Reason: "nobody ever said that it held anything"}
	}
	result := Result{Verdict: Valid}
	total, overlaps, longest, vacancy := 0, 0, history.Time(0), history.Time(0)
	for _, name := range names {
		total += len(of[name])
		count, worst, pair := overlapsIn(of[name], h.End())
		if overlaps += count; worst > longest || result.Witness == nil && pair != nil {
			longest = worst
			result.Verdict, result.Witness = Invalid, overlapping(name, pair)
		}
		for _, gap := range gaps(of[name], of[name][0].from, h.End()) {
			vacancy = max(vacancy, gap)
		}
	}
	result.Reason = fmt.Sprintf("%s of %s, none in another's time", counted(total, "tenure"), counted(len(names), "thing"))
	if result.Verdict == Invalid {
		result.Reason = fmt.Sprintf("%s of %s, of up to %s", counted(overlaps, "overlap"), counted(total, "tenure"), brief(longest.Duration()))
	}
	result.Measures = []Measure{cell{}.measure("tenures", float64(total), Count), cell{}.measure("overlaps", float64(overlaps), Count),
		cell{}.measure("overlap", milliseconds(longest), Milliseconds), cell{}.measure("vacancy", milliseconds(vacancy), Milliseconds)}
	return result
}

// overlapsIn counts the tenures that began in another's, and finds the two that overlapped for longest, the first of
// several. Sorted by their beginning, each is compared with those still open; one that begins as the run ends overlaps nobody's.
func overlapsIn(list []tenure, end history.Time) (count int, longest history.Time, pair []tenure) {
	var open []tenure
	for _, next := range list {
		if next.from >= end {
			break
		}
		open = slices.DeleteFunc(open, func(t tenure) bool { return t.until <= next.from })
		found := false
		for _, before := range open {
			if before.shared && next.shared || before.client == next.client {
				continue
			}
			found = true
			if both := min(before.until, next.until, end) - next.from; pair == nil || both > longest {
				longest, pair = both, []tenure{before, next}
			}
		}
		if found {
			count++
		}
		open = append(open, next)
	}
	return count, longest, pair
}

func overlapping(name string, pair []tenure) *Witness {
	told := func(t tenure) string {
		mode, end := "", "to the end of the run"
		if t.shared {
			mode = ", shared"
		}
		if t.until != history.Forever {
			end = "until " + second(t.until)
		}
		return fmt.Sprintf("%s believed from %s %s that it held %s%s", t.client, second(t.from), end, name, mode)
	}
	return &Witness{Key: name, Operations: []history.Operation{}, Explanation: []string{told(pair[0]), told(pair[1]) + ", at the same time"}}
}

// gaps are the times, from an instant on to the end, before each tenure and after the last, in which nobody held something;
// 0 where there is none.
func gaps(list []tenure, from, end history.Time) (lengths []history.Time) {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b tenure) int { return cmp.Compare(a.from, b.from) })
	held := from
	for _, t := range sorted {
		lengths = append(lengths, max(0, min(t.from, end)-held))
		held = max(held, t.until)
	}
	return append(lengths, max(0, end-held))
}

// SomebodyHolds judges whether in the end everything is held that anybody takes part in, who has joined before and neither
// leaves nor dies: from Settle after the quiet phase began, it is nobody's for no longer than Allowed at a time.
//
//	quiet    Settle
//	  |--------|                c1 |==holds==   ...     invalid if that began later than Allowed after Settle
type SomebodyHolds struct {
	Settle, Allowed history.Time
	// Names are what is to be held; empty for all that ever was, whoever takes part.
	Names []string
}

// Name is "somebody-holds".
func (SomebodyHolds) Name() string { return "somebody-holds" }

// Check judges. It is Unknown if nothing was ever held, nobody took part, or the quiet phase is too short.
func (s SomebodyHolds) Check(h *history.History, _ Budget) Result {
	names, of := tenures(h)
	if len(s.Names) > 0 {
		names = s.Names
	}
	quiet, isQuiet := h.PhaseStart(history.Quiet)
	from := quiet + s.Settle
	switch {
	case len(names) == 0:
		return Result{Verdict: Unknown, Reason: "nobody ever said that it held anything"}
	case !isQuiet || from+s.Allowed > h.End():
		return Result{Verdict: Unknown, Reason: fmt.Sprintf("the run did not go on for %s after it was quiet", brief((s.Settle + s.Allowed).Duration()))}
	}
	judged := 0
	for _, name := range names {
		if len(s.Names) > 0 && len(throughout(attendance(h, name), from, h.End())) == 0 {
			continue
		}
		judged++
		if nobody := slices.Max(gaps(of[name], from, h.End())); nobody > s.Allowed {
			text := fmt.Sprintf("%s was held by nobody for %s, after %s, when all had been healed for %s",
				name, brief(nobody.Duration()), second(from), brief(s.Settle.Duration()))
			return Result{Verdict: Invalid, Reason: text, Witness: &Witness{Key: name, Operations: []history.Operation{}, Explanation: []string{text}}}
		}
	}
	if judged == 0 {
		return Result{Verdict: Unknown, Reason: "nobody took part to the end"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s held in the end", counted(judged, "thing"))}
}
