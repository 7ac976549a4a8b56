package checker

import (
	"cmp"
	"fmt"
	"slices"

	"cleave/history"
)

// Sequences judges the numbers that the system gives to the sequential children of a parent that is
// never removed. Of acknowledged creates:
//   - no two have one number;
//   - numbers come in the order of the zxids;
//   - one that was acknowledged before another was asked for has the lower number;
//   - none is lost: whoever lists the children as of some zxid is shown at least as many as had been
//     acknowledged with a zxid up to that, less those that may have been removed.
//
// Numbers may have gaps, and none is given again when its child is removed: no create may be refused
// because there is such a node.
//
//	c1 |--create s--| 7
//	c2                   |--create s--| 6     invalid: 7 had been given before
type Sequences struct{}

// Name is "sequences".
func (Sequences) Name() string { return "sequences" }

// Check judges. It is Unknown if nothing was created.
func (Sequences) Check(h *history.History, _ Budget) Result {
	parents, total := 0, 0
	for _, key := range h.Keys() {
		operations := h.ByKey(key)
		given := numbersIn(operations)
		if removed(h, key) {
			continue
		}
		if found := collision(operations); found != nil {
			return *found
		}
		if len(given) == 0 {
			continue
		}
		parents, total = parents+1, total+len(given)
		for _, judge := range []func([]sequel) *Result{doubled, outOfZxid, outOfTime} {
			if found := judge(slices.Clone(given)); found != nil {
				return *found
			}
		}
		if found := lostChild(operations, given, removals(h, key)); found != nil {
			return *found
		}
	}
	if total == 0 {
		return Result{Verdict: Unknown, Reason: "no sequential create was acknowledged"}
	}
	return Result{Verdict: Valid, Reason: fmt.Sprintf("%s under %s: unique, in order, none lost", counted(total, "number"), counted(parents, "parent"))}
}

// sequel is an acknowledged create and its number.
type sequel struct {
	*history.Operation
	number int64
}

func numbersIn(operations []history.Operation) []sequel {
	var given []sequel
	for i := range operations {
		operation := &operations[i]
		if number, isNumber := operation.Result.AsInteger(); isNumber && operation.Outcome == history.Ok && operation.Function == history.CreateSequential {
			given = append(given, sequel{operation, number})
		}
	}
	return given
}

// removed tells whether a parent may have been removed.
func removed(h *history.History, key string) bool {
	return slices.ContainsFunc(h.Operations, func(operation history.Operation) bool {
		return operation.Function == history.Remove && operation.Outcome != history.Fail && within(key, operation.Key)
	})
}

// removals are when children of a parent may have been removed, sorted.
func removals(h *history.History, key string) []history.Time {
	var times []history.Time
	for i := range h.Operations {
		operation := &h.Operations[i]
		if operation.Function == history.Remove && operation.Outcome != history.Fail && within(operation.Key, key) {
			times = append(times, operation.Invoked)
		}
	}
	return times // operations are in order of invocation
}

// collision looks for a create that was refused because of its name.
func collision(operations []history.Operation) *Result {
	for i := range operations {
		operation := &operations[i]
		if operation.Function != history.CreateSequential || operation.Outcome != history.Fail || operation.Error != "nodeExists" {
			continue
		}
		return &Result{Verdict: Invalid, Reason: "a sequential create was given a number that was taken",
			Witness: &Witness{Key: operation.Key, Operations: []history.Operation{*operation}, Explanation: []string{
				fmt.Sprintf("%s asked at %s for a number under %s, but was refused: a node of the name chosen for it was there (nodeExists)",
					operation.Client, second(operation.Invoked), operation.Key)}}}
	}
	return nil
}

func doubled(given []sequel) *Result {
	slices.SortFunc(given, func(a, b sequel) int { return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.ID, b.ID)) })
	for i := 1; i < len(given); i++ {
		if given[i].number == given[i-1].number {
			return misnumbered(given[i-1], given[i], fmt.Sprintf("the number %d was given twice", given[i].number), "that number had been given already")
		}
	}
	return nil
}

