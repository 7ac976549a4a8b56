package linear

import (
	"fmt"
	"strings"

	"cleave/checker/evidence"
	"cleave/history"
)

// collection tells a contradiction of a queue, a stack or a priority queue.
func (s story) collection() (culprit int, but string) {
	switch s.answer.Reason {
	case NeverPut:
		return s.unwritten()
	case TakenTwice:
		first, again := s.role(0), s.role(1)
		if s.invoked(again) < s.invoked(first) {
			first, again = again, first
		}
		return again, fmt.Sprintf("%s took it, too, and it was put in once", s.operations[first].Client)
	case TooEarly:
		put := s.operations[s.role(1)]
		return s.role(0), fmt.Sprintf("nobody had asked to put %s in before %s", put.Argument, evidence.Second(put.Invoked))
	case Gone:
		return s.role(1), fmt.Sprintf("%s had taken it by %s", s.client(0), evidence.Second(s.operations[s.role(0)].Completed))
	case Overtaken:
		return s.overtaken()
	case NotLeast:
		return s.role(0), "all the time something less was in: " + s.certain(s.answer.Roles[2:])
	case NotEmpty:
		return s.role(0), "all the time something was in: " + s.certain(s.answer.Roles[1:])
	case NotEnoughTakes:
		return s.role(1), s.shortage()
	}
	return none, "these values have no order in which each leaves before those beneath it: " + s.certain(s.answer.Roles)
}

// overtaken: the first value was put in before the second, and left after it, or never.
func (s story) overtaken() (int, string) {
	first := s.operations[s.role(0)]
	before := fmt.Sprintf("%s had been put in before it", first.Argument)
	if first.Completed < history.Forever {
		before += fmt.Sprintf(", by %s,", evidence.Second(first.Completed))
	}
	if s.role(3) < 0 {
		return s.role(2), before + " and was never taken"
	}
	last := s.operations[s.role(3)]
	return s.role(2), fmt.Sprintf("%s and was still there when %s asked at %s", before, last.Client, evidence.Second(last.Invoked))
}

// certain tells from when to when values were certainly in; roles are pairs of who shows it.
func (s story) certain(roles []int) string {
	parts := make([]string, s.answer.Count)
	for i := range parts {
		from, to := s.operations[roles[2*i]], roles[2*i+1]
		value, puts := broughtBy(from)
		if !puts {
			value = from.Result
		}
		parts[i] = fmt.Sprintf("%s from %s on", value, evidence.Second(from.Completed))
		if to >= 0 {
			parts[i] = fmt.Sprintf("%s from %s to %s", value, evidence.Second(from.Completed), evidence.Second(s.operations[to].Invoked))
		}
	}
	return strings.Join(parts, ", ")
}

func (s story) shortage() string {
	left := s.operations[s.role(0)].Argument
	if s.answer.Count == 0 {
		return fmt.Sprintf("%s was in its way, and nobody had asked in time to take it", left)
	}
	return fmt.Sprintf("%s and %d more values were in its way, and only %d who never learnt the outcome can have taken them in time",
		left, s.answer.Count, s.answer.Count)
}

// element tells a contradiction of a set.
func (s story) element() (int, string) {
	value := s.operations[s.role(0)].Argument
	switch {
	case s.answer.Reason == NeverAdded:
		return s.role(0), fmt.Sprintf("nobody had asked to add %s by then", value)
	case s.answer.Reason == Absent:
		return s.role(0), fmt.Sprintf("%s was certainly not in then", value)
	}
	return s.role(0), fmt.Sprintf("%s was certainly in then", value)
}

// count tells a contradiction of a counter.
func (s story) count() (int, string) {
	switch s.answer.Reason {
	case TooHigh:
		return s.role(0), fmt.Sprintf("all that had been asked to add by then makes %d", s.answer.Count)
	case NotMultiple:
		return s.role(0), fmt.Sprintf("every add was of %d", s.answer.Count)
	}
	if len(s.answer.Roles) > 1 && s.operations[s.role(1)].Function == history.Read {
		return s.role(0), fmt.Sprintf("it was %d at least by then, since %s had read %s by %s", s.answer.Count,
			s.client(1), s.operations[s.role(1)].Result, evidence.Second(s.operations[s.role(1)].Completed))
	}
	return s.role(0), fmt.Sprintf("adds acknowledged before it make %d", s.answer.Count)
}

// lock tells a contradiction of a lock.
func (s story) lock() (int, string) {
	switch s.answer.Reason {
	case NotHeld:
		return s.role(0), "it did not hold the lock"
	case HeldAlready:
		return s.role(1), fmt.Sprintf("it had got the lock by %s and not given it back", evidence.Second(s.operations[s.role(0)].Completed))
	case TwoHolders:
		return s.role(2), fmt.Sprintf("%s held it from %s %s", s.client(0), evidence.Second(s.operations[s.role(0)].Completed), s.until(s.role(1)))
	}
	from, to := "it was free from the start", "ever after"
	if s.role(1) >= 0 {
		from = fmt.Sprintf("%s had given it back by %s", s.client(1), evidence.Second(s.operations[s.role(1)].Completed))
	}
	if s.role(2) >= 0 {
		to = fmt.Sprintf("until %s asked for it at %s", s.client(2), evidence.Second(s.operations[s.role(2)].Invoked))
	}
	return s.role(0), fmt.Sprintf("%s, and nobody had it %s", from, to)
}

// until tells how long a lock was held for certain.
func (s story) until(role int) string {
	if role < 0 {
		return "on, and never gave it back"
	}
	return "to " + evidence.Second(s.operations[role].Invoked)
}
