package checker

import (
	"time"

	"cleave/history"
)

// Newcomers measures whether those who register during a partition are found, on their own side and across it.
//
//	fault          ^two sides                                              ^healed
//	c1 (majority)     |--register a--|
//	c2 (majority)                         |--lookup = [a]--|                          a is found here
//	c3 (minority)                            |--lookup = []--|                        and not across
//
// A newcomer is an instance whose first registration was asked and acknowledged while nothing changed, with a side on
// which its client stood. It is found by a side when an ok lookup of a server, asked later by a client of that side
// before anything changed, lists it. Only newcomers that a side still looked for after Notice are counted: news takes
// its time.
//
// Measured, by the side of the newcomer:
//   - "newcomers": how many.
//   - "newcomers found here", "newcomers found across": the part of them that was found by its own side, and by
//     another.
//   - "newcomer found after max": from the acknowledgement to the completion of the first such lookup of its own
//     side.
//
// It is made for partitions of two sides. It judges nothing: Valid means that something was measured.
type Newcomers struct {
	Service string // the key of the lookups; "" for all
	Notice  time.Duration
}

// Name is "newcomers".
func (Newcomers) Name() string { return "newcomers" }

// Check measures.
func (n Newcomers) Check(h *history.History, budget Budget) Result {
	lookups, known := budget.Facts.inquiries(h, n.Service, history.Lookup), budget.Facts.registryOf(h)
	sides := budget.Facts.sidesOf(h)
	var arrivals table[arrival]
	count := 0
	for number := range known.instances {
		first := known.lives[number][0]
		during := sides.stretchAt(first.asked)
		side := sides.During(*first.register)
		if during.from <= 0 || during.until == history.Forever || first.ok >= during.until || side == Changing {
			continue
		}
		count++
		a := arrivals.at(cell{side: side})
		a.count++
		until := min(during.until, first.leaving)
		a.here.look(lookups, number, first.ok, until, first.ok+history.Time(n.Notice), func(of *inquiry) bool {
			return sides.During(*of.Operation) == side
		})
		a.across.look(lookups, number, first.ok, until, first.ok+history.Time(n.Notice), func(of *inquiry) bool {
			return sides.During(*of.Operation) != side
		})
	}
	if count == 0 {
		return Result{Verdict: Unknown, Reason: "nobody registered during a fault that changed who reaches whom"}
	}
	result := Result{Verdict: Valid, Reason: "measured on " + counted(count, "newcomer")}
	for _, c := range arrivals.sorted() {
		result.Measures = append(result.Measures, arrivals.at(c).measures(c)...)
	}
	return result
}

// arrival is what was found of the newcomers of a side, by the same side and by another.
type arrival struct {
	count        int
	here, across quest
}

// quest is how many were looked for and found, and how long that took at most.
type quest struct {
	looked, found int
	longest       history.Time
}

// look looks for a newcomer in some lookups between two instants. It counts if it was found, or should have been.
func (q *quest) look(lookups []inquiry, number int, from, until, due history.Time, counts func(*inquiry) bool) {
	overdue := false
	for i := range lookups {
		lookup := &lookups[i]
		if lookup.Invoked <= from || lookup.Completed >= until || !counts(lookup) {
			continue
		}
		if lookup.shows(number) {
			q.looked, q.found, q.longest = q.looked+1, q.found+1, max(q.longest, lookup.Completed-from)
			return
		}
		overdue = overdue || lookup.Invoked >= due
	}
	if overdue {
		q.looked++
	}
}

func (a *arrival) measures(c cell) []Measure {
	measures := []Measure{c.measure("newcomers", float64(a.count), Count)}
	if a.here.looked > 0 {
		measures = append(measures, c.measure("newcomers found here", ratio(a.here.found, a.here.looked), Ratio),
			c.measure("newcomer found after max", milliseconds(a.here.longest), Milliseconds))
	}
	if a.across.looked > 0 {
		measures = append(measures, c.measure("newcomers found across", ratio(a.across.found, a.across.looked), Ratio))
	}
	return measures
}