func outOfZxid(given []sequel) *Result {
	given = slices.DeleteFunc(given, func(n sequel) bool { return n.Version <= 0 })
	slices.SortStableFunc(given, func(a, b sequel) int { return cmp.Compare(a.Version, b.Version) })
	for i := 1; i < len(given); i++ {
		if one, next := given[i-1], given[i]; one.Version < next.Version && one.number > next.number {
			return misnumbered(one, next, "numbers are not in the order of the zxids",
				fmt.Sprintf("%d is less than %d, and its zxid %d is above %d", next.number, one.number, next.Version, one.Version))
		}
	}
	return nil
}

// outOfTime goes through the creates by invocation, beside those that had completed by then.
func outOfTime(given []sequel) *Result {
	finished := slices.Clone(given)
	slices.SortStableFunc(given, func(a, b sequel) int { return cmp.Compare(a.Invoked, b.Invoked) })
	slices.SortStableFunc(finished, func(a, b sequel) int { return cmp.Compare(a.Completed, b.Completed) })
	var highest *sequel
	next := 0
	for _, one := range given {
		for ; next < len(finished) && finished[next].Completed < one.Invoked; next++ {
			if highest == nil || finished[next].number > highest.number {
				highest = &finished[next]
			}
		}
		if highest != nil && highest.number > one.number {
			return misnumbered(*highest, one, "a later create was given a lower number",
				fmt.Sprintf("%d had been given by %s", highest.number, second(highest.Completed)))
		}
	}
	return nil
}

// misnumbered tells of two creates; why is what speaks against the second.
func misnumbered(one, other sequel, reason, why string) *Result {
	witness := &Witness{Key: one.Key, Operations: byInvocation([]history.Operation{*one.Operation, *other.Operation})}
	for i := range witness.Operations {
		sentence := tellNumber(&witness.Operations[i])
		if witness.Operations[i].ID == other.ID {
			sentence += ", but " + why
		}
		witness.Explanation = append(witness.Explanation, sentence)
	}
	return &Result{Verdict: Invalid, Witness: witness, Reason: reason}
}

func tellNumber(operation *history.Operation) string {
	return fmt.Sprintf("%s was given %s under %s at %s, zxid %d", operation.Client, operation.Result, operation.Key, during(*operation), operation.Version)
}

// lostChild looks for a listing that shows too few children.
func lostChild(operations []history.Operation, given []sequel, removals []history.Time) *Result {
	given = slices.DeleteFunc(slices.Clone(given), func(n sequel) bool { return n.Version <= 0 })
	slices.SortStableFunc(given, func(a, b sequel) int { return cmp.Compare(a.Version, b.Version) })
	for i := range operations {
		listing := &operations[i]
		seen, sees := glimpseOf(listing)
		children, isNumber := seen.value.AsInteger()
		if !sees || !seen.children || !isNumber || listing.Version <= 0 {
			continue
		}
		due, _ := slices.BinarySearchFunc(given, listing.Version+1, func(n sequel, zxid int64) int { return cmp.Compare(n.Version, zxid) })
		gone := lastAtMost(removals, listing.Completed) + 1
		if children < int64(due-gone) {
			return lostResult(listing, children, due, given[due-1])
		}
	}
	return nil
}

func lostResult(listing *history.Operation, children int64, due int, last sequel) *Result {
	witness := &Witness{Key: listing.Key, Operations: byInvocation([]history.Operation{*last.Operation, *listing})}
	for i := range witness.Operations {
		if witness.Operations[i].ID != listing.ID {
			witness.Explanation = append(witness.Explanation, tellNumber(last.Operation)+", the last of them")
			continue
		}
		witness.Explanation = append(witness.Explanation, fmt.Sprintf(
			"%s was shown %d of the children of %s%s at %s, as of zxid %d, but %s had been acknowledged up to that",
			listing.Client, children, listing.Key, by(listing.Node), during(*listing), listing.Version, counted(due, "create")))
	}
	return &Result{Verdict: Invalid, Witness: witness, Reason: "an acknowledged create is lost"}
}
